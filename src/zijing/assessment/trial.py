"""A dry run: a period that is over under two versions of a scheme, side by side. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zijing.assessment.computing import Result, compute
from zijing.assessment.definition import SchemeSpec
from zijing.assessment.marking import marks_of
from zijing.assessment.models import READ_POSTS, RUN, Consequence, Scheme, SchemeVersion
from zijing.assessment.queries import exempted, version_for
from zijing.assessment.rules import meant
from zijing.core.errors import Invalid, Refused
from zijing.core.worktime import DAY, day_of
from zijing.figures.periods import first_of, last_of
from zijing.people.access import Actor, require, require_office
from zijing.places.models import Place

WRITE = "assessment.write"
PERIODS = 12


@dataclass(frozen=True)
class Side:
    """A member under one version."""

    total: Decimal | None
    rank: int | None
    exempt: str
    vetoed: bool
    last: bool
    below: bool
    above: bool


@dataclass(frozen=True)
class Compared:
    """A member under both versions; ``gain`` in points, None where one of them says nothing."""

    column: str
    pk: int
    label: str
    before: Side
    after: Side
    gain: Decimal | None
    risen: int | None


@dataclass(frozen=True)
class Follow:
    """How many a consequence would be proposed for under either version."""

    type: Consequence.Type
    before: int
    after: int


@dataclass(frozen=True)
class Trial:
    """A period under the version that holds for it (``base``) and another; members from who gains most to who loses
    most; ``hidden`` ones are out of sight.
    """

    base: SchemeVersion
    version: SchemeVersion
    since: date
    until: date
    members: list[Compared]
    follows: list[Follow]
    hidden: int


def past_periods(scheme: Scheme, today: date) -> list[date]:
    """The first days of the last periods that are over, the newest first."""
    found: list[date] = []
    day = first_of(today, scheme.period)
    while len(found) < PERIODS and (day := first_of(day - DAY, scheme.period)) >= scheme.since:
        found.append(day)
    return found


def try_version(*, actor: Actor, at: datetime, office: Place, version: SchemeVersion, day: date) -> Trial:
    """What a version would have made of the period that holds ``day``, beside what holds for it. Nothing is stored.

    For who may compute or make versions; of posts only for who may read their scores. ``Invalid`` for a period that is
    not over.
    """
    if not actor.may(WRITE):
        require(actor, RUN)
    require_office(actor, office.pk)
    scheme = version.scheme
    posts = scheme.population == Scheme.Population.POSTS
    if posts and not (actor.path and actor.may(READ_POSTS)):
        raise Refused(_("Only who may read posts' scores tries out how posts are assessed."))
    if day >= day_of(at) or (until := last_of(day, scheme.period)) >= day_of(at):
        raise Invalid(_("A version is tried on a period that is over."), field="day")
    since = first_of(day, scheme.period)
    base = version_for(scheme, office, since)
    ours, theirs = (_computed(v.spec, scheme, office, at, since, until) for v in (base, version))
    pairs = [(b, a) for b, a in zip(ours, theirs, strict=True) if not posts or b.subject.path.startswith(actor.path)]
    compared = [_compared(b, a) for b, a in pairs]
    compared.sort(key=lambda c: (c.gain is None, -(c.gain or Decimal(0)), c.label))
    follows = _follows(base.spec, _sides(ours), version.spec, _sides(theirs))
    return Trial(base, version, since, until, compared, follows, len(ours) - len(compared))


def _computed(
    spec: SchemeSpec, scheme: Scheme, office: Place, at: datetime, since: date, until: date
) -> list[Result]:  # fmt: skip
    marks, exempt = marks_of(scheme, office, since), exempted(scheme, office, since)
    return compute(spec, office, at=at, since=since, until=until, marks=marks, exempt=exempt)


def _side(result: Result) -> Side:
    s = result.standing
    return Side(s.total, s.rank, "appeal" if result.exempt else "", s.vetoed, s.last, s.below, s.above)


def _sides(results: Sequence[Result]) -> list[Side]:
    return sorted(map(_side, results), key=lambda s: (s.rank is None, s.rank or 0))


def _compared(before: Result, after: Result) -> Compared:
    one, other = _side(before), _side(after)
    gain = None if one.total is None or other.total is None else other.total - one.total
    risen = one.rank - other.rank if one.rank and other.rank else None
    s = before.subject
    return Compared(s.column, s.pk, s.label, one, other, gain, risen)


def _follows(one: SchemeSpec, ours: list[Side], other: SchemeSpec, theirs: list[Side]) -> list[Follow]:
    types = dict.fromkeys(c.type for c in (*one.consequences, *other.consequences))
    return [Follow(Consequence.Type(t), _proposed(one, t, ours), _proposed(other, t, theirs)) for t in types]


def _proposed(spec: SchemeSpec, type_: str, sides: list[Side]) -> int:
    """How many members the rules of one type mean, each once."""
    return len({id(s) for rule in spec.consequences if rule.type == type_ for s in meant(rule, sides)})
