"""Listing, reporting and striking off as forms send them: each reads what its form asked for and makes one call."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zijing.cases import supervision
from zijing.cases.models import Supervision
from zijing.core.errors import Invalid, Missing
from zijing.records.models import Record
from zijing.web.access import ActingRequest
from zijing.web.supervision.forms import PUBLIC

Verb = Callable[[ActingRequest, Any], None]


def _supervise(request: ActingRequest, record: Record) -> None:
    said = request.POST
    supervision.supervise(
        actor=request.actor, at=request.now, subject=record, level=said.get("level", ""),
        reason=said.get("reason", ""), until=_until(said.get("until", "")), every=_every(said.get("every", "")),
        public=said.get("shown") == PUBLIC,
    )  # fmt: skip


def _until(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("Say until which day."), field="until") from None


def _every(text: str) -> int | None:
    if text and not (text.isdecimal() and len(text) < 10):
        raise Invalid(_("Write how many days as a number."), field="every")
    return int(text) if text else None


def _progress(request: ActingRequest, record: Record) -> None:
    listed, said = _chosen(request, record), request.POST.get("reason", "")
    supervision.report_progress(actor=request.actor, at=request.now, supervision=listed, said=said)


def _strike_off(request: ActingRequest, record: Record) -> None:
    listed, reason = _chosen(request, record), request.POST.get("reason", "")
    supervision.strike_off(actor=request.actor, at=request.now, supervision=listed, reason=reason)


def _chosen(request: ActingRequest, record: Record) -> Supervision:
    said = request.POST.get("supervision", "")
    listed = next((one for one in supervision.listings(record) if str(one.pk) == said), None)
    if listed is None:
        raise Missing(_("It is on no such list."))
    return listed


VERBS: dict[str, Verb] = {"supervise": _supervise, "progress": _progress, "strike-off": _strike_off}
