"""Pages of a long list by the last key seen: the hundredth is as fast as the first, and none shifts as rows arrive."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.models import Noun

SIZE = 100
DAY, CLOSED = "happened_on", "closed_at"


@dataclass(frozen=True)
class Page:
    """Some records, and the mark after which the next page begins ("" on the last)."""

    records: list[Any]
    after: str


def page(records: "QuerySet[Any]", noun: str, *, after: str = "", size: int = SIZE, by: str = DAY) -> Page:
    """A page of ``records``: what happens newest first, what exists or was promised in the order of the ledger.

    What happens is in order of its day, or of its closing when ``by`` says so and every row has one.
    ``after`` is the mark of an earlier page; ``Invalid`` when it is damaged.
    """
    dated = noun in (Noun.ACTIVITY, Noun.CASE)
    if after:
        records = records.filter(_beyond(after, by) if dated else Q(pk__gt=_number(after)))
    ordered = records.order_by(f"-{by}", "-pk") if dated else records.order_by("pk")
    found = list(ordered[: size + 1])
    more = len(found) > size
    return Page(found[:size], _mark(found[size - 1], by if dated else "") if more else "")


def _mark(record: Any, by: str) -> str:
    return f"{getattr(record, by).isoformat()}~{record.pk}" if by else str(record.pk)


def _beyond(after: str, by: str) -> Q:
    """What comes after a mark, as one range of the index and a test on its first rows."""
    moment, tilde, pk = after.partition("~")
    if not tilde:
        raise _damaged()
    try:
        last = date.fromisoformat(moment) if by == DAY else datetime.fromisoformat(moment)
    except ValueError as error:
        raise _damaged() from error
    if isinstance(last, datetime) and last.tzinfo is None:
        raise _damaged()
    return Q(**{f"{by}__lte": last}) & (Q(**{f"{by}__lt": last}) | Q(pk__lt=_number(pk)))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise _damaged()
    return int(text)


def _damaged() -> Invalid:
    return Invalid(_("This page's address is damaged. Begin again with the first page."), field="after")
