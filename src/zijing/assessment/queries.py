"""Reads of assessments: which version holds, and results with what they follow from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from zijing.assessment.definition import ItemSpec
from zijing.assessment.members import Subject, post_subject
from zijing.assessment.models import (
    Appeal,
    Consequence,
    Observation,
    Run,
    Scheme,
    SchemeVersion,
    Score,
    computed_anew,
)
from zijing.assessment.rules import nobody
from zijing.core.errors import Missing
from zijing.figures.counting import Scope
from zijing.figures.known import known
from zijing.figures.members import ENTRY, PLACE, UNIT, Member, rows_of
from zijing.figures.models import Figure
from zijing.figures.queries import show
from zijing.people.access import Actor
from zijing.places.models import Place

OWN = 12


def scheme_of(key: str) -> Scheme:
    """The scheme of this key; ``Missing`` when there is none."""
    found = Scheme.objects.filter(key=key).first()
    if found is None:
        raise Missing(_("There is no scheme “%(key)s”."), key=key)
    return found


def version_for(scheme: Scheme, office: Place, since: date) -> SchemeVersion:
    """The version a period is assessed by: the one it was assessed by before, else the one in force on its first day.

    An office's own version goes before the pack's while it is in force. ``Missing`` before the scheme begins.
    """
    before = Run.objects.filter(version__scheme=scheme, office=office, since=since, provisional=False)
    if last := before.select_related("version__scheme").order_by("-serial").first():
        return last.version
    held = SchemeVersion.objects.filter(Q(until=None) | Q(until__gte=since), scheme=scheme, since__lte=since)
    rows = held.filter(withdrawn_at=None).filter(Q(office=office) | Q(office=None)).select_related("scheme")
    found = max(rows, key=lambda v: (v.office_id is not None, v.since, v.number), default=None)
    if found is None:
        raise Missing(_("“%(scheme)s” does not hold on %(day)s yet."), scheme=str(scheme), day=since)
    return found


def version_of(actor: Actor, pk: int, key: str = "") -> SchemeVersion:
    """A version within sight, of the scheme ``key`` if one is named; ``Missing`` otherwise."""
    rows = SchemeVersion.objects.visible_to(actor).filter(pk=pk, **({"scheme__key": key} if key else {}))
    found = rows.select_related("scheme", "office").first()
    if found is None:
        raise Missing(_("There is no such version within your sight."))
    return found


def version_numbered(actor: Actor, key: str, number: int) -> SchemeVersion:
    """The version of a scheme with this number, within sight; ``Missing`` otherwise."""
    rows = SchemeVersion.objects.visible_to(actor).filter(scheme__key=key, number=number)
    found = rows.select_related("scheme", "office").first()
    if found is None:
        raise Missing(_("There is no such version within your sight."))
    return found


def latest_run(scheme: Scheme, office: Place, since: date, *, provisional: bool = False) -> Run | None:
    """The run of a period that holds: the last one."""
    rows = Run.objects.filter(version__scheme=scheme, office=office, since=since, provisional=provisional)
    return rows.select_related("version__scheme", "office").order_by("-serial").first()


def exempted(scheme: Scheme, office: Place, since: date) -> frozenset[tuple[str, int]]:
    """The members whose appeal against this period's score was accepted: the column that names each, and its id."""
    accepted = Appeal.objects.filter(
        status=Appeal.Status.ACCEPTED, score__run__version__scheme=scheme, score__run__office=office,
        score__run__since=since,
    )  # fmt: skip
    return frozenset(a.score.member for a in accepted.select_related("score"))


@dataclass(frozen=True)
class Newer:
    """The run that holds in place of a published one; ``seen``: whether whoever asks may read it."""

    run: Run
    seen: bool


def superseding(actor: Actor, run: Run) -> Newer | None:
    """The final run that holds in place of a published one, whose period was computed anew; None when it holds itself.

    What was published stays as it was and can be read; it only says what came after it.
    """
    newest = latest_run(run.version.scheme, run.office, run.since) if run.publication_id else None
    if newest is None or newest.serial <= run.serial:
        return None
    return Newer(newest, Run.objects.visible_to(actor).filter(pk=newest.pk).exists())


def runs_of(actor: Actor, scheme: Scheme | None = None) -> list[Run]:
    """The runs that hold, newest period first: of a period the last one within sight, with whether it was computed
    anew since it was published (``superseded``).
    """
    rows = Run.objects.visible_to(actor).select_related("version__scheme", "office", "publication")
    rows = rows.annotate(superseded=computed_anew())
    if scheme is not None:
        rows = rows.filter(version__scheme=scheme)
    found: dict[tuple[int, int, date, bool], Run] = {}
    for run in rows.order_by("-since", "version__scheme__key", "-serial"):
        found.setdefault((run.version.scheme_id, run.office_id, run.since, run.provisional), run)
    return list(found.values())


