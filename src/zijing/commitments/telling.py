"""What documents may say of a figure that counts promises: the value last stated of them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zijing.commitments.models import Commitment, Statement
from zijing.core.quantity import show_number
from zijing.core.worktime import day_of
from zijing.documents.answers import Answer, Asked, Form, Setting, register_form
from zijing.figures.queries import Value, rows_of
from zijing.records.models import Noun


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


def declare() -> None:
    """Let documents tell what was last stated."""
    register_form(Form("stated", ("上报值",), _stated, title=_("the value last stated")))
