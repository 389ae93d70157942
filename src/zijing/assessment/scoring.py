"""From what was measured to points, as arithmetic on whole populations: no database, no clock.

Everything is computed for rows of members at once, because the same arithmetic is asked a thousand times over when it
is found out how sure a score is. A value that is not known is NaN, and never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from zijing.assessment import statistics

if TYPE_CHECKING:
    from zijing.assessment.statistics import Numbers, Resample

RATE, COUNT, VALUE = "rate", "count", "value"
PERCENT = 100.0
DRAWS = 500
SEED = 20_120_629


@dataclass(frozen=True)
class Item:
    """What is assessed and how: ``way`` turns a value into a share of the weight.

    linear: from ``floor`` (nothing) to ``target`` (all), either way round; band: the first of ``bands`` (limit, points)
    that is reached; deduction: ``each`` points off per event up to ``cap``; rank: from the best (all) to the last
    (nothing); marks: reviewers' marks of 100; veto: ``limit`` events and the whole score is zero. ``missing`` says what
    counts where nothing is known: neutral, zero, full or average; ``small`` whether rates of few cases are shrunk;
    ``dispersion`` whether values are standardised within the population before they count.
    """

    key: str
    weight: Decimal
    way: str
    figure: str = ""
    direction: str = "higher"
    target: Decimal = Decimal(100)
    floor: Decimal = Decimal(0)
    bands: tuple[tuple[Decimal, Decimal], ...] = ()
    each: Decimal = Decimal(0)
    cap: Decimal | None = None
    limit: int = 1
    missing: str = "neutral"
    small: str = "as_is"
    dispersion: str = "none"

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is."""
        return 1 if self.direction == "higher" else -1


@dataclass(frozen=True)
class Column:
    """What was measured of every member for one item: ``k`` of ``n`` for a rate, ``k`` events, or a value (NaN: none).

    ``n`` is how many records are behind it in every case.
    """

    sort: str
    k: Numbers
    n: Numbers

    def value(self, k: Numbers | None = None) -> Numbers:
        """The value as a reader reads it (a rate in per cent), of what was measured or of rows drawn."""
        met = self.k if k is None else k
        if self.sort != RATE:
            return met
        whole = np.broadcast_to(self.n, met.shape)
        return np.divide(met * PERCENT, whole, out=np.full(met.shape, np.nan), where=whole > 0)

    def counted(self, item: Item, k: Numbers | None = None) -> Numbers:
        """The value that counts: a rate of few cases is drawn to the common one where the item says so."""
        met = self.k if k is None else k
        if self.sort != RATE or item.small != "shrink":
            return self.value(k)
        rates = statistics.shrunk(met, np.broadcast_to(self.n, met.shape))
        return np.where(self.n > 0, rates * PERCENT, np.nan)

    def dealt(self) -> Resample:
        """What would be measured if all members were equal."""
        if self.sort == RATE:
            return statistics.same_rates(self.k, self.n)
        return statistics.same_counts(self.k) if self.sort == COUNT else statistics.same_values(self.k)

    def likely(self, chance: np.random.Generator, draws: int) -> Numbers:
        """What might have been measured, given what was; a value of unknown accuracy stays as it is."""
        if self.sort == RATE:
            return statistics.likely_rates(self.k, self.n, chance, draws)
        if self.sort == COUNT:
            return statistics.likely_counts(self.k, chance, draws)
        return np.tile(self.k, (draws, 1))

    def among(self, members: Any) -> Column:
        """The same column of some members only."""
        return Column(self.sort, self.k[members], self.n[members])


def _linear(item: Item, x: Numbers) -> Numbers:
    if item.dispersion == "standardise":
        return _standardised(item, x)
    floor, target = float(item.floor), float(item.target)
    return np.clip((x - floor) / (target - floor), 0.0, 1.0)


def _standardised(item: Item, x: Numbers) -> Numbers:
    """The mean is worth half, two standard deviations above it all, two below nothing; no spread: half each."""
    known = ~np.isnan(x)
    members = np.maximum(known.sum(axis=-1, keepdims=True), 1)
    mean = np.where(known, x, 0.0).sum(axis=-1, keepdims=True) / members
    spread = np.sqrt(np.where(known, (x - mean) ** 2, 0.0).sum(axis=-1, keepdims=True) / members)
    wide = np.divide(x - mean, spread, out=np.where(known, 0.0, np.nan), where=known & (spread > statistics.TINY))
    return np.clip(0.5 + item.sign * wide / 4, 0.0, 1.0)


def _band(item: Item, x: Numbers) -> Numbers:
    points = np.where(np.isnan(x), np.nan, 0.0)
    for limit, given in reversed(item.bands):
        points = np.where(item.sign * (x - float(limit)) >= 0, float(given) / float(item.weight), points)
    return points


