"""Which promises of a year a report speaks of, and of which it says nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from zijing.commitments.models import Commitment
from zijing.documents.answers import NAMED, Setting
from zijing.documents.composing import Number
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.queries import rows_of
from zijing.people.access import Actor
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE, Noun

# Milestones are told by their projects; what has others below it is told by them.
SORTS = ("goal", "indicator", "task", "duty")


@dataclass(frozen=True)
class Coverage:
    """The promises of a year: those a report speaks of, and those that are missing in it."""

    reported: tuple[Commitment, ...]
    missing: tuple[Commitment, ...]

    @property
    def total(self) -> int:
        return len(self.reported) + len(self.missing)


def promises(actor: Actor, year: int) -> list[Commitment]:
    """The actor's office's promises due in a year that have none below them, in the order of their numbers."""
    kinds = [k.pk for k in every_kind().values() if k.definition.get("promise") in SORTS]
    below = Commitment.objects.filter(parent=OuterRef("pk")).exclude(stage__in=NOWHERE)
    mine = Commitment.objects.visible_to(actor).filter(office=actor.office_id, kind__in=kinds, deadline__year=year)
    rows = mine.exclude(stage__in=NOWHERE).filter(~Exists(below) | ~Q(kind__in=_goals()))
    return list(rows.select_related("kind").order_by("business_key", "pk"))


def _goals() -> list[int]:
    return [k.pk for k in every_kind().values() if k.definition.get("promise") == "goal"]


def coverage(actor: Actor, year: int, numbers: Iterable[Number], setting: Setting) -> Coverage:
    """A promise is reported where a number is its figure's, counts the records that it is counted by, or counts itself.

    A task is reported with what it is a part of. What counts more promises than can be named speaks of none of them.
    """
    spoken = list(numbers)
    figures = {f.key for n in spoken for f in _figures(n)}
    counted = {f.kind.key for n in spoken for f in _figures(n) if f.kind}
    themselves = _themselves(spoken, setting)
    reported: list[Commitment] = []
    missing: list[Commitment] = []
    for one in promises(actor, year):
        told = _told(one, figures, counted, themselves)
        (reported if told else missing).append(one)
    return Coverage(tuple(reported), tuple(missing))


def _told(one: Commitment, figures: Collection[str], counted: Collection[str], themselves: Collection[int]) -> bool:
    part_of_one = one.sort == "task" and one.parent_id in themselves
    return one.figure in figures or one.counts in counted or one.pk in themselves or part_of_one


def _figures(number: Number) -> list[Figure]:
    """The figures of a number, those that a share divides among them."""
    return [f for each in number.asked.figures for f in (each, *(find(k) for k in _divided(each)))]


def _divided(figure: Figure) -> Iterable[str]:
    return figure.inputs if figure.measure == Figure.Measure.SHARE else ()


def _themselves(numbers: Iterable[Number], setting: Setting) -> set[int]:
    """The promises that are counted themselves, few enough to be named."""
    found: set[int] = set()
    for number in numbers:
        asked = number.asked
        if asked.figure.counted_noun == Noun.COMMITMENT and asked.figure.measure != Figure.Measure.SHARE:
            rows = rows_of(asked.figure, setting.scope(asked.place, asked.spans[0]))
            ids = list(rows.order_by().values_list("pk", flat=True)[: NAMED + 1])
            found |= set(ids) if len(ids) <= NAMED else set()
    return found
