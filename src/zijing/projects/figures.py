"""The figures of the weekly ranking: how many projects are behind, by how much, and which say nothing."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from zijing.core.worktime import day_of
from zijing.figures.models import Figure
from zijing.figures.registry import Declared, Weights, Words, register
from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.projects.models import Project
from zijing.projects.queries import ranking
from zijing.records.models import Noun

ONE = Decimal(1)


def survey(actor: Actor, at: datetime, place: Place | None) -> Mapping[str, Weights]:
    """The projects behind each of these figures on the board of the running week, counted until today."""
    today = day_of(at)
    standing = ranking(actor, today)
    if place:
        below = set(Project.objects.filter(under(place.path, "entry__path")).values_list("pk", flat=True))
        standing = [s for s in standing if s.pk in below]
    running = [s for s in standing if s.apart not in {"done", "waiting"}]
    return {
        "projects.red": {s.pk: ONE for s in running if s.light == "red"},
        "projects.slip": {s.pk: s.points for s in running if not s.apart},
        "projects.unreported": {s.pk: ONE for s in running if s.last_report != today},
        "projects.promise_passed": {s.pk: ONE for s in standing if s.late},
    }


def _declare(key: str, title: Words, sentence: Words, measure: str = Figure.Measure.COUNT, unit: str = "个") -> None:
    register(
        Declared(
            key=key, app=Project._meta.app_label, title=title, sentence=sentence, measure=measure, noun=Noun.REGISTER,
            unit=unit, decimals=1 if measure == Figure.Measure.MEAN else 0, measures=Figure.Measures.OUTCOME,
            owner="项目办", since=date(2020, 1, 1), survey=survey,
        )
    )  # fmt: skip


_declare(
    "projects.red", ("红灯项目", "Projects with a red light"),
    ("本周榜上进度落后超过限度或承诺日期已过的在建项目数。",
     "Projects in work with a red light on this week's board: too far behind, or past the promised date."),
)  # fmt: skip
_declare(
    "projects.slip", ("平均进度偏差", "Average slip"),
    ("本周参加排名的项目，实际进度减计划进度的平均百分点；负数为落后。",
     "Of the projects ranked this week, the mean of actual minus planned percent; negative is behind."),
    Figure.Measure.MEAN, "个百分点",
)  # fmt: skip
_declare(
    "projects.unreported",
    ("今日未报项目", "Projects without a report today"),
    ("今日尚无有效日报的在建项目数。", "Projects in work that have no valid daily report of today yet."),
)
_declare(
    "projects.promise_passed",
    ("承诺日期已过项目", "Projects past the promised date"),
    ("承诺日期已过而未完成的项目数。", "Projects whose promised date has passed and that are not finished."),
)
