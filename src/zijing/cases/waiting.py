"""What waits for a post to do now, by next step, in the order of deadlines."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zijing.cases.access import may_decide
from zijing.cases.models import Case, Plea, Share, Stage
from zijing.cases.queries import Work, open_work, these, tops
from zijing.people.access import Actor


@dataclass(frozen=True)
class Turn:
    """A step that cases wait for, by whom: ``right``, and in an own turn the post's unit. ``move`` is its verb."""

    move: str
    label: Promise
    right: str
    stages: tuple[Stage, ...]
    whose: Callable[[Actor], Q] = lambda _actor: Q()


def _own(actor: Actor) -> Q:
    return Q(unit=actor.unit_id, unit__isnull=False)


def _of_others(actor: Actor) -> Q:
    """Who handled a case does not check it."""
    return Q(handler=None) | ~Q(handler=actor.post_id)


TURNS = (
    Turn("verify", _("To verify"), "cases.dispatch", (Stage.REPORTED,)),
    Turn("dispatch", _("To dispatch"), "cases.dispatch", (Stage.FILED, Stage.REOPENED)),
    Turn("accept", _("To accept"), "cases.handle", (Stage.DISPATCHED,), _own),
    Turn("submit", _("To handle"), "cases.handle", (Stage.HANDLING,), _own),
    Turn("close", _("To check"), "cases.check", (Stage.CHECKING,), _of_others),
)
ANSWER, DECIDE = "answer", "decide"
ASKED = {ANSWER: _("To answer for another unit's case"), DECIDE: _("To decide")}


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: a case for its next step, or what is asked about it."""

    case: Case
    plea: Plea | None = None
    share: Share | None = None


@dataclass(frozen=True)
class Pile:
    """What waits for one step: how many things, and the first of them, the nearest deadline first."""

    step: str
    label: Promise
    n: int
    first: list[Waiting]


def piles(actor: Actor, at: datetime, *, most: int, only: str = "") -> list[Pile]:
    """What waits for the actor, by next step in the order of the loop; no pile where nothing waits.

    ``most`` of each are read, the rest counted; ``only`` one step.
    """
    return _steps(actor, open_work(actor, at), most, only) + asked(actor, most, only)


def asked(actor: Actor, most: int, only: str = "") -> list[Pile]:
    """What others ask the actor for: its unit's part in their cases, and its decision."""
    reads = ((ANSWER, shares_of), (DECIDE, pleas_of))
    found = [(step, read(actor)) for step, read in reads if only in {"", step}]
    return [Pile(step, ASKED[step], len(rows), rows[:most]) for step, rows in found if rows]


def _steps(actor: Actor, work: Work, most: int, only: str) -> list[Pile]:
    turns = [t for t in TURNS if actor.may(t.right) and only in {"", t.move}]
    found = work.spread({t.move: Q(stage__in=t.stages) & t.whose(actor) for t in turns})
    first = tops(found, most)
    return [
        Pile(t.move, t.label, len(found[t.move]), [Waiting(case) for case in first[t.move]])
        for t in turns
        if t.move in found
    ]


def shares_of(actor: Actor) -> list[Waiting]:
    """What the actor's unit was asked for by others and has not answered, the nearest deadline first."""
    if not actor.may("cases.handle") or actor.unit_id is None:
        return []
    asked = {s.case_id: s for s in Share.objects.filter(unit=actor.unit_id, answered_at=None)}
    return [Waiting(case, share=asked[case.pk]) for case in these(actor, asked)]


def pleas_of(actor: Actor) -> list[Waiting]:
    """What others asked for and this actor may decide, the nearest deadline of their cases first."""
    if not actor.may("cases.grant"):
        return []
    asked = defaultdict[int, list[Plea]](list)
    for plea in Plea.objects.filter(granted=None).select_related("asked_by").order_by("pk"):
        if may_decide(plea, actor):
            asked[plea.case_id].append(plea)
    return [Waiting(case, plea=plea) for case in these(actor, asked) for plea in asked[case.pk]]
