"""Reads of cases that need more than a queryset method."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Self

from django.db.models import Case as Choose, Count, F, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from zijing.cases.models import STEPS, Case, CaseQuerySet, Stage, Step
from zijing.core.worktime import Clock, Limit
from zijing.journal.models import JournalEntry
from zijing.people.access import Actor
from zijing.people.models import Assignment, Post
from zijing.records.filters import overdue
from zijing.records.kinds import every_kind
from zijing.records.models import Kind

# What names a case on a page, whose turn it is and until when.
NAMED = (
    "title", "stage", "due_at", "closed_at", "unit__name", "subject__title", "place__name", "timer__warned_at",
    "timer__alarm_at",
)  # fmt: skip
# What its next step is asked for with.
PRESSED = ("kind_id", "source", "revision", "fields", "handler_id", "recorded_at")

# What a line or card says of a case besides its own columns.
TOLD = ("kind", "unit", "subject", "place", "timer")
BY_DEADLINE = (F("due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class Work:
    """Open cases within an actor's sight at a moment: counted by the database, and only the first of them read."""

    rows: CaseQuerySet
    at: datetime

    def where(self, *conditions: Q, **known: Any) -> Self:
        """Those of them that also meet the conditions."""
        return type(self)(self.rows.filter(*conditions, **known), self.at)

    def of_kind(self, key: str) -> Self:
        return self.where(kind__key=key)

    def late(self) -> Self:
        """Those whose deadline has passed."""
        return self.where(overdue(self.at))

    def by(self, column: str, *marks: Q) -> dict[Any, tuple[int, ...]]:
        """How many there are, and how many of them meet each mark, for each value of a column; one query."""
        marked = {f"n{i}": Count("pk", filter=mark) for i, mark in enumerate(marks)}
        found = self.rows.order_by().values_list(column).annotate(n=Count("pk"), **marked)
        return {value: tuple(counted) for value, *counted in found}

    def by_kind(self, *marks: Q) -> dict[Kind, tuple[int, ...]]:
        """The same for each kind that occurs, in the order of the kinds."""
        found = self.by("kind", *marks)
        return {kind: found[kind.pk] for kind in every_kind().values() if kind.pk in found}

    def first(self, n: int, *order: Any) -> list[Case]:
        """The first ``n``, the nearest deadline first where ``order`` leaves it open, with what names them."""
        named = self.rows.select_related("unit", "subject", "place", "timer").only(*NAMED)
        return list(named.order_by(*order, *BY_DEADLINE)[:n])

    def spread(self, heaps: Mapping[str, Q]) -> dict[str, list[int]]:
        """The ids of the cases that meet each condition, the nearest deadline first; one query for all heaps.

        A case lies on the first heap that fits, and a heap without cases is left out.
        """
        if not heaps:
            return {}
        named = Choose(*(When(q, then=Value(key)) for key, q in heaps.items()), default=None)
        spread: dict[str, list[int]] = {key: [] for key in heaps}
        for heap, pk in self.rows.order_by(*BY_DEADLINE).annotate(heap=named).values_list("heap", "pk"):
            if heap:
                spread[heap].append(pk)
        return {key: ids for key, ids in spread.items() if ids}


def tops(heaps: Mapping[str, Sequence[int]], most: int) -> dict[str, list[Case]]:
    """The first ``most`` of each heap with what a line says of them and its button needs; one query for all heaps.

    Their kinds are known without the database.
    """
    ids = [pk for heap in heaps.values() for pk in heap[:most]]
    rows = Case.objects.filter(pk__in=ids).select_related("unit", "subject", "place", "timer").only(*NAMED, *PRESSED)
    cases, kinds = {case.pk: case for case in rows}, {kind.pk: kind for kind in every_kind().values()}
    for case in cases.values():
        case.kind = kinds[case.kind_id]
    return {key: [cases[pk] for pk in heap[:most]] for key, heap in heaps.items()}


def open_work(actor: Actor, at: datetime) -> Work:
    """The open cases within an actor's sight."""
    return Work(Case.objects.visible_to(actor).open(), at)


def these(actor: Actor, ids: Collection[int]) -> list[Case]:
    """Those of a few cases that the actor sees, the nearest deadline first, with what a line says of them."""
    if not ids:
        return []
    rows = Case.objects.tested_for(actor).filter(pk__in=list(ids))
    return list(rows.select_related(*TOLD).order_by(*BY_DEADLINE))


def last_done(cases: Iterable[Case]) -> dict[int, str]:
    """What was last reported as done, by case."""
    rows = Step.objects.filter(case__in=[c.pk for c in cases], verb="submit").order_by("at", "pk")
    return dict(rows.values_list("case", "reason"))


