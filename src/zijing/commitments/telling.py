"""What documents may say that only promises know: a target, the share of it that is done, the value last stated."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zijing.commitments import worded
from zijing.commitments.models import Commitment, Statement
from zijing.commitments.progress import Aim, done_share
from zijing.commitments.queries.counting import in_measure
from zijing.core.quantity import show_number
from zijing.core.worktime import day_of
from zijing.documents.answers import Answer, Asked, Form, Setting, Span, has_data, register_form, register_piece
from zijing.documents.placeholders import Period
from zijing.figures.queries import Value, rows_of
from zijing.records.models import NOWHERE, Noun


def _stated(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    """The value last stated up to the document's end of the one promise counted; nothing where there are several."""
    value = found[0]
    if asked.figure.counted_noun != Noun.COMMITMENT or value.n != 1:
        return Answer(value=value)
    [promise] = Commitment.objects.filter(
        pk__in=rows_of(asked.figure, setting.scope(asked.place, asked.spans[0])).values("pk")
    )
    until = asked.spans[0][1] or day_of(setting.at)
    actual = promise.statements.filter(status=Statement.Status.ACTUAL, period__lte=until)
    last = actual.order_by("-period").first()
    if last is None or last.value is None:
        return Answer(value=value)
    unit = promise.measure or asked.figure.unit
    return Answer(f"{show_number(last.value, 4)}{unit}", value, last.value, unit)


def promise_of(asked: Asked, setting: Setting) -> Commitment | None:
    """The office's promise for the year that names the figure and has a target; the one that ends last."""
    until = asked.spans[0][1] or setting.until or day_of(setting.at)
    mine = Commitment.objects.filter(office=setting.office, figure=asked.figure.key, quantity__isnull=False)
    named = mine.filter(deadline__year=until.year).exclude(stage__in=NOWHERE)
    return named.order_by("-deadline", "pk").first()


def _target(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    promise = promise_of(asked, setting)
    if promise is None or promise.quantity is None:
        return Answer(value=found[0])
    text = f"{show_number(promise.quantity, 4)}{promise.measure or asked.figure.unit}"
    return Answer(text, found[0], promise.quantity, promise.measure)


def _share(asked: Asked, setting: Setting, found: Sequence[Value]) -> Answer:
    promise, value = promise_of(asked, setting), found[0]
    if promise is None or not has_data(value):
        return Answer(value=value)
    aim = Aim(promise.quantity, promise.bound, promise.measure, promise.baseline)
    share = done_share(aim, in_measure(value, promise.measure))
    if share is None:
        return Answer(value=value)
    return Answer(f"{show_number(share, 1)}%", value, Decimal(share), "%")


def _year(setting: Setting, _period: Period) -> tuple[Span, ...]:
    return (setting.span(Period.YEAR),)


def declare() -> None:
    """Let documents speak of targets, and of what was promised in words."""
    register_form(Form("stated", ("上报值",), _stated, title=_("the value last stated")))
    register_form(Form("target", ("目标",), _target, _year, title=_("the target promised for the year")))
    register_form(Form("of_target", ("目标完成",), _share, _year, title=_("the share of the target")))
    register_piece("计划事项", "items of the plan", piece=worded.told)
