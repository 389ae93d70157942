"""Verbs on figures: mark the cache dirty, publish values frozen with their evidence."""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet

from zijing.core.worktime import day_of
from zijing.figures.models import Figure, FigureDay, Publication
from zijing.journal.acting import Act, act
from zijing.journal.models import ChainHead
from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models import Record

MARKED_AT_ONCE = 5000


def prefixes(path: str) -> list[str]:
    """Every place path above and including ``path``: "/1/5/" gives "/1/", "/1/5/"."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def days_of(record: Record) -> dict[str, date]:
    """The days a record counts on, by time column."""
    moments = {c: getattr(record, c, None) for c in ("closed_at", "recorded_at", "due_at")}
    dates = {c: getattr(record, c, None) for c in ("happened_on", "deadline")}
    return {k: day_of(v) for k, v in moments.items() if v} | {k: v for k, v in dates.items() if v}


def touch(_a: Act, *records: Record) -> None:
    """Inside an act: mark dirty what is cached of figures that these records, as they stand, count in.

    Call it before and after a change that may move a record to another day or place. Of many records together it may
    mark more than is dirty, never less. Days that are not over are never cached, so filing what happens today reads
    once and writes nothing; the days are looked up all the same, because a clock may have been set back.
    """
    cells = _cells_of(records)
    # In one order, so that two acts that mark the same cells wait for each other and never for ever.
    standing = list(cells.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(standing), MARKED_AT_ONCE):
        chunk = standing[first : first + MARKED_AT_ONCE]
        FigureDay.objects.filter(pk__in=chunk).update(n=None, version=F("version") + 1)


def _cells_of(records: Iterable[Record]) -> QuerySet[FigureDay]:
    """Every cell the records count in, the dirty ones too: whoever is filling them must learn that they changed."""
    days: dict[tuple[int, str], set[date]] = defaultdict(set)
    paths: dict[int, set[str]] = defaultdict(set)
    for record in records:
        paths[record.kind_id].update(prefixes(record.path))
        for column, day in days_of(record).items():
            days[record.kind_id, column].add(day)
    counted = Q()
    for (kind, column), on in days.items():
        counted |= Q(figure__kind=kind, figure__time=column, path__in=paths[kind], day__in=on)
    return FigureDay.objects.filter(counted) if counted else FigureDay.objects.none()


def forget(*paths: str) -> None:
    """Drop what is cached above, at and below places that move: records on both sides have changed place."""
    above = {prefix for path in paths for prefix in prefixes(path)}
    below = reduce(or_, (under(path) for path in paths))
    FigureDay.objects.filter(Q(path__in=above) | below).delete()


def publish(
    *,
    actor: Actor,
    at: datetime,
    office: Place,
    key: str,
    period: date,
    definition: dict[str, Any],
    values: dict[str, Any],
    evidence: list[int],
) -> Publication:
    """Freeze ``values`` with their definition, the sorted ids behind them and the journal's position.

    The digest over all of it enters the journal, so that a changed publication is found out.
    """
    with act(actor, at) as a:
        head = ChainHead.objects.filter(office=office.pk).first()
        ids = json.dumps(sorted(evidence), separators=(",", ":")).encode()
        body = json.dumps([key, period.isoformat(), definition, values], sort_keys=True, ensure_ascii=False).encode()
        made = Publication.objects.create(
            office=office, key=key, period=period, published_at=at, definition=definition, values=values,
            evidence=zlib.compress(ids), digest=hashlib.sha256(body + ids).hexdigest(),
            journal_seq=head.seq if head else 0, journal_digest=head.digest if head else "",
        )  # fmt: skip
        a.record("figures.publish", made, {"key": [None, key], "digest": [None, made.digest]}, path=office.path)
        return made


def put_figure(*, key: str, columns: dict[str, Any]) -> str:
    """Create or change a figure's definition; a change starts a new version and empties its cache."""
    found = Figure.objects.filter(key=key).first()
    if found is None:
        Figure.objects.create(key=key, **columns)
        return "created"
    changed = {k: v for k, v in columns.items() if getattr(found, k) != v}
    if not changed:
        return "same"
    Figure.objects.filter(pk=found.pk).update(**changed, version=F("version") + 1)
    FigureDay.objects.filter(figure=found).delete()
    return "changed"
