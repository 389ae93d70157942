"""The figures of the steps of a case: how often each is done in time, and where the loop loses its time."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from zijing.cases.models import STEPS, Case, Stage, Step
from zijing.figures.expressions import Seconds
from zijing.figures.models import Figure
from zijing.figures.registry import Declared, Words
from zijing.records.models import Noun

SINCE = date(2020, 1, 1)
CLOSED = Q(stage=Stage.CLOSED)

WORDS: dict[str, Words] = {
    "verify": ("核实", "verification"), "dispatch": ("派遣", "dispatch"), "accept": ("签收", "acceptance"),
    "handle": ("处置", "handling"), "check": ("核查", "check"),
}  # fmt: skip


def left_late(step: str) -> Q:
    """The condition that a case once stood longer at the stage of this step than it might."""
    return Q(Exists(_moves(step).filter(at__gt=F("due_at"))))


def with_limit(step: str) -> Q:
    """The condition that the stage of this step had a limit when the case left it."""
    return Q(Exists(_moves(step).filter(due_at__isnull=False)))


def seconds_at(step: str) -> "Subquery[Any]":
    """How long a case stood at the stage of this step, all times together; what it rested is not in it."""
    stood = _moves(step).filter(since__isnull=False).order_by().values("case")
    total = stood.annotate(total=Sum(Seconds(F("at")) - Seconds(F("since")))).values("total")
    return Subquery(total, output_field=BigIntegerField())


def _moves(step: str) -> QuerySet[Step]:
    stages = [stage for stage, done in STEPS.items() if done == step]
    return Step.objects.filter(case=OuterRef("pk"), from_stage__in=stages).exclude(to_stage=F("from_stage"))


def _of_step(step: str, zh: str, en: str) -> list[Declared]:
    shared: dict[str, Any] = {"app": Case._meta.app_label, "measures": Figure.Measures.OUTCOME, "since": SINCE}
    counted: dict[str, Any] = {"measure": Figure.Measure.COUNT, "noun": Noun.CASE, "time": "closed_at", "unit": "件"}
    hours: dict[str, Any] = {
        "noun": Noun.CASE,
        "time": "closed_at",
        "unit": "小时",
        "decimals": 1,
        "narrow": lambda at: CLOSED,
    }
    whole, part = f"cases.{step}_limited", f"cases.{step}_on_time"
    return [
        Declared(
            key=whole, title=(f"{zh}有时限的结案", f"Closed with a limit for {en}"),
            sentence=(f"期内结案、{zh}环节有时限的案件数。", f"Cases closed in the period that had a limit for {en}."),
            narrow=lambda at: CLOSED & with_limit(step), **counted, **shared,
        ),
        Declared(
            key=part, title=(f"按时{zh}的结案", f"Closed, {en} always in time"),
            sentence=(f"期内结案、{zh}环节有时限且每次都未超时的案件数。",
                      f"Cases closed in the period that had a limit for {en} and kept it each time."),
            narrow=lambda at: CLOSED & with_limit(step) & ~left_late(step), **counted, **shared,
        ),
        Declared(
            key=f"cases.{step}_on_time_rate", title=(f"{zh}按时率", f"On-time rate of {en}"),
            sentence=(f"期内结案、{zh}环节有时限的案件中，每次都未超时的比例。",
                      f"Of the cases closed in the period with a limit for {en}, the share that kept it each time."),
            measure=Figure.Measure.SHARE, of=f"{part}/{whole}", unit="%", decimals=1, **shared,
        ),
        *(
            Declared(
                key=f"cases.{step}_{name}", measure=measure, title=(f"{zh}用时{share_zh}", f"{share_en} for {en}"),
                sentence=(f"期内结案的案件在{zh}环节停留小时数（昼夜连续计，多次的相加，挂账除外）的{share_zh}。",
                          f"{share_en} that cases closed in the period stood at {en}, all times together, no rests."),
                seconds=partial(seconds_at, step), **hours, **shared,
            )
            for name, measure, share_zh, share_en in RANKS
        ),
    ]  # fmt: skip


RANKS = (
    ("median_hours", Figure.Measure.MEDIAN, "中位数", "Median hours"),
    ("p90_hours", Figure.Measure.P90, "九成位数", "Hours of nine in ten"),
)


def of_steps() -> list[Declared]:
    """The figures of every step."""
    return [figure for step, (zh, en) in WORDS.items() for figure in _of_step(step, zh, en)]