def run_of(actor: Actor, pk: int) -> Run:
    """A run within sight; ``Missing`` otherwise."""
    rows = Run.objects.visible_to(actor).select_related("version__scheme", "office", "publication")
    found = rows.annotate(superseded=computed_anew()).filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such assessment within your sight."))
    return found


def scores_of(run: Run, actor: Actor) -> list[Score]:
    """The scores of a run within sight, the best first; who has no rank comes last."""
    rows = Score.objects.visible_to(actor).filter(run=run)
    return list(rows.order_by(F("rank").asc(nulls_last=True), "label", "pk"))


def without_anyone(run: Run) -> list[tuple[Consequence.Type, str]]:
    """What the rules of a final run mean for nobody, because the best or the lowest cannot be told apart, and why."""
    if run.provisional:
        return []
    spec, scores = run.version.spec, list(Score.objects.filter(run=run).order_by("rank", "pk"))
    found = ((Consequence.Type(rule.type), nobody(rule, spec, scores)) for rule in spec.consequences)
    return [(type_, why) for type_, why in found if why]


def score_of(actor: Actor, pk: int) -> Score:
    """A score within sight with its run; ``Missing`` otherwise."""
    rows = Score.objects.visible_to(actor).select_related("run__version__scheme", "run__office", "run__publication")
    found = rows.select_related("entry").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such score within your sight."))
    return found


def own_scores(actor: Actor) -> list[Score]:
    """The scores of the actor's own post, the newest first."""
    if actor.post_id is None:
        return []
    rows = Score.objects.visible_to(actor).filter(post=actor.post_id, run__publication__isnull=False)
    rows = rows.annotate(superseded=computed_anew("run__"))
    found = rows.select_related("run__version__scheme", "run__publication").order_by("-run__since", "-run__serial")
    return list(found[:OWN])


@dataclass(frozen=True)
class Line:
    """An item of a score: its value as a reader reads it, what it is worth, and how sure it is where that is known."""

    item: ItemSpec
    figure: Figure | None
    shown: str
    n: int
    met: int | None
    low: float | None
    high: float | None
    points: Decimal | None


def lines_of(score: Score) -> list[Line]:
    """What a score follows from, item by item."""
    kept = {line["item"]: line for line in score.breakdown}
    return [_line(item, kept.get(item.key, {})) for item in score.run.version.spec.items]


def _line(item: ItemSpec, kept: Mapping[str, Any]) -> Line:
    figure = known(item.figure) if item.figure else None
    value = Decimal(kept["value"]) if kept.get("value") is not None else None
    plain = gettext("none") if value is None else f"{value:f}"
    return Line(
        item, figure, show(figure, value) if figure else plain, kept.get("n", 0), kept.get("met"), kept.get("low"),
        kept.get("high"), Decimal(kept["points"]) if kept.get("points") is not None else None,
    )  # fmt: skip


def rows_behind(score: Score, item: str, actor: Actor, at: datetime) -> tuple[Line, QuerySet[Any]]:
    """An item of a score and the records it counts today, within sight; ``Missing`` where no figure counts it."""
    line = next((x for x in lines_of(score) if x.item.key == item and x.figure), None)
    if line is None or line.figure is None:
        raise Missing(_("There is no such item."))
    run = score.run
    scope = Scope(actor, at, run.office, run.since, run.until)
    return line, rows_of(line.figure, subject_of(score).member, scope)


def subject_of(score: Score) -> Subject:
    """The member a score is of, as it is counted."""
    column, pk = score.member
    if column == "post" and score.post:
        return post_subject(score.post, score.run.office)
    by: dict[str, Member] = {"place": Member(PLACE, score.path), "unit": Member(UNIT, pk), "entry": Member(ENTRY, pk)}
    return Subject(column, pk, score.path, score.label, by[column])


@dataclass(frozen=True)
class Pending:
    """What waits for a person: proposals, appeals, and observation periods that run."""

    proposals: list[Consequence]
    appeals: list[Appeal]
    observations: list[Observation]


def pending(actor: Actor) -> Pending:
    """What waits for a decision within the actor's sight and office."""
    run = "score__run__version__scheme"
    mine = {"score__run__office": actor.office_id}
    proposals = Consequence.objects.visible_to(actor).filter(status=Consequence.Status.PROPOSED, **mine)
    appeals = Appeal.objects.visible_to(actor).filter(status=Appeal.Status.OPEN, **mine)
    observed = Observation.objects.visible_to(actor).filter(
        status=Observation.Status.RUNNING, consequence__score__run__office=actor.office_id
    )
    return Pending(
        list(proposals.select_related(run).order_by("-score__run__since", "pk")),
        list(appeals.select_related(run).order_by("made_at", "pk")),
        list(observed.select_related("consequence__score__run__version__scheme", "helper").order_by("until", "pk")),
    )


def consequences_of(score: Score) -> list[Consequence]:
    """What was proposed for a score, with the observation period where one was begun."""
    rows = Consequence.objects.filter(score=score).select_related("decided_by", "observation__helper")
    return list(rows.prefetch_related("observation__looks__by").order_by("pk"))
