"""The figures of targets: how many are on course, and of how many nobody has said where they stand."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from zijing.commitments.models import Commitment, Statement
from zijing.core.worktime import DAY, day_of
from zijing.figures.models import Figure
from zijing.figures.registry import Declared, Weights, Words, register
from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models import ENDED, Noun

ONE = Decimal(1)
AT_MOST, EXACTLY = Commitment.Bound.AT_MOST, Commitment.Bound.EXACTLY


def targets(actor: Actor, place: Place | None, today: date) -> QuerySet[Any]:
    """The targets in force within sight: commitments with a value, a bound and a deadline that has not passed."""
    last = Statement.objects.filter(commitment=OuterRef("pk"), status=Statement.Status.ACTUAL, period__lte=today)
    last = last.order_by("-period")
    rows: QuerySet[Any] = Commitment.objects.visible_to(actor).exclude(stage__in=ENDED)
    rows = rows.filter(quantity__isnull=False, deadline__gte=today, fields__has_key="bound")
    rows = rows.filter(under(place.path)) if place else rows
    stated = {"stated": Subquery(last.values("value")[:1]), "stated_for": Subquery(last.values("period")[:1])}
    return rows.annotate(**stated).only("quantity", "deadline", "fields", "path")


def on_course(target: Commitment, stated: Decimal | None, today: date) -> bool:
    """Whether the last stated value meets what is due by now.

    A sum (so many yuan, so many flats) is due evenly over the days of the deadline's year, from its baseline if one is
    given; a rate in percent and an upper bound are due in full at any time.
    """
    wanted = target.quantity
    if stated is None or wanted is None or target.deadline is None:
        return False
    bound = target.fields["bound"]
    if bound == AT_MOST:
        return stated <= wanted
    if target.fields.get("unit") in {"%", "％"}:
        return stated == wanted if bound == EXACTLY else stated >= wanted
    begin = date(target.deadline.year, 1, 1)
    elapsed = Decimal(max((today - begin).days + 1, 0)) / ((target.deadline - begin).days + 1)
    base = Decimal(str(target.fields.get("baseline") or 0))
    start = base if base < wanted else Decimal(0)
    return stated >= start + (wanted - start) * elapsed


def survey(actor: Actor, at: datetime, place: Place | None) -> Mapping[str, Weights]:
    """The targets behind each of these figures, as they stand today."""
    today = day_of(at)
    last_month = (today.replace(day=1) - DAY).replace(day=1)
    rows = list(targets(actor, place, today))
    return {
        "targets.in_force": {t.pk: ONE for t in rows},
        "targets.on_course": {t.pk: ONE for t in rows if on_course(t, t.stated, today)},
        "targets.unstated": {t.pk: ONE for t in rows if t.stated_for is None or t.stated_for < last_month},
    }


def _declare(key: str, title: Words, sentence: Words, *, of: str = "") -> None:
    shared = bool(of)
    register(
        Declared(
            key=key, app=Commitment._meta.app_label, title=title, sentence=sentence, of=of, since=date(2020, 1, 1),
            measure=Figure.Measure.SHARE if shared else Figure.Measure.COUNT, noun="" if shared else Noun.COMMITMENT,
            unit="%" if shared else "项", decimals=int(shared), measures=Figure.Measures.OUTCOME, owner="党政办",
            survey=None if shared else survey,
        )
    )  # fmt: skip


_declare(
    "targets.in_force", ("在执行目标", "Targets in force"),
    ("有目标值、有要求且期限未到的目标数。",
     "Commitments with a target value and a bound whose deadline has not passed."),
)  # fmt: skip
_declare(
    "targets.on_course", ("进度达序时目标", "Targets on course"),
    ("最近上报的实际值达到序时进度的目标数：总量按全年天数均摊，比率和上限按全额衡量。",
     "Targets whose last stated value meets what is due by now: sums evenly over the year, rates and bounds in full."),
)  # fmt: skip
_declare(
    "targets.on_course_share", ("目标达序时比例", "Share of targets on course"),
    ("达到序时进度的目标占在执行目标的比例；未上报的计为未达到。",
     "Targets on course as a share of those in force; what nobody has stated counts as not on course."),
    of="targets.on_course/targets.in_force",
)  # fmt: skip
_declare(
    "targets.unstated", ("未按月上报目标", "Targets nobody has stated"),
    ("自上月起没有上报实际值的在执行目标数。",
     "Targets in force of which no actual value has been stated since last month."),
)  # fmt: skip
