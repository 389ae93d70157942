"""The board on the wall of the hall: a page of large lines at a time, turning by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from zijing.core.worktime import day_of
from zijing.people.access import Actor, onlooker
from zijing.people.queries import office_of_screen
from zijing.places import clock
from zijing.places.models import Place
from zijing.projects.queries import Board, Line, board, monday
from zijing.web.access import ActingRequest, acting, without_post
from zijing.web.projects.board import Week
from zijing.web.projects.rows import counts, rows

LINES, FEW, SOME, NAMES = 10, 4, 18, 40
SECONDS = 20
L = TypeVar("L")


@dataclass(frozen=True)
class Sheet:
    """A page of the wall: ranked lines, or those listed apart."""

    number: int = 0
    ranked: Sequence[Line] = ()
    missing: Sequence[Line] = ()
    waiting: Sequence[Line] = ()
    done: Sequence[Line] = ()
    base: str = ""

    @property
    def href(self) -> str:
        return f"{self.base}?page={self.number}"

    @property
    def apart(self) -> list[Line]:
        return [*self.missing, *self.waiting, *self.done]


def sheets(shown: Board, base: str = "/board/wall/") -> list[Sheet]:
    """The board cut into pages at ``base``: the ranking, then those listed apart, on one page if they fit."""
    cut = [Sheet(ranked=lines) for lines in in_pages(shown.lines)]
    others = Sheet(waiting=shown.waiting[:NAMES], done=shown.done[: NAMES - len(shown.waiting[:NAMES])])
    if len(shown.unranked) <= FEW and len(others.apart) <= SOME:
        cut.append(replace(others, missing=shown.unranked))
    else:
        cut += [Sheet(missing=lines) for lines in in_pages(shown.unranked)] + [others]
    return [replace(sheet, number=n, base=base) for n, sheet in enumerate((s for s in cut if s.ranked or s.apart), 1)]


def in_pages(lines: list[L]) -> list[list[L]]:
    """As few pages as hold the lines, all about as long."""
    pages = -(-len(lines) // LINES)
    size = -(-len(lines) // pages) if pages else 1
    return [lines[n : n + size] for n in range(0, len(lines), size)]


def chosen(all_sheets: Sequence[object], text: str) -> int:
    """The index of the page asked for; a board that has become shorter begins again."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return number - 1 if 1 <= number <= len(all_sheets) else 0


def following(all_sheets: list[Sheet], index: int) -> str:
    """The address of the page after this one; after the last comes the first."""
    return all_sheets[(index + 1) % len(all_sheets)].href if all_sheets else ""


@acting
def wall_page(request: ActingRequest) -> HttpResponse:
    """One page of the running week's board. Watching keeps the session of the screen alive."""
    request.session.modified = True
    return _show(request, request.actor, request.office, reverse("wall"))


@without_post
@never_cache
def screen_page(request: HttpRequest, key: str) -> HttpResponse:
    """The wall for a screen with a key and without an account; an ended or unknown key is 404.

    It reads this board of its office, and the public lists; the security administrator issues and ends the key.
    """
    office = office_of_screen(key)
    if office is None:
        raise Http404
    return _show(request, onlooker(office), office, request.path)


def _show(request: HttpRequest, actor: Actor, office: Place, base: str) -> HttpResponse:
    now = clock.now(office)
    week = Week(monday(day_of(now)), day_of(now))
    shown = board(actor, week.on)
    pages = sheets(shown, base)
    index = chosen(pages, request.GET.get("page", "1"))
    sheet = pages[index] if pages else Sheet()
    context = {
        "week": week,
        "board": shown,
        "sheets": pages,
        "sheet": sheet,
        "rows": rows(sheet.ranked or sheet.missing, week.on),
        "counts": counts(shown.lines),
        "next": following(pages, index) or base,
        "seconds": SECONDS,
        "office": office,
        "now": now,
        "opens": actor.post_id is not None,
    }
    return render(request, "projects/wall.html", context)