def _deduction(item: Item, x: Numbers) -> Numbers:
    most = float(item.weight if item.cap is None else item.cap)
    return 1.0 - np.minimum(x * float(item.each), most) / float(item.weight)


def _rank(item: Item, x: Numbers) -> Numbers:
    """The best is worth all, the last nothing, equals the mean of their places."""
    signed = item.sign * x
    ordered = np.sort(signed, axis=-1)
    members = (~np.isnan(x)).sum(axis=-1, keepdims=True)
    flat = signed.reshape(-1, signed.shape[-1])
    rows = ordered.reshape(flat.shape)
    below = np.array([np.searchsorted(row, mine, "left") for row, mine in zip(rows, flat, strict=True)])
    upto = np.array([np.searchsorted(row, mine, "right") for row, mine in zip(rows, flat, strict=True)])
    place = ((below + upto - 1) / 2).reshape(x.shape)
    share = np.where(members > 1, place / np.maximum(members - 1, 1), 1.0)
    return np.where(np.isnan(x), np.nan, share)


def _marks(item: Item, x: Numbers) -> Numbers:
    return np.clip(x / PERCENT, 0.0, 1.0)


def _veto(item: Item, x: Numbers) -> Numbers:
    return np.where(x >= item.limit, 1.0, 0.0)


WAYS: dict[str, Callable[[Item, Numbers], Numbers]] = {
    "linear": _linear, "band": _band, "deduction": _deduction, "rank": _rank, "marks": _marks, "veto": _veto,
}  # fmt: skip


def _filled(item: Item, share: Numbers) -> Numbers:
    """The shares with what counts for what is not known; NaN where the weight goes over to the other items."""
    gaps = np.isnan(share)
    if item.missing == "neutral" or not gaps.any():
        return share
    if item.missing == "average":
        known = np.maximum((~gaps).sum(axis=-1, keepdims=True), 1)
        mean = np.where(gaps, 0.0, share).sum(axis=-1, keepdims=True) / known
        some = (~gaps).any(axis=-1, keepdims=True)
        return np.where(gaps, np.where(some, mean, np.nan), share)
    return np.where(gaps, 1.0 if item.missing == "full" else 0.0, share)


def points(items: Sequence[Item], values: Sequence[Numbers]) -> tuple[list[Numbers], Numbers]:
    """Each item's points and their sum, of 100, to a hundredth; NaN where no item says anything.

    The weight of a neutral item without a value is shared over the others in proportion; a veto makes the sum zero.
    """
    shares = {i.key: _filled(i, WAYS[i.way](i, x)) for i, x in zip(items, values, strict=True)}
    weighing = [i for i in items if i.way != "veto"]
    known = sum((np.where(np.isnan(shares[i.key]), 0.0, float(i.weight)) for i in weighing), np.zeros(1))
    scale = np.divide(PERCENT, known, out=np.full(known.shape, np.nan), where=known > 0)
    found = [
        np.full(x.shape, np.nan) if i.way == "veto" else np.round(shares[i.key] * float(i.weight) * scale, 2)
        for i, x in zip(items, values, strict=True)
    ]
    total = np.round(sum((np.nan_to_num(f) for f in found), np.zeros(1)), 2)
    total = np.where(known > 0, total, np.nan)
    for item in items:
        if item.way == "veto":
            total = np.where((shares[item.key] > 0) & ~np.isnan(total), 0.0, total)
    return found, total


@dataclass(frozen=True)
class Standing:
    """One member's score and how sure it is: the middle 95 % of what the cases speak for, the ranks that cannot be
    excluded, the group it cannot be told apart in, and how likely chance alone is to put somebody so low.
    """

    total: Decimal | None
    points: tuple[Decimal | None, ...]
    low: Decimal | None = None
    high: Decimal | None = None
    rank: int | None = None
    rank_from: int | None = None
    rank_to: int | None = None
    group: int | None = None
    chance: float = 1.0
    below: bool = False
    above: bool = False
    last: bool = False
    vetoed: bool = False


@dataclass(frozen=True)
class Care:
    """When somebody may be called last or first: cases behind the own score, and members compared, at the least."""

    cases: int = 10
    members: int = 5


