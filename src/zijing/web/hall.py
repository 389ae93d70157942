"""Walls in the hall: a page of large lines at a time, turning by itself, for a post or for a screen with a key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zijing.people.access import Actor, onlooker
from zijing.people.queries import office_of_screen
from zijing.places import clock
from zijing.places.models import Place
from zijing.web.access import ActingRequest, acting, without_post

LINES, SECONDS = 10, 20
# How often a wall turns while it shows what was asked for: five minutes, then it shows what it shows by itself.
TURNS = 15
L = TypeVar("L")
P = TypeVar("P")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Sheet(Generic[P]):
    """A page of a wall: its number, its address, whether it is the one shown, and what is on it."""

    number: int
    href: str
    here: bool
    on_it: P


@dataclass(frozen=True)
class Shown(Generic[P]):
    """What a wall has to show: its pages, and what its template is told; ``told(None)`` where there is no page.

    ``kept`` stays in the addresses of its pages for some minutes, such as the past week it shows.
    """

    pages: Sequence[P]
    told: Callable[[P | None], dict[str, Any]]
    kept: Mapping[str, object] = field(default_factory=dict)


def wall(
    address: str, template: str, read: Callable[[Actor, datetime, Mapping[str, str]], Shown[Any]]
) -> tuple[View, View]:
    """The two ways to a wall of what ``read`` finds: at its address for a post, by its key for a screen.

    ``read`` is told what the address asks for besides.

    ``template`` extends ``hall.html``. The security administrator issues and ends the key of a screen, which reads
    what its office's onlooker may; an ended or unknown key is 404.
    """

    def show(request: HttpRequest, actor: Actor, office: Place, base: str) -> HttpResponse:
        now = clock.now(office)
        shown = read(actor, now, request.GET.dict())
        number = chosen(shown.pages, request.GET.get("page", "1"))
        sheets = [
            Sheet(n, f"{base}?{urlencode({**shown.kept, 'page': n})}", n == number, page)
            for n, page in enumerate(shown.pages, 1)
        ]
        context = {
            "sheets": sheets,
            "next": following(sheets, number, base, request.GET.get("turn", "") if shown.kept else None),
            "seconds": SECONDS,
            "base": base,
            "office": office,
            "now": now,
            **shown.told(shown.pages[number - 1] if sheets else None),
        }
        return render(request, template, context)

    @acting
    def for_a_post(request: ActingRequest) -> HttpResponse:
        request.session.modified = True  # watching keeps the session of the screen alive
        return show(request, request.actor, request.office, reverse(address))

    @without_post
    @never_cache
    def for_a_screen(request: HttpRequest, key: str) -> HttpResponse:
        office = office_of_screen(key)
        if office is None:
            raise Http404
        return show(request, onlooker(office), office, request.path)

    return for_a_post, for_a_screen


def following(sheets: Sequence[Sheet[Any]], number: int, base: str, turned: str | None) -> str:
    """Where the wall turns to: its next page; after ``TURNS`` of what was asked for, back to the wall itself.

    ``turned`` is how often it did, as its address says; None while it shows what it shows by itself.
    """
    if not sheets:
        return base
    href = sheets[number % len(sheets)].href
    if turned is None:
        return href
    turn = 1 + (int(turned) if turned.isascii() and turned.isdigit() and len(turned) < 5 else 0)
    return f"{href}&turn={turn}" if turn < TURNS else base


def in_pages(lines: Sequence[L]) -> list[Sequence[L]]:
    """As few pages as hold the lines, all about as long."""
    pages = -(-len(lines) // LINES)
    size = -(-len(lines) // pages) if pages else 1
    return [lines[n : n + size] for n in range(0, len(lines), size)]


def chosen(pages: Sequence[object], text: str) -> int:
    """The number of the page asked for; a wall that has become shorter begins again."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return number if 1 <= number <= len(pages) else 1
