"""The board on the wall of the hall: a page of large lines at a time, turning by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zijing.projects.queries import Board, Line, board, monday
from zijing.web.access import ActingRequest, acting
from zijing.web.projects.board import Week
from zijing.web.projects.rows import counts, rows

LINES, FEW, SOME, NAMES = 10, 4, 18, 40
SECONDS = 20


@dataclass(frozen=True)
class Sheet:
    """A page of the wall: ranked lines, or those listed apart."""

    number: int = 0
    ranked: Sequence[Line] = ()
    missing: Sequence[Line] = ()
    waiting: Sequence[Line] = ()
    done: Sequence[Line] = ()

    @property
    def href(self) -> str:
        return f"{reverse('wall')}?page={self.number}"

    @property
    def apart(self) -> list[Line]:
        return [*self.missing, *self.waiting, *self.done]


def sheets(shown: Board) -> list[Sheet]:
    """The board cut into pages: the ranking, then those listed apart, on one page if they fit."""
    cut = [Sheet(ranked=lines) for lines in _cut(shown.lines)]
    others = Sheet(waiting=shown.waiting[:NAMES], done=shown.done[: NAMES - len(shown.waiting[:NAMES])])
    if len(shown.unranked) <= FEW and len(others.apart) <= SOME:
        cut.append(replace(others, missing=shown.unranked))
    else:
        cut += [Sheet(missing=lines) for lines in _cut(shown.unranked)] + [others]
    return [replace(sheet, number=n) for n, sheet in enumerate((s for s in cut if s.ranked or s.apart), 1)]


def _cut(lines: list[Line]) -> list[list[Line]]:
    """As few pages as hold the lines, all about as long."""
    pages = -(-len(lines) // LINES)
    size = -(-len(lines) // pages) if pages else 1
    return [lines[n : n + size] for n in range(0, len(lines), size)]


def chosen(all_sheets: list[Sheet], text: str) -> int:
    """The index of the page asked for; a board that has become shorter begins again."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return number - 1 if 1 <= number <= len(all_sheets) else 0


def following(all_sheets: list[Sheet], index: int) -> str:
    """The address of the page after this one; after the last comes the first."""
    return all_sheets[(index + 1) % len(all_sheets)].href if all_sheets else reverse("wall")


@acting
def wall_page(request: ActingRequest) -> HttpResponse:
    """One page of the running week's board. Watching keeps the session of the screen alive."""
    request.session.modified = True
    week = Week(monday(request.today), request.today)
    shown = board(request.actor, week.on)
    pages = sheets(shown)
    index = chosen(pages, request.GET.get("page", "1"))
    sheet = pages[index] if pages else Sheet()
    context = {
        "week": week,
        "board": shown,
        "sheets": pages,
        "sheet": sheet,
        "rows": rows(sheet.ranked or sheet.missing, week.on),
        "counts": counts(shown.lines),
        "next": following(pages, index),
        "seconds": SECONDS,
    }
    return render(request, "projects/wall.html", context)
