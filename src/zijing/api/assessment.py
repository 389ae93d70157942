"""Results of assessments, scores with what they follow from, and the appeal against the own one."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import Field

from zijing.api.auth import ApiRequest
from zijing.api.common import Body, Exact, Id, Moment, written
from zijing.assessment import queries
from zijing.assessment.actions import appeal, last_day
from zijing.assessment.models import Appeal
from zijing.assessment.trial import try_version
from zijing.core.errors import Refused
from zijing.people.access import Actor

# A version's number: what a database's small column can hold.
Number = Annotated[int, Field(ge=1, lt=2**15)]

router = Router(tags=["assessment"])


class RunOut(Schema):
    """A result: a scheme computed over a period by one of its versions. ``provisional``: the period was not over;
    ``superseded``: the period was computed anew since, and what was published stays readable.
    """

    id: int
    scheme: str
    version: int
    population: str
    since: date
    until: date
    members: int
    provisional: bool
    published: bool
    superseded: bool
    computed_at: Moment

    @staticmethod
    def resolve_scheme(r: Any) -> str:
        return str(r.version.scheme.key)

    @staticmethod
    def resolve_version(r: Any) -> int:
        return int(r.version.number)

    @staticmethod
    def resolve_population(r: Any) -> str:
        return str(r.version.scheme.population)

    @staticmethod
    def resolve_published(r: Any) -> bool:
        return r.publication_id is not None


class ScoreOut(Schema):
    """A member's score of 100: what the cases speak for (``low`` to ``high``, 95 %), the ranks that cannot be excluded,
    the group that cannot be told apart, and whether it is last beyond chance. None: nothing known.
    """

    id: int
    label: str
    total: Exact | None
    low: Exact | None
    high: Exact | None
    rank: int | None
    rank_from: int | None
    rank_to: int | None
    group: int | None
    moved: int | None
    last: bool
    vetoed: bool
    exempt: bool

    @staticmethod
    def resolve_group(s: Any) -> int | None:
        return s.grouping if isinstance(s.grouping, int) else None

    @staticmethod
    def resolve_exempt(s: Any) -> bool:
        return bool(s.exempt)


class ItemOut(Schema):
    """An item of a score: ``met`` of ``n`` for a rate, and its interval in per cent."""

    key: str
    title: str
    figure: str
    weight: Exact
    shown: str
    n: int
    met: int | None
    low: float | None
    high: float | None
    points: Exact | None


class NobodyOut(Schema):
    """A consequence that is proposed for nobody, because who is at the end of the table cannot be told apart."""

    type: str
    reason: str


class ResultOut(Schema):
    """A result with the scores within sight; ``superseded_by``: the result that holds in its place, if readable."""

    run: RunOut
    scores: list[ScoreOut]
    nobody: list[NobodyOut]
    superseded_by: int | None


class FollowsOut(Schema):
    """What was proposed for a score, and what a person decided."""

    id: int
    type: str
    status: str
    rule: str
    reason: str


class AppealedOut(Schema):
    """The appeal against a score, and its answer once there is one."""

    id: int
    status: str
    text: str
    reason: str


class DetailOut(Schema):
    """A score with its items, what follows from it, the appeal against it, and until when it may be appealed."""

    score: ScoreOut
    items: list[ItemOut]
    appeal_until: date | None
    consequences: list[FollowsOut]
    appeal: AppealedOut | None


class SideOut(Schema):
    """A member under one version."""

    total: Exact | None
    rank: int | None
    last: bool


class ComparedOut(Schema):
    """A member under both versions; ``gain`` in points, ``risen`` in ranks; None where one of them says nothing."""

    label: str
    before: SideOut
    after: SideOut
    gain: Exact | None
    risen: int | None


class FollowOut(Schema):
    """How many a consequence would be proposed for under either version."""

    type: str
    before: int
    after: int


class TrialOut(Schema):
    """A dry run: a period under the version that holds for it (``base``) and under another; nothing is stored."""

    scheme: str
    base: int
    version: int
    since: date
    until: date
    members: list[ComparedOut]
    follows: list[FollowOut]
    hidden: int


class AppealIn(Body):
    """What is wrong with the score."""

    text: str
    client_id: UUID | None = None


class AppealOut(Schema):
    """An appeal: open, accepted or refused."""

    id: int
    score: int
    status: str


def _reader(request: ApiRequest) -> Actor:
    actor = request.auth.actor
    if not (actor.may("assessment.read") or actor.may("assessment.run")):
        raise Refused(_("Your post (%(post)s) may not do this. Ask the office's administrator."), post=actor.title)
    return actor


@router.get("/assessments", response=list[RunOut], summary="Results of assessments within sight")
def assessments(request: ApiRequest) -> Any:
    """The newest period first; of a period the last run."""
    return queries.runs_of(_reader(request))


@router.get("/assessments/{id}", response=ResultOut, summary="A result with its scores")
def assessment(request: ApiRequest, id: Id) -> Any:
    """Every score within sight, the best first: of posts only the own one and those of posts below."""
    actor = _reader(request)
    run = queries.run_of(actor, id)
    newer = queries.superseding(actor, run)
    nobody = [{"type": type_, "reason": why} for type_, why in queries.without_anyone(run)]
    return {
        "run": run, "scores": queries.scores_of(run, actor), "nobody": nobody,
        "superseded_by": newer.run.pk if newer and newer.seen else None,
    }  # fmt: skip


@router.get("/scores/{id}", response=DetailOut, summary="A score, item by item")
def score(request: ApiRequest, id: Id) -> Any:
    """What it follows from and what follows from it, and until when it may be appealed."""
    actor = _reader(request)
    found = queries.score_of(actor, id)
    return {
        "score": found, "items": [_item(x) for x in queries.lines_of(found)], "appeal_until": last_day(found),
        "consequences": queries.consequences_of(found),
        "appeal": Appeal.objects.visible_to(actor).filter(score=found).first(),
    }  # fmt: skip


def _item(line: queries.Line) -> dict[str, Any]:
    item = line.item
    return {
        "key": item.key, "title": str(item.title), "figure": item.figure, "weight": item.weight, "shown": line.shown,
        "n": line.n, "met": line.met, "low": line.low, "high": line.high, "points": line.points,
    }  # fmt: skip


@router.get("/schemes/{key}/try", response=TrialOut, summary="A version of a scheme, tried on a period that is over")
def tried(request: ApiRequest, key: str, version: Number, day: date) -> Any:
    """The members from who gains most to who loses most, and how many would be named; ``version`` is its number.

    For who may compute assessments or make versions; of posts only for who may read their scores.
    """
    caller, actor = request.auth, _reader(request)
    found = queries.version_numbered(actor, key, version)
    trial = try_version(actor=actor, at=caller.at, office=caller.office, version=found, day=day)
    return {
        "scheme": key, "base": trial.base.number, "version": found.number, "since": trial.since, "until": trial.until,
        "members": trial.members, "follows": trial.follows, "hidden": trial.hidden,
    }  # fmt: skip


@router.post("/scores/{id}/appeal", response={201: AppealOut}, summary="Appeal against the own score")
def object_to(request: ApiRequest, id: Id, body: AppealIn) -> Any:
    """Within the days after publication that the scheme gives, once."""
    caller, found = request.auth, queries.score_of(_reader(request), id)

    def do() -> dict[str, Any]:
        made = appeal(actor=caller.actor, at=caller.at, score=found, text=body.text)
        return {"id": made.pk, "score": found.pk, "status": made.status}

    return written(request, caller, body.client_id, do, status=201)
