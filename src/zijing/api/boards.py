"""The board of a week, and contests between projects."""

from datetime import date
from typing import Any

from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Exact, Moment, Ref, ref
from zijing.api.projects import LineOut
from zijing.projects import queries
from zijing.projects.queries.contest_results import results
from zijing.projects.queries.contests import contest_of, contests

router = Router(tags=["projects"])


class ChangeOut(Schema):
    """A project that stands elsewhere today than was published: ``then`` as published, ``now`` counted anew."""

    project: Ref
    then: dict[str, Any] | None
    now: LineOut | None

    @staticmethod
    def resolve_project(c: Any) -> Any:
        return {"id": c.project.pk, "name": str(c.project)}


class BoardOut(Schema):
    """The ranking of a week, counted until the end of ``on``. Unranked lines are listed apart with the days missing.

    ``as_published`` says whether the lines are the frozen ones; ``changes`` is the difference to a recount of today.
    """

    week_start: date
    on: date
    published: bool
    as_published: bool
    changed_since: int
    changes: list[ChangeOut]
    lines: list[LineOut]
    unranked: list[LineOut]
    waiting: list[LineOut]
    done: list[LineOut]


class PrizeOut(Schema):
    """What the projects up to a place are given."""

    to: int
    title: str


class ContestOut(Schema):
    """A contest of the pack. ``outcome``: points ahead of plan, gain of points, or share of the year's investment."""

    key: str
    title: str
    since: date
    until: date
    outcome: str
    types: list[str]
    levels: list[str]
    prizes: list[PrizeOut]
    named_last: int
    naming: str

    @staticmethod
    def resolve_prizes(c: Any) -> Any:
        return [{"to": to, "title": title} for to, title in c.prizes]


class EntrantOut(Schema):
    """A project in a contest: its outcome, and what it follows from. Amounts in fen; ``apart``: done, silent, empty."""

    project: Ref
    rank: int | None
    outcome: Exact
    was: Exact
    now: Exact
    planned_was: Exact
    planned_now: Exact
    invested: int
    plan: int
    apart: str
    prize: str

    @staticmethod
    def resolve_project(e: Any) -> Any:
        return ref(e.project.entry)


class ContestStandingOut(Schema):
    """Where the projects within sight stand in a contest at the end of ``on``; as published if it was."""

    contest: ContestOut
    on: date
    over: bool
    ranked: list[EntrantOut]
    apart: list[EntrantOut]
    published_at: Moment | None


@router.get("/board", response=BoardOut, summary="The weekly ranking")
def board(request: ApiRequest, week: date | None = None, type: str = "", recount: bool = False) -> Any:
    """``week`` is any day of the week meant; without it the running week, counted until today. A published week comes
    as it was published, unless ``recount`` asks for today's records.
    """
    caller = request.auth
    day, wanted = queries.last_day(week or caller.today, caller.today), queries.known_type(type)
    past = queries.board_of_week(caller.actor, day, wanted, recount=recount)
    return vars(past.board) | {
        "published": past.board.published is not None, "changed_since": past.board.changed_since,
        "as_published": past.as_published, "changes": past.changes,
    }  # fmt: skip


@router.get("/contests", response=list[ContestOut], summary="The contests of the pack")
def all_contests(request: ApiRequest) -> Any:
    return contests()


@router.get("/contests/{key}", response=ContestStandingOut, summary="Where projects stand in a contest")
def contest(request: ApiRequest, key: str) -> Any:
    """Ranks are those among all that take part, also where the caller sees only some."""
    return results(request.auth.actor, contest_of(key), request.auth.today)
