"""The figures of forms: the burden the software itself causes. A form that asks less is the better one."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from zijing.figures.models import Figure
from zijing.figures.registry import KIND, Declared, Weights, Words, register
from zijing.people.access import Actor
from zijing.places.models import Place
from zijing.records.models import Kind


def survey(actor: Actor, at: datetime, place: Place | None) -> Mapping[str, Weights]:
    """Every form (one for each kind of record) with how many facts it asks, and how many it insists on."""
    kinds = list(Kind.objects.all())
    return {
        "forms.count": {k.pk: Decimal(1) for k in kinds},
        "forms.facts_asked": {k.pk: Decimal(len(k.fields)) for k in kinds},
        "forms.facts_required": {k.pk: Decimal(sum(f.required for f in k.fields)) for k in kinds},
    }


def _declare(key: str, title: Words, sentence: Words, measure: str, unit: str) -> None:
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
