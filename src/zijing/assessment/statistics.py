"""How sure a score is: intervals of rates and scores, who cannot be told apart, and who may be called last.

Pure functions on numbers: no database, no clock, and chance only from a generator that is handed in. Sources: E. B.
Wilson, Probable inference, JASA 22 (1927); L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial
proportion, Statistical Science 16 (2001); J. C. Kleinman, Proportions with extraneous variance, JASA 68 (1973);
P. H. Westfall, S. S. Young, Resampling-based multiple testing (1993); M. Klein, T. Wright, J. Wieczorek, A joint
confidence region for an overall ranking of populations, JRSS C 69 (2020).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Resample = Callable[[np.random.Generator, NDArray[np.bool_], int], Numbers]

SURE = 0.95
# Below the five per cent that is promised.
LEVEL = 0.03
# Who seems to stand above is left out generously: without them the lowest looks less low, so this errs to its side.
ABOVE = 0.25
DRAWS = 999
ROUNDS = 5
TINY = 1e-9


def wilson(k: float, n: float, sure: float = SURE) -> tuple[float, float]:
    """Wilson's score interval of a rate ``k`` of ``n``, as shares of one; all of 0 to 1 when there is no case."""
    if n <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + sure) / 2)
    p, square = k / n, z * z / n
    middle = (p + square / 2) / (1 + square)
    half = z * sqrt(p * (1 - p) / n + square / n / 4) / (1 + square)
    return max(0.0, min(middle - half, p)), min(1.0, max(middle + half, p))


def prior(k: Numbers, n: Numbers) -> tuple[Numbers, Numbers]:
    """The beta distribution a population's rates are drawn from, by moments (Kleinman 1973), row by row.

    Rows are populations, columns members. Where the rates differ no more than chance makes them differ, the two
    parameters are infinite in effect: everyone is drawn wholly to the common rate.
    """
    import numpy as np  # noqa: PLC0415  # a tenth of a second to import, for assessing only

    whole = n.sum(axis=-1, keepdims=True)
    common = np.divide(k.sum(axis=-1, keepdims=True), whole, out=np.zeros_like(whole), where=whole > 0)
    rates = np.divide(k, n, out=np.zeros_like(k), where=n > 0)
    members = np.maximum((n > 0).sum(axis=-1, keepdims=True), 2)
    spread = (n * (rates - common) ** 2).sum(axis=-1, keepdims=True)
    inner = common * (1 - common)
    scale = whole - np.divide((n**2).sum(axis=-1, keepdims=True), whole, out=np.zeros_like(whole), where=whole > 0)
    between = np.divide(spread - (members - 1) * inner, scale, out=np.zeros_like(scale), where=scale > TINY)
    between = np.clip(between, inner * TINY + TINY, None)
    strength = np.clip(inner / between - 1, TINY, 1 / TINY)
    return common * strength, (1 - common) * strength


def shrunk(k: Numbers, n: Numbers) -> Numbers:
    """Rates drawn to the common rate of their population, the more the fewer cases there are (empirical Bayes)."""
    a, b = prior(k, n)
    drawn: Numbers = (k + a) / (n + a + b)
    return drawn


def same_rates(k: Numbers, n: Numbers) -> Resample:
    """What rates would be if all members were equal: the cases met, dealt anew over all cases.

    Given the sums this is the multivariate hypergeometric distribution whatever the common rate is: the test is exact.
    """

    def resample(chance: np.random.Generator, among: NDArray[np.bool_], draws: int) -> Numbers:
        size, met = n[among].astype("int64"), int(k[among].sum())
        dealt: Numbers = chance.multivariate_hypergeometric(size, met, size=draws, method="marginals").astype("float64")
        return dealt

    return resample


def same_counts(k: Numbers) -> Resample:
    """What counts of events would be if all members were equal: each event falls on each with the same chance."""

    def resample(chance: np.random.Generator, among: NDArray[np.bool_], draws: int) -> Numbers:
        members = int(among.sum())
        dealt: Numbers = chance.multinomial(int(k[among].sum()), [1 / members] * members, size=draws).astype("float64")
        return dealt

    return resample


def same_values(x: Numbers) -> Resample:
    """What values of unknown accuracy would be if all members were equal: the same ones, handed round.

    Missing values (NaN) are handed round too: who has none would be anyone.
    """
    import numpy as np  # noqa: PLC0415  # as above

    def resample(chance: np.random.Generator, among: NDArray[np.bool_], draws: int) -> Numbers:
        dealt: Numbers = chance.permuted(np.tile(x[among], (draws, 1)), axis=1)
        return dealt

    return resample


@dataclass(frozen=True)
class Below:
    """For each member how likely it would be that somebody stands as low as it if all were equal (1: not looked at)."""

    chance: tuple[float, ...]

    def significant(self, level: float = LEVEL) -> list[bool]:
        """Who stands below the rest by more than chance, at a family-wise level."""
        return [p <= level for p in self.chance]


