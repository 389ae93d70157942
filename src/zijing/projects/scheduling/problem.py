"""What is to be scheduled: works with durations and predecessors, stops, crews, promised dates.

Days are proleptic ordinals (``date.toordinal``). A work occupies ``[start, end)``; its days are counted without the
days of the stops that halt it, during which it pauses and keeps its crew. Faults are refused by name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

# The longest a work may take, and the farthest a schedule may reach, in days.
LONGEST, REACH = 2000, 6000


@dataclass(frozen=True, slots=True)
class Link:
    """What must have ended before a work begins, and how many days earlier at least."""

    after: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a work from going on before a day (a blocker): its key, what a reader calls it, the first day free."""

    key: str
    until: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A work: its days, the crew it needs and how many of them, what it waits for, which kinds of stop halt it.

    ``group`` is the project whose promised date it stands before; ``release`` the first day on which it may begin.
    """

    key: str
    days: int
    group: str = ""
    crew: str = ""
    size: int = 1
    after: tuple[Link, ...] = ()
    halted_by: frozenset[str] = frozenset()
    release: int = 0
    title: str = ""
    holds: tuple["Hold", ...] = ()

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return self.title or self.key

    @property
    def from_day(self) -> int:
        """The first day on which it may begin, what holds it counted."""
        return max([self.release, *(hold.until for hold in self.holds)])


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch of days, both ends included, on which the works that its kind halts stand still."""

    kind: str
    first: int
    last: int
    title: str = ""


@dataclass(frozen=True)
class Problem:
    """Everything a schedule follows from. ``today`` is the first day that can still be planned.

    ``crews`` says how many crews of a kind there are; a kind that is not named is unlimited. ``promised`` gives the
    last day by which a group is to be finished, ``weights`` as how many a day of it counts in the cost, by default one.
    """

    works: Sequence[Work]
    today: int
    stops: Sequence[Stop] = ()
    crews: Mapping[str, int] = field(default_factory=dict)
    promised: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_works(self.works, self.crews)
        for stop in self.stops:
            if stop.last < stop.first:
                raise Invalid(
                    _("The stop “%(stop)s” ends before it begins."), field="stop", stop=stop.title or stop.kind
                )
        order(self.works)


def _check_works(works: Iterable[Work], crews: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for work in works:
        if work.key in seen:
            raise Invalid(_("The work “%(work)s” stands twice."), field="work", work=work.name)
        seen.add(work.key)
        _check_days(work)
        if work.crew in crews and work.size > crews[work.crew]:
            text = _("“%(work)s” needs %(size)d crews of “%(crew)s”; there are %(number)d.")
            raise Invalid(text, field="crew", work=work.name, size=work.size, crew=work.crew, number=crews[work.crew])


def _check_days(work: Work) -> None:
    if work.days < 0:
        raise Invalid(_("“%(work)s” cannot take %(days)d days."), field="days", work=work.name, days=work.days)
    if work.days > LONGEST:
        text = _("“%(work)s” would take %(days)d days; the most is %(most)d.")
        raise Invalid(text, field="days", work=work.name, days=work.days, most=LONGEST)
    if work.size < 1:
        raise Invalid(_("“%(work)s” needs at least one crew."), field="crew", work=work.name)
    if any(link.lag < 0 for link in work.after):
        raise Invalid(_("“%(work)s” cannot wait a negative number of days."), field="after", work=work.name)


def order(works: Sequence[Work]) -> list[Work]:
    """The works, each after its predecessors; ``Invalid`` names a predecessor that is unknown, or a circle."""
    by_key = {w.key: w for w in works}
    for work in works:
        for link in work.after:
            if link.after not in by_key:
                text = _("“%(work)s” waits for “%(after)s”, which there is not.")
                raise Invalid(text, field="after", work=work.name, after=link.after)
    sorter = TopologicalSorter({w.key: [link.after for link in w.after] for w in works})
    try:
        return [by_key[key] for key in sorter.static_order()]
    except CycleError as error:
        chain = " → ".join(by_key[key].name for key in error.args[1])
        raise Invalid(_("Works wait for each other in a circle: %(chain)s."), field="after", chain=chain) from None


@dataclass(frozen=True)
class Plan:
    """When every work begins, and the first day after it, by key."""

    starts: Mapping[str, int]
    ends: Mapping[str, int]

    def finish(self, works: Iterable[Work]) -> dict[str, int]:
        """The last day of each group."""
        result: dict[str, int] = {}
        for work in works:
            result[work.group] = max(result.get(work.group, 0), self.ends[work.key] - 1)
        return result
