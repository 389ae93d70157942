"""The board on the wall of the hall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zijing.core.worktime import day_of
from zijing.people.access import Actor
from zijing.projects.queries import Board, Line, board_of_week
from zijing.web.hall import Shown, in_pages, wall
from zijing.web.projects.board import week_named
from zijing.web.projects.rows import counts, rows

FEW, SOME, NAMES = 4, 18, 40


@dataclass(frozen=True)
class Page:
    """A page of the board: ranked lines, or those listed apart."""

    ranked: Sequence[Line] = ()
    missing: Sequence[Line] = ()
    waiting: Sequence[Line] = ()
    done: Sequence[Line] = ()

    @property
    def apart(self) -> list[Line]:
        return [*self.missing, *self.waiting, *self.done]


def pages(shown: Board) -> list[Page]:
    """The board cut into pages: the ranking, then those listed apart, on one page if they fit."""
    cut = [Page(ranked=lines) for lines in in_pages(shown.lines)]
    others = Page(waiting=shown.waiting[:NAMES], done=shown.done[: NAMES - len(shown.waiting[:NAMES])])
    if len(shown.unranked) <= FEW and len(others.apart) <= SOME:
        cut.append(replace(others, missing=shown.unranked))
    else:
        cut += [Page(missing=lines) for lines in in_pages(shown.unranked)] + [others]
    return [page for page in cut if page.ranked or page.apart]


def read(actor: Actor, now: datetime, asked: Mapping[str, str]) -> Shown[Page]:
    """The board of the running week, or of a past one as published; only a post has pages of projects to open."""
    week = week_named(asked.get("week", ""), day_of(now))
    past = board_of_week(actor, week.on)
    shown = past.board

    def told(page: Page | None) -> dict[str, Any]:
        page = page or Page()
        return {
            "week": week,
            "board": shown,
            "past": past,
            "page": page,
            "rows": rows(page.ranked or page.missing, week.on),
            "counts": counts(shown.lines),
            "opens": actor.post_id is not None,
        }

    return Shown(pages(shown), told, {"week": week.start} if week.next else {})


wall_page, screen_page = wall("wall", "projects/wall.html", read)