def assess(items: Sequence[Item], columns: Sequence[Column], care: Care, *, seed: int = SEED) -> list[Standing]:
    """Every member's standing. The same facts give the same standing: chance is drawn from a fixed seed."""
    found, total = points(items, [c.counted(i) for i, c in zip(items, columns, strict=True)])
    total = np.atleast_1d(total)
    vetoed = _vetoed(items, columns, len(total))
    sound = np.flatnonzero(~np.isnan(total) & ~vetoed)
    plain = [
        Standing(_exact(t), tuple(_exact(f[m]) for f in found), vetoed=bool(vetoed[m])) for m, t in enumerate(total)
    ]
    ranks = statistics.ranked([None if s.total is None else float(s.total) for s in plain])
    sure = _surety(items, [c.among(sound) for c in columns], total[sound], care, seed) if len(sound) else []
    said = dict(zip(sound.tolist(), sure, strict=True))
    return [Standing(s.total, s.points, rank=ranks[m], vetoed=s.vetoed, **said.get(m, {})) for m, s in enumerate(plain)]


def _vetoed(items: Sequence[Item], columns: Sequence[Column], members: int) -> Any:
    struck = np.zeros(members, dtype=bool)
    for item, column in zip(items, columns, strict=True):
        if item.way == "veto":
            struck |= np.nan_to_num(column.value()) >= item.limit
    return struck


def _surety(
    items: Sequence[Item], columns: Sequence[Column], total: Numbers, care: Care, seed: int
) -> list[dict[str, Any]]:
    """What is said beside each score: interval, ranks, group, and whether it stands below or above the rest by more
    than chance. Nobody does who has fewer cases than ``care`` asks for, or was compared with too few.
    """
    low, high, (ranges, group) = _spread(items, columns, total, seed)
    chances = statistics.below_the_rest(total, equals(items, columns), seed=seed)
    highest = statistics.above_the_rest(total, equals(items, columns), seed=seed)
    enough = (_cases(columns, len(total)) >= care.cases) & (len(total) >= care.members)
    below, above = np.array(chances.significant()) & enough, _shared(np.array(highest.significant()), enough, total)
    last = _last(items, columns, total, below, seed)
    return [
        {
            "low": _exact(low[m]), "high": _exact(high[m]), "rank_from": ranges[m][0], "rank_to": ranges[m][1],
            "group": group[m], "chance": round(chances.chance[m], 4), "below": bool(below[m]), "above": bool(above[m]),
            "last": m == last,
        }
        for m in range(len(total))
    ]  # fmt: skip


def _shared(above: Any, enough: Any, total: Numbers) -> Any:
    """Who of those with enough cases stands above, without those whose equals do not: one score has one verdict."""
    return enough & np.array([bool(above[(total == mine) & enough].all()) for mine in total], dtype=bool)


def _cases(columns: Sequence[Column], members: int) -> Numbers:
    """How many cases are behind each score at the least: two items may count the same case, so they are not added."""
    counted = [np.nan_to_num(c.n) for c in columns if c.sort != VALUE]
    return np.maximum.reduce([np.zeros(members), *counted])


def _last(items: Sequence[Item], columns: Sequence[Column], total: Numbers, below: Any, seed: int) -> int | None:
    """Who is last: the lowest of those who stand below the rest, if it stands below them too; nobody else."""
    peers = np.flatnonzero(below)
    if not len(peers):
        return None
    lowest = int(peers[total[peers].argmin()])
    if total[lowest] > total.min() or len(peers) == 1:
        return lowest if total[lowest] == total.min() else None
    mine = [c.among(peers) for c in columns]
    found = statistics.below_the_rest(total[peers], equals(items, mine), seed=seed).significant()
    return lowest if found[peers.tolist().index(lowest)] else None


def _spread(
    items: Sequence[Item], columns: Sequence[Column], total: Numbers, seed: int
) -> tuple[Numbers, Numbers, tuple[list[tuple[int, int]], list[int]]]:
    chance = np.random.default_rng(seed)
    drawn = [c.counted(i, c.likely(chance, DRAWS)) for i, c in zip(items, columns, strict=True)]
    _found, draws = points(items, drawn)
    low, high = statistics.interval(draws, total)
    edges = statistics.joint(total, draws)
    order = sorted(range(len(total)), key=lambda m: -total[m])
    return low, high, (statistics.rank_ranges(*edges), statistics.groups(*edges, order))


def equals(items: Sequence[Item], columns: Sequence[Column]) -> Callable[[np.random.Generator, Any, int], Numbers]:
    """Scores as they would be if all members were equal, dealt to those that are asked for."""
    deals = [c.dealt() for c in columns]

    def equal(chance: np.random.Generator, among: Any, draws: int) -> Numbers:
        dealt = [
            c.among(among).counted(i, deal(chance, among, draws))
            for i, c, deal in zip(items, columns, deals, strict=True)
        ]
        return points(items, dealt)[1]

    return equal


def _exact(x: float) -> Decimal | None:
    return None if np.isnan(x) else Decimal(str(round(float(x), 2)))
