"""What the board draws of a line: the bar's lengths, and the address of the records behind each number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from zijing.core.worktime import DAY
from zijing.projects.queries import Line, StageLine
from zijing.projects.queries.chances import Odds
from zijing.web.addresses import list_of, page_of

LIGHTS = ("green", "yellow", "red")
RECORDED = "1949-10-01..2100-12-31"
NO_ODDS: Mapping[int, Odds] = {}


@dataclass(frozen=True)
class Bar:
    """A bar as lengths in percent of its width: what is done as planned, then what is ahead of the plan or behind."""

    done: str
    gap_from: str
    gap: str
    planned: str
    tone: str


def _length(value: Decimal) -> str:
    return f"{min(max(value, Decimal(0)), Decimal(100)):.2f}%"


def bar(planned: Decimal, actual: Decimal, light: str = "") -> Bar:
    """The bar of a planned and an actual percent."""
    low = min(planned, actual)
    tone = "ahead" if actual >= planned else f"behind {light}"
    return Bar(_length(low), _length(low), _length(abs(actual - planned)), _length(planned), tone)


@dataclass(frozen=True)
class Row:
    """A line of the board, ready to show."""

    line: Line
    bar: Bar
    on: date
    odds: Odds | None = None

    @property
    def planned_href(self) -> str:
        return list_of("milestone", subject=self.line.project.pk)

    @property
    def actual_href(self) -> str:
        return list_of("daily-report", subject=self.line.project.pk, happened=f"..{self.on}")

    @property
    def blockers_href(self) -> str:
        return list_of("blocker", subject=self.line.project.pk, open="yes")

    @property
    def last_report_href(self) -> str:
        return list_of("daily-report", subject=self.line.project.pk, happened=self.line.last_report)

    @property
    def before_href(self) -> str:
        """The same project on the board of the week before."""
        return f"{page_of('board')}?week={self.on - DAY * 7}#project-{self.line.project.pk}"

    @property
    def won(self) -> int | None:
        """Ranks won or lost since last week, without the sign; the arrow says which."""
        return None if self.line.movement is None else abs(self.line.movement)


def rows(lines: Iterable[Line], on: date, odds: Mapping[int, Odds] = NO_ODDS) -> list[Row]:
    """Lines ready to show, with the chances of their promised dates where they are wanted."""
    return [Row(x, bar(x.planned, x.actual, x.light), on, odds.get(x.project.pk)) for x in lines]


@dataclass(frozen=True)
class Count:
    """How many ranked projects have a light, and where they are listed."""

    light: str
    n: int
    href: str


def counts(lines: Iterable[Line]) -> list[Count]:
    """The ranked projects by light, each number leading to their ledger entries."""
    by_light: dict[str, list[int]] = {light: [] for light in LIGHTS}
    for line in lines:
        by_light[line.light].append(line.project.pk)
    return [Count(k, len(v), list_of("project", id=",".join(map(str, v)))) for k, v in by_light.items() if v]


@dataclass(frozen=True)
class StageRow:
    """A stage of a project, ready to show."""

    stage: StageLine
    bar: Bar
    points: Decimal
    planned_href: str
    actual_href: str


def stage_rows(stages: Iterable[StageLine], project: int, on: date) -> list[StageRow]:
    """The stages with what each adds to the project's points: weight x (done - planned)."""
    return [
        StageRow(
            s, bar(s.planned_share, s.actual_share, "red" if s.late else "yellow"),
            s.weight * (s.actual_share - s.planned_share) / 100,
            reverse("record", args=("commitment", s.stage.pk)),
            list_of("daily-report", subject=project, happened=f"..{on}", **{"f.stage": s.stage.milestone.business_key}),
        )
        for s in stages
    ]  # fmt: skip
