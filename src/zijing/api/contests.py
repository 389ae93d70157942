"""Contests between projects."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from zijing.api.auth import ApiRequest
from zijing.api.common import Exact, Ref, ref
from zijing.core.errors import Missing
from zijing.projects.queries.contests import Contest, contest_standing, contests

router = Router(tags=["projects"])


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
    """Where the projects within sight stand in a contest at the end of ``on``."""

    contest: ContestOut
    on: date
    over: bool
    ranked: list[EntrantOut]
    apart: list[EntrantOut]


def found(key: str) -> Contest:
    one = next((c for c in contests() if c.key == key), None)
    if one is None:
        raise Missing(_("There is no such contest."))
    return one


@router.get("/contests", response=list[ContestOut], summary="The contests of the pack")
def all_contests(request: ApiRequest) -> Any:
    return contests()


@router.get("/contests/{key}", response=ContestStandingOut, summary="Where projects stand in a contest")
def contest(request: ApiRequest, key: str) -> Any:
    """Ranks are those among all that take part, also where the caller sees only some."""
    return contest_standing(request.auth.actor, found(key), request.auth.today)
