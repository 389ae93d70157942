"""The weekly ranking of projects, as arithmetic on facts: no database, no clock.

Planned percent at a day = weights of the stages whose planned end has passed, plus the planned share of the running
ones; actual percent = the same weights with reported shares. Score = actual - planned, in points of percent. Order:
score, then the earlier promised date, then the larger gain of the week; equals share a rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from zijing.core.worktime import working_days_between

TENTH = Decimal("0.1")
WHOLE = Decimal(100)


class StageFacts(NamedTuple):
    """A stage: its weight in percent of the project and its first and last planned day."""

    pk: int
    weight: Decimal
    planned_start: date
    planned_end: date


@dataclass(frozen=True)
class Facts:
    """What a project's standing follows from. Shares are percent of a stage, by stage."""

    pk: int
    promised_on: date
    stages: tuple[StageFacts, ...]
    shares: Mapping[int, Decimal]
    shares_before: Mapping[int, Decimal]
    last_report: date | None


@dataclass(frozen=True)
class Rule:
    """The limits of the ranking, from a pack."""

    green: Decimal = Decimal(-2)
    yellow: Decimal = Decimal(-10)
    report_limit: int = 1


@dataclass(frozen=True)
class Standing:
    """Where a project stands at a day. ``rank`` is None when it is listed apart, ``apart`` says why."""

    pk: int
    planned: Decimal
    actual: Decimal
    points: Decimal
    gain: Decimal
    light: str
    late: bool
    days_missing: int
    apart: str
    last_report: date | None = None
    rank: int | None = None


def planned_share(stage: StageFacts, on: date) -> Decimal:
    """The percent of a stage due at the end of ``on``: even over its planned days, both ends included."""
    if on < stage.planned_start:
        return Decimal(0)
    if on >= stage.planned_end:
        return WHOLE
    days = (stage.planned_end - stage.planned_start).days + 1
    return WHOLE * ((on - stage.planned_start).days + 1) / days


def weighted(stages: Iterable[StageFacts], shares: Mapping[int, Decimal]) -> Decimal:
    """The percent of a project from the percent of its stages, to a tenth."""
    total = sum([s.weight * shares[s.pk] for s in stages if s.pk in shares], Decimal(0)) / WHOLE
    return total.quantize(TENTH, ROUND_HALF_UP)


def planned_percent(stages: Sequence[StageFacts], on: date) -> Decimal:
    """The percent of a project that should be done at the end of ``on``, to a tenth."""
    return weighted(stages, {s.pk: planned_share(s, on) for s in stages})


def light(points: Decimal, *, late: bool, rule: Rule) -> str:
    """green, yellow or red; red whenever the promised date has passed unfinished."""
    if late or points < rule.yellow:
        return "red"
    return "green" if points >= rule.green else "yellow"


def stand(facts: Facts, *, on: date, through: date, rule: Rule) -> Standing:
    """One project's standing at ``on``; reports are expected for every working day until ``through``."""
    planned, actual = planned_percent(facts.stages, on), weighted(facts.stages, facts.shares)
    begins = min((s.planned_start for s in facts.stages), default=on)
    expected_from = facts.last_report or max(begins, date(on.year, 1, 1))
    missing = max(0, working_days_between(expected_from, through)) if begins <= on else 0
    late = on > facts.promised_on and actual < WHOLE
    if actual >= WHOLE:
        apart = "done"
    elif begins > on and facts.last_report is None:
        apart = "waiting"
    else:
        apart = "missing" if missing >= rule.report_limit else ""
    points = actual - planned
    return Standing(
        pk=facts.pk, planned=planned, actual=actual, points=points,
        gain=actual - weighted(facts.stages, facts.shares_before),
        light=light(points, late=late, rule=rule), late=late, days_missing=missing, apart=apart,
        last_report=facts.last_report,
    )  # fmt: skip


def rank(projects: Iterable[Facts], *, on: date, through: date, rule: Rule) -> list[Standing]:
    """Every project's standing: the ranked ones first, best to last, then those listed apart by days missing."""
    by_pk = {f.pk: f for f in projects}
    standings = [stand(f, on=on, through=through, rule=rule) for f in by_pk.values()]

    def key(s: Standing) -> tuple[Decimal, date, Decimal]:
        return -s.points, by_pk[s.pk].promised_on, -s.gain

    ranked = sorted((s for s in standings if not s.apart), key=lambda s: (*key(s), s.pk))
    result: list[Standing] = []
    for place, standing in enumerate(ranked, 1):
        tied = result and key(result[-1]) == key(standing)
        result.append(replace(standing, rank=result[-1].rank if tied else place))
    apart = sorted((s for s in standings if s.apart), key=lambda s: (-s.days_missing, s.pk))
    return result + apart
