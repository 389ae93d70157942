"""A clean-up of streets in September: a dozen issues in one grid of six communities, enough to tell them apart.

One grid puts everything right in time, four most of it, one hardly anything and half-heartedly. Synthetic.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache

from zijing.demo.days import workdays_after
from zijing.demo.rounds import codes_of_places
from zijing.demo.tales import Tale
from zijing.demo.words import marked

BEGINS, DAYS, EACH = date(2020, 9, 1), 4, 12
IN_TIME, LATE = 4, 7
# How many of the dozen are closed within their limit of five working days, and how many are sent back once.
GRIDS = {
    "示例社区02第1网格": (12, 0),
    "示例社区03第1网格": (8, 1),
    "示例社区04第1网格": (7, 2),
    "示例社区05第1网格": (8, 1),
    "示例社区06第1网格": (7, 2),
    "示例社区07第1网格": (2, 10),
}
WHAT = (
    ("appearance", "店外经营占用人行道"), ("appearance", "墙面乱贴小广告"), ("dust", "渣土未覆盖"),
    ("property", "楼前堆放杂物"), ("appearance", "绿化带内有垃圾"), ("safety", "护栏缺损"),
)  # fmt: skip


@cache
def tales() -> tuple[Tale, ...]:
    """The cases of the clean-up."""
    return tuple(tale for grid, (timely, again) in GRIDS.items() for tale in _of(grid, timely, again))


def _of(grid: str, timely: int, again: int) -> Iterator[Tale]:
    for n in range(EACH):
        type_, what = WHAT[n % len(WHAT)]
        yield Tale(
            f"sweep/{grid}/{n}", "issue", type_, marked(f"{grid}{what}"), workdays_after(BEGINS, n % DAYS),
            IN_TIME if n < timely else LATE, place=codes_of_places()[grid],
            twists=frozenset({"rework"}) if n >= EACH - again else frozenset(),
        )  # fmt: skip
