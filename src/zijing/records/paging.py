"""Pages of a long list by the last key seen: the hundredth is as fast as the first, and none shifts as rows arrive."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.models import Noun, Record

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Some records, and the mark after which the next page begins ("" on the last)."""

    records: list[Any]
    after: str


def page(records: "QuerySet[Any]", noun: str, *, after: str = "", size: int = SIZE) -> Page:
    """A page of ``records``: what happens newest first, what exists or was promised in the order of the ledger.

    ``after`` is the mark of an earlier page; ``Invalid`` when it is damaged.
    """
    dated = noun in (Noun.ACTIVITY, Noun.CASE)
    if after:
        records = records.filter(_beyond(after) if dated else Q(pk__gt=_number(after)))
    ordered = records.order_by(F("happened_on").desc(nulls_last=True), "-pk") if dated else records.order_by("pk")
    found = list(ordered[: size + 1])
    more = len(found) > size
    return Page(found[:size], _mark(found[size - 1], dated) if more else "")


def _mark(record: Record, dated: bool) -> str:
    return f"{record.happened_on.isoformat() if record.happened_on else ''}~{record.pk}" if dated else str(record.pk)


def _beyond(after: str) -> Q:
    day, tilde, pk = after.partition("~")
    if not tilde:
        raise _damaged()
    if not day:
        return Q(happened_on=None, pk__lt=_number(pk))
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise _damaged() from error
    return Q(happened_on__lt=on) | Q(happened_on=on, pk__lt=_number(pk)) | Q(happened_on=None)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _damaged()
    return int(text)


def _damaged() -> Invalid:
    return Invalid(_("This page's address is damaged. Begin again with the first page."), field="after")
