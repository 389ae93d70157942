"""The figures of forms: the burden the software itself causes. A form that asks less is the better one."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from zijing.figures.burden import minutes_of, twice
from zijing.figures.models import Figure
from zijing.figures.registry import KIND, Declared, Survey, Weights, Words, register
from zijing.people.access import Actor
from zijing.places.models import Place
from zijing.records.kinds import every_kind
from zijing.records.models import Kind


def survey(actor: Actor, at: datetime, place: Place | None) -> Mapping[str, Weights]:
    """Every form (one for each kind of record) with how many facts it asks, and how many it insists on."""
    kinds = list(Kind.objects.all())
    return {
        "forms.count": {k.pk: Decimal(1) for k in kinds},
        "forms.facts_asked": {k.pk: Decimal(len(k.fields)) for k in kinds},
        "forms.facts_required": {k.pk: Decimal(sum(f.required for f in k.fields)) for k in kinds},
    }


def burden(actor: Actor, at: datetime, place: Place | None) -> Mapping[str, Weights]:
    """What forms cost an office: the minutes of the last thirty days, and the facts asked that another form knows."""
    asked = Counter(found.one.pk for found in twice(list(every_kind().values())))
    return {
        "forms.minutes": minutes_of(actor, at),
        "forms.facts_twice": {kind: Decimal(n) for kind, n in asked.items()},
    }


def _declare(
    key: str, title: Words, sentence: Words, measure: str, unit: str, survey: Survey = survey
) -> None:  # fmt: skip
    register(
        Declared(
            key=key, app=Figure._meta.app_label, title=title, sentence=sentence, measure=measure, noun=KIND, unit=unit,
            decimals=1 if measure == Figure.Measure.MEAN else 0, measures=Figure.Measures.EFFORT,
            since=date(2020, 1, 1), survey=survey,
        )
    )  # fmt: skip


_declare(
    "forms.count", ("表单数", "Forms"),
    ("系统中可填写的表单数，每类记录一张。", "Forms people fill in, one for each kind of record."),
    Figure.Measure.COUNT, "张",
)  # fmt: skip
_declare(
    "forms.facts_asked", ("每表填报项", "Facts asked per form"),
    ("每张表单平均询问的项目数，衡量系统自身造成的填报负担（国办函〔2026〕12号）。",
     "Facts a form asks on average: the burden the software itself causes (国办函〔2026〕12号)."),
    Figure.Measure.MEAN, "项",
)  # fmt: skip
_declare(
    "forms.facts_required", ("每表必填项", "Facts required per form"),
    ("每张表单平均必填的项目数。", "Facts a form insists on, on average."), Figure.Measure.MEAN, "项",
)  # fmt: skip
_declare(
    "forms.minutes", ("近30天填表用时", "Minutes spent on forms in 30 days"),
    ("最近30天在网页上填写各表单的用时：每张表单填写用时的中位数乘以填写次数之和；只计秒数，不记内容、不记人。",
     "Time spent on forms in 30 days: each form's median times how often it was filled in; no content, nobody named."),
    Figure.Measure.SUM, "分钟", burden,
)  # fmt: skip
_declare(
    "forms.facts_twice", ("重复填报项", "Facts asked twice"),
    ("两张表单都问、其中一张本可从另一张得知的项目数（名称和类型相同，且两表互相关联或同为个人信息）。",
     "Facts asked by two forms of which one could know them from the other (same name and type; linked, or personal)."),
    Figure.Measure.SUM, "项", burden,
)  # fmt: skip