def below_the_rest(
    scores: Numbers, equal: Callable[[np.random.Generator, NDArray[np.bool_], int], Numbers], *,
    seed: int, draws: int = DRAWS,
) -> Below:  # fmt: skip
    """Who stands below the rest: each score against the lowest of scores that would arise were all equal.

    ``equal`` deals scores to the members given, a row a draw. Scores are studentised by their spread among the draws,
    so that who has few cases does not set the measure for who has many; the lowest of all is the reference (max-T of
    Westfall and Young), so that the chance of one false flag stays below ``LEVEL`` when all are equal. Who seems to
    stand above is left out first, being the fewer: beside one much better the others would all look low.
    """
    import numpy as np  # noqa: PLC0415  # as above

    among = np.ones(len(scores), dtype=bool)
    chance = np.random.default_rng(seed)
    found = np.ones(len(scores))
    for _round in range(ROUNDS):
        if among.sum() < 2:  # nobody stands below alone
            break
        dealt = equal(chance, among, draws)
        middle, spread = dealt.mean(axis=0), np.maximum(dealt.std(axis=0), TINY)
        wide = (dealt - middle) / spread
        mine = (scores[among] - middle) / spread
        found = np.ones(len(scores))
        found[among] = _tail(wide.min(axis=1), mine, draws)
        above = _tail(-wide.max(axis=1), -mine, draws) <= ABOVE
        if not above.any() or above.sum() * 2 >= among.sum():
            break
        among[np.flatnonzero(among)[above]] = False
    return Below(tuple(float(p) for p in found))


def above_the_rest(
    scores: Numbers, equal: Callable[[np.random.Generator, NDArray[np.bool_], int], Numbers], *,
    seed: int, draws: int = DRAWS,
) -> Below:  # fmt: skip
    """Who stands above the rest: the same test with the signs turned, so that praise is not given on noise either."""
    return below_the_rest(-scores, lambda chance, among, n: -equal(chance, among, n), seed=seed, draws=draws)


def _tail(lowest: Numbers, mine: Numbers, draws: int) -> Numbers:
    """The share of draws whose lowest is as low, the real one counted among them (so it is never zero)."""
    import numpy as np  # noqa: PLC0415  # as above

    reached: Numbers = (np.searchsorted(np.sort(lowest), mine + TINY, side="right") + 1) / (draws + 1)
    return reached


def interval(draws: Numbers, scores: Numbers, sure: float = SURE) -> tuple[Numbers, Numbers]:
    """The middle ``sure`` of drawn scores, member by member; it always holds the score itself."""
    import numpy as np  # noqa: PLC0415  # as above

    low, high = np.quantile(draws, [(1 - sure) / 2, (1 + sure) / 2], axis=0)
    return np.minimum(low, scores), np.maximum(high, scores)


def likely_rates(k: Numbers, n: Numbers, chance: np.random.Generator, draws: int) -> Numbers:
    """Rates that the cases seen speak for: Jeffreys' interval (Brown, Cai, DasGupta 2001) as draws, as met of n."""
    drawn: Numbers = chance.beta(k + 0.5, n - k + 0.5, size=(draws, len(k))) * n
    return drawn


def likely_counts(k: Numbers, chance: np.random.Generator, draws: int) -> Numbers:
    """Means of counts that the events seen speak for, likewise (gamma with half an event added)."""
    drawn: Numbers = chance.gamma(k + 0.5, 1.0, size=(draws, len(k)))
    return drawn


def joint(scores: Numbers, draws: Numbers, sure: float = SURE) -> tuple[Numbers, Numbers]:
    """Intervals of all scores that hold at once with the chance ``sure`` (Šidák: each a little wider than alone)."""
    each = sure ** (1 / max(1, len(scores)))
    half = NormalDist().inv_cdf((1 + each) / 2) * draws.std(axis=0)
    return scores - half, scores + half


def rank_ranges(low: Numbers, high: Numbers) -> list[tuple[int, int]]:
    """From which to which rank each member may stand: who overlaps cannot be told apart (Klein and others 2020)."""
    better = (low[None, :] > high[:, None] + TINY).sum(axis=1)
    worse = (high[None, :] < low[:, None] - TINY).sum(axis=1)
    return [(int(1 + b), int(len(low) - w)) for b, w in zip(better, worse, strict=True)]


def groups(low: Numbers, high: Numbers, order: Sequence[int]) -> list[int]:
    """The group of each member, walked best first: a group holds whoever cannot be told apart from its first."""
    found = [0] * len(low)
    number, floor = 0, 0.0
    for index in order:
        if not number or high[index] < floor - TINY:
            number, floor = number + 1, float(low[index])
        found[index] = number
    return found


def ranked(scores: Sequence[float | None]) -> list[int | None]:
    """Ranks with ties: 1, 2, 2, 4; who has no score has no rank."""
    known = sorted((s for s in scores if s is not None), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(known, 1)))}
    return [None if s is None else first[s] for s in scores]