def explain(case: Case) -> str:
    """The deadline of a case and its reason in a sentence; in another whose class sets the limit that it was given."""
    due = case.timer.due()
    told = case.kind.limit_of(case.fields)
    if told is None or told.said != due.limit or due.at is None:
        return due.sentence()
    return gettext("%(sentence)s The limit is that of “%(class)s”.") % {"sentence": due.sentence(), "class": told.by}


def explain_turn(case: Case) -> str:
    """By when whoever's turn it is should have done its part, and why; "" where the stage has no limit."""
    due = case.timer.turn_due()
    rule = case.timer.stage_limit()
    if due is None:
        return ""
    source = rule.source if rule and rule.limit == case.timer.turn_limit() else ""
    said = gettext("%(step)s: %(sentence)s") % {
        "step": STEP_NAMES[STEPS[Stage(case.stage)]], "sentence": due.sentence(),
    }  # fmt: skip
    return gettext("%(said)s Rule: %(source)s") % {"said": said, "source": source} if source else said


# What is to be done at a stage within its limit, as packs name it.
STEP_NAMES: dict[str, Promise] = {
    "verify": _("To be verified"), "dispatch": _("To be dispatched"), "accept": _("To be accepted"),
    "handle": _("To be handled"), "check": _("To be checked"),
}  # fmt: skip

TURNS: dict[str, Promise] = {
    Stage.REPORTED: _("Waits to be verified."),
    Stage.FILED: _("Waits to be dispatched."),
    Stage.REOPENED: _("Waits to be dispatched."),
    Stage.DISPATCHED: _("%(unit)s should accept it or object."),
    Stage.HANDLING: _("%(unit)s is putting it right."),
    Stage.PARKED: _("Parked; %(unit)s goes on then."),
    Stage.CHECKING: _("Waits to be checked by someone other than the handler."),
    Stage.VOIDED: _("Voided: it counts nowhere."),
}


def turn_of(case: Case) -> str:
    """Whose turn it is, in a sentence."""
    if case.merged_into is not None:
        return gettext("Merged into “%(title)s”, which stands for it.") % {"title": case.merged_into.title}
    if case.stage == Stage.CLOSED:
        return gettext("Closed on time.") if case.closed_on_time else gettext("Closed after the deadline.")
    return str(TURNS[case.stage]) % {"unit": case.unit}


def timeline(case: Case) -> list[Step]:
    """Every step of a case, the oldest first: its filing, read from the case itself, and each move since."""
    moves = sorted(case.steps.select_related("post", "unit"), key=attrgetter("at", "pk"))
    if moves and moves[0].verb == "file":  # of a database of release 0.1.0
        return moves
    begun = ("receive", Stage.REPORTED) if case.kind.verified else ("file", Stage.FILED)
    filed = Step(case=case, verb=begun[0], to_stage=begun[1], post=case.recorded_by, at=case.recorded_at)
    first = moves[0].from_stage if moves else case.stage
    began = [filed, *([_received(case)] if first == Stage.DISPATCHED else [])]
    return sorted([*began, *moves, *_escalations(case)], key=attrgetter("at"))


def _escalations(case: Case) -> list[Step]:
    """To whom above it was told that the case is overdue, as the clock has noted."""
    entries = list(JournalEntry.objects.filter(
        subject_type=case._meta.label_lower, subject_id=case.pk,
        verb__in=("cases.escalated", "cases.stage_escalated"),
    ).order_by("seq"))  # fmt: skip
    told = {pk for entry in entries for pk in entry.changes["told"][1]["post"]}
    titles = dict(Post.objects.filter(pk__in=told).values_list("pk", "title")) if told else {}
    return [
        Step(case=case, verb=e.verb.rpartition(".")[2], at=e.happened_at, reason=_reason(e.changes, titles))
        for e in entries
    ]


def _reason(changes: dict[str, Any], titles: dict[int, str]) -> str:
    limit = Limit(changes["amount"][1], Clock(changes["clock"][1]))
    posts = [titles[pk] for pk in changes["told"][1]["post"]]
    if not posts:
        return gettext("Overdue for %(limit)s; nobody holds the posts above that see it.") % {"limit": limit}
    return gettext("Overdue for %(limit)s; told to %(posts)s.") % {"limit": limit, "posts": gettext(", ").join(posts)}


def _received(case: Case) -> Step:
    """The dispatch of a case that began with the unit its kind names."""
    leads = Assignment.objects.filter(subject_type="cases.case", subject_id=case.pk, part=Assignment.Part.LEAD)
    first = leads.select_related("unit").order_by("pk").first()
    return Step(
        case=case, verb="dispatch", from_stage=Stage.FILED, to_stage=Stage.DISPATCHED, at=case.recorded_at,
        unit=first.unit if first else None,
    )  # fmt: skip
