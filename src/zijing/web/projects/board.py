"""The board of a week: who stands where, why, what was published, and what is proposed to follow."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.core.worktime import DAY
from zijing.figures.models import Publication
from zijing.people.access import Actor
from zijing.projects.models import Consequence, titles_of
from zijing.projects.queries import (
    RANKING,
    WEEK,
    board_of_week,
    consequences_to_decide,
    known_type,
    last_day,
    limits_of,
    monday,
)
from zijing.projects.queries.chances import chances
from zijing.projects.queries.contests import contests_of
from zijing.web.access import ActingRequest, acting
from zijing.web.projects.rows import counts, rows

OLDEST = date(2000, 1, 3)


@dataclass(frozen=True)
class Week:
    """The week shown, its neighbours, and whether it is still running."""

    start: date
    today: date

    @property
    def end(self) -> date:
        return self.start + DAY * 6

    @property
    def on(self) -> date:
        """The last day counted."""
        return last_day(self.start, self.today)

    @property
    def running(self) -> bool:
        return self.end > self.today

    @property
    def previous(self) -> date:
        return self.start - WEEK

    @property
    def next(self) -> date | None:
        return self.start + WEEK if self.start + WEEK <= self.today else None


def week_named(text: str, today: date) -> Week:
    """The week an address names by any of its days, by default the running one; ``Invalid`` when it is none."""
    if not text:
        return Week(monday(today), today)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            _("“%(text)s” is no day. Choose a day of the week you want to see."), field="week", text=text[:20]
        ) from error
    if not OLDEST <= day <= monday(today) + DAY * 6:
        raise Invalid(_("There is no ranking of the week of %(day)s."), field="week", day=day)
    return Week(monday(day), today)


@acting
def board_page(request: ActingRequest) -> HttpResponse:
    """The ranking of a week within the reader's sight."""
    week, type_ = week_named(request.GET.get("week", ""), request.today), known_type(request.GET.get("type", ""))
    past = board_of_week(request.actor, week.on, type_, recount=request.GET.get("recount") == "yes")
    shown = past.board
    odds = chances([x.project.pk for x in shown.all_lines], week.on)
    offered = {type_, *(line.project.type for line in shown.everywhere)}
    context = {
        "week": week,
        "board": shown,
        "rows": rows(shown.lines, week.on, odds),
        "unranked": rows(shown.unranked, week.on, odds),
        "done": rows(shown.done, week.on),
        "waiting": rows(shown.waiting, week.on),
        "counts": counts(shown.lines),
        "types": [(key, title) for key, title in titles_of("type").items() if key in offered],
        "type": type_,
        "limits": limits_of(shown.rule),
        "last_published": None if shown.published else last_published(request.actor, week.start),
        "past": past,
        "changes": past.changes,
        "contests": contests_of(shown.rule),
        **to_decide(request.actor),
    }
    return render(request, "projects/board.html", context)


def last_published(actor: Actor, before: date) -> Publication | None:
    """The newest publication of a week before ``before``."""
    rows = Publication.objects.visible_to(actor).filter(office=actor.office_id, key=RANKING, period__lt=before)
    return rows.order_by("-period").first()


def to_decide(actor: Actor) -> dict[str, Any]:
    """The proposals nobody has decided, by week, for those who may decide; the newest week apart from older ones."""
    if not actor.may("projects.consequence"):
        return {}
    items: list[Consequence] = consequences_to_decide(actor)
    weeks = [(week, list(found)) for week, found in groupby(items, lambda c: c.week)]
    return {"proposed": weeks[:1], "proposed_before": weeks[1:], "waiting_decision": len(items)}
