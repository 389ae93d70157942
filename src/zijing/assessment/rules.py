"""Whom a scheme's rules are about, among scores that were kept or only tried."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from zijing.assessment.definition import ConsequenceSpec, SchemeSpec


class Ranked(Protocol):
    """What a rule asks of a score; the scores come in the order of their ranks."""

    @property
    def rank(self) -> int | None: ...
    @property
    def total(self) -> Decimal | None: ...
    @property
    def exempt(self) -> str: ...
    @property
    def vetoed(self) -> bool: ...
    @property
    def last(self) -> bool: ...
    @property
    def below(self) -> bool: ...
    @property
    def above(self) -> bool: ...


class Kept(Ranked, Protocol):
    """A score with what it follows from."""

    @property
    def breakdown(self) -> Sequence[Mapping[str, Any]]: ...


S = TypeVar("S", bound=Ranked)


def meant(rule: ConsequenceSpec, scores: Sequence[S]) -> Iterator[S]:
    """Whom a rule is about. Nobody is meant for being low or high who does not stand apart by more than chance.

    Of the best no more than ``n`` are meant: where more share a place, none of them. Who has too few cases to stand
    above is in nobody's way.
    """
    counted = _counted(scores)
    sound = [s for s in counted if not s.vetoed]
    if rule.when == "veto":
        yield from (s for s in counted if s.vetoed)
    elif rule.when == "last":
        yield from (s for s in sound if s.last)
    elif rule.when == "top":
        above = [s for s in sound if s.above]
        yield from (s for s in above if _as_high(above, s) <= rule.n)
    elif rule.when == "bottom":
        yield from (s for s in sound[-rule.n :] if s.below)
    else:
        yield from (s for s in sound if s.total is not None and s.total < rule.score and s.below)


def _counted(scores: Sequence[S]) -> list[S]:
    return [s for s in scores if s.rank and s.total is not None and not s.exempt]


def _as_high(scores: Sequence[S], one: S) -> int:
    """How many stand as high as one, itself counted."""
    return sum((s.rank or 0) <= (one.rank or 0) for s in scores)


def nobody(rule: ConsequenceSpec, spec: SchemeSpec, scores: Sequence[Kept]) -> str:
    """Why a rule about the best or the last means nobody, in a sentence; nothing when it means somebody."""
    sound = [s for s in _counted(scores) if not s.vetoed]
    if rule.when not in {"top", "last"} or any(True for _one in meant(rule, scores)):
        return ""
    if len(sound) < spec.least_members:
        return _("Only %(n)s members have a score; at least %(least)s are compared.") % {
            "n": len(sound), "least": spec.least_members,
        }  # fmt: skip
    if rule.when == "top":
        return _no_first(rule, spec, sound)
    lowest = sound[-1]
    if (shared := sum(s.rank == lowest.rank for s in sound)) > 1:
        return _("%(n)s share the last place.") % {"n": shared}
    if _cases(lowest) < spec.least_cases:
        return _few(spec)
    return _("The lowest cannot be told apart from the rest: what separates them may be chance.")


def _no_first(rule: ConsequenceSpec, spec: SchemeSpec, sound: Sequence[Kept]) -> str:
    above = [s for s in sound if s.above]
    if above:
        shared = _as_high(above, above[0])
        return _("%(n)s share the first place; the rule is for %(most)s.") % {"n": shared, "most": rule.n}
    if max(map(_cases, sound)) < spec.least_cases:
        return _few(spec)
    return _("The best cannot be told apart from the rest: what separates them may be chance.")


def _few(spec: SchemeSpec) -> str:
    return _("Too few cases: at least %(least)s are needed behind a score.") % {"least": spec.least_cases}


def _cases(one: Kept) -> int:
    """The cases behind a score at the least: two items may count the same ones."""
    return max((int(line["n"]) for line in one.breakdown), default=0)
