"""What an order is answered with: the state and the last words of the case that stands for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zijing.cases.models import ENDED, Case, Stage, Step
from zijing.core.worktime import day_of
from zijing.people.models import Unit

# Whose words are the answer: of the end of a case, or else of what was reported as done.
WORDS = ("submit", "close", "refuse", "void")


@dataclass(frozen=True)
class Answer:
    """``result`` is closed, refused or open; an open case has no words and no day yet."""

    result: str
    text: str
    closed_on: date | None
    unit: str


def answers_of(cases: Iterable[Case]) -> dict[int, Answer]:
    """The answer to each of several cases, by id; what was merged is answered as the case that stands for it."""
    roots = _roots({case.pk: case for case in cases})
    ended = {case.pk for case in roots.values() if case.stage in ENDED}
    said = Step.objects.filter(case__in=ended, verb__in=WORDS).exclude(reason="").order_by("at", "pk")
    words = dict(said.values_list("case", "reason"))
    units = dict(Unit.objects.filter(pk__in={c.unit_id for c in roots.values()}).values_list("pk", "name"))
    return {
        pk: Answer(
            _result(case), words.get(case.pk, ""), day_of(case.closed_at) if case.closed_at else None,
            units.get(case.unit_id or 0, ""),
        )
        for pk, case in roots.items()
    }  # fmt: skip


def _result(case: Case) -> str:
    return {Stage.CLOSED: "closed", Stage.VOIDED: "refused"}.get(Stage(case.stage), "open")


def _roots(cases: dict[int, Case]) -> dict[int, Case]:
    """The case that stands for each; a query for each layer of what was merged."""
    while merged := {pk: c.merged_into_id for pk, c in cases.items() if c.merged_into_id}:
        above = Case.objects.in_bulk(set(merged.values()))
        cases = cases | {pk: above[into] for pk, into in merged.items()}
    return cases
