"""Whom a scheme's rules are about, among scores that were kept or only tried."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from zijing.assessment.definition import ConsequenceSpec


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


S = TypeVar("S", bound=Ranked)


def meant(rule: ConsequenceSpec, scores: Sequence[S]) -> Iterator[S]:
    """Whom a rule is about. Nobody is meant for being low who does not stand below the rest by more than chance."""
    counted = [s for s in scores if s.rank and s.total is not None and not s.exempt]
    sound = [s for s in counted if not s.vetoed]
    if rule.when == "veto":
        yield from (s for s in counted if s.vetoed)
    elif rule.when == "last":
        yield from (s for s in sound if s.last)
    elif rule.when == "top":
        yield from (s for s in sound if s.rank is not None and s.rank <= rule.n)
    elif rule.when == "bottom":
        yield from (s for s in sound[-rule.n :] if s.below)
    else:
        yield from (s for s in sound if s.total is not None and s.total < rule.score and s.below)
