"""Which promises of a year a report speaks of, and of which it says nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from zijing.commitments.models import Commitment
from zijing.commitments.worded import page_of, promises
from zijing.documents.answers import NAMED, Setting
from zijing.documents.composing import Composed, Number
from zijing.documents.source import Paragraph
from zijing.figures.known import find
from zijing.figures.models import Figure
from zijing.figures.queries import rows_of
from zijing.people.access import Actor
from zijing.records.models import Noun


@dataclass(frozen=True)
class Coverage:
    """The promises of a year: those a report speaks of by a number, those it names with what was stated of them, and
    those that are missing in it.
    """

    reported: tuple[Commitment, ...]
    stated: tuple[Commitment, ...]
    missing: tuple[Commitment, ...]

    @property
    def total(self) -> int:
        return len(self.reported) + len(self.stated) + len(self.missing)


def coverage(actor: Actor, year: int, composed: Composed, setting: Setting) -> Coverage:
    """A promise is reported where a number is its figure's, counts the records that it is counted by, or counts itself;
    it is stated where its own page is opened.

    A task is reported with what it is a part of. What counts more promises than can be named speaks of none of them.
    """
    spoken = [n for s in composed.sentences if s.kept for n in s.numbers]
    figures = {f.key for n in spoken for f in _figures(n)}
    counted = {f.kind.key for n in spoken for f in _figures(n) if f.kind}
    themselves, opened = _themselves(spoken, setting), _opened(composed)
    reported: list[Commitment] = []
    stated: list[Commitment] = []
    missing: list[Commitment] = []
    for one in promises(actor, year):
        if _told(one, figures, counted, themselves):
            reported.append(one)
        else:
            (stated if page_of(one) in opened else missing).append(one)
    return Coverage(tuple(reported), tuple(stated), tuple(missing))


def _opened(composed: Composed) -> set[str]:
    """The addresses that the text opens."""
    return {run.url for block in composed.blocks if isinstance(block, Paragraph) for run in block.runs}


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
