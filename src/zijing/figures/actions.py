"""Verbs on figures: mark the cache dirty, publish values frozen with their evidence."""

import hashlib
import json
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q

from zijing.core.asking import ask
from zijing.core.worktime import day_of
from zijing.figures import registry
from zijing.figures.cells import announce_late_act, mark
from zijing.figures.counting import MODELS
from zijing.figures.models import Figure, FigureDay, FigureVersion, Publication
from zijing.journal.acting import Act, act
from zijing.journal.models import ChainHead
from zijing.people.access import Actor
from zijing.places.models import Place, under
from zijing.records.models import Record

Evidence = list[int] | dict[str, list[list[int]]]
FEW = 100
ANY_CELL = "SELECT 1 FROM figures_figureday WHERE path IN ({paths}) AND day IN ({days}) LIMIT 1"
NOUNS = {label: noun for noun, label in MODELS.items()}


def prefixes(path: str) -> list[str]:
    """Every place path above and including ``path``: "/1/5/" gives "/1/", "/1/5/"."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def days_of(record: Record) -> dict[str, date]:
    """The days a record counts on, by time column."""
    moments = {c: getattr(record, c, None) for c in ("closed_at", "recorded_at", "due_at")}
    dates = {c: getattr(record, c, None) for c in ("happened_on", "deadline")}
    return {k: day_of(v) for k, v in moments.items() if v} | {k: v for k, v in dates.items() if v}


@dataclass
class Reach:
    """Where and when records count: the days by kind, noun and time column, the paths by kind."""

    days: dict[tuple[int, str, str], set[date]]
    paths: dict[int, set[str]]


def reach(*records: Record) -> Reach:
    """Where and when these records, as they stand, count."""
    days: dict[tuple[int, str, str], set[date]] = defaultdict(set)
    paths: dict[int, set[str]] = defaultdict(set)
    for record in records:
        paths[record.kind_id].add(record.path)
        for column, day in days_of(record).items():
            days[record.kind_id, NOUNS[record._meta.label], column].add(day)
    above = {kind: {prefix for path in of for prefix in prefixes(path)} for kind, of in paths.items()}
    return Reach(days, above)


def touch(a: Act, *records: Record) -> None:
    """Inside an act: mark dirty what is cached of figures that these records, as they stand, count in.

    Call it before and after a change that may move a record to another day or place. Of many records together it may
    mark more than is dirty, never less. Days that are not over are never cached, so filing what happens today reads
    once and writes nothing; the days are looked up all the same, because a clock may have been set back.
    """
    touch_within(a, reach(*records))


def touch_within(a: Act, reached: Reach) -> None:
    """``touch`` of records whose reach is known already."""
    days, paths = reached.days, reached.paths
    if days and min(min(on) for on in days.values()) < day_of(a.at):
        announce_late_act()
    if not _any_cell(set().union(*paths.values()), set().union(*days.values())):
        return
    counted = Q()
    for (kind, noun, column), on in days.items():
        counting = Figure.objects.filter(Q(kind=kind) | Q(noun=noun), time=column)
        counted |= Q(figure__in=counting.values("pk"), path__in=paths[kind], day__in=on)
    # In one order, so that two acts that mark the same cells wait for each other and never for ever.
    mark(FigureDay.objects.filter(counted).select_for_update().order_by("pk").values_list("pk", flat=True))


def _any_cell(paths: set[str], days: set[date]) -> bool:
    """Whether anything is cached of these places and days, asked as cheaply as can be where there are few."""
    if not paths or not days or len(paths) + len(days) > FEW:
        return bool(paths and days)
    statement = ANY_CELL.format(paths=", ".join(["%s"] * len(paths)), days=", ".join(["%s"] * len(days)))
    return bool(ask(statement, [*paths, *days]))


def forget(*paths: str) -> None:
    """Drop what is cached above, at and below places that move: records on both sides have changed place."""
    announce_late_act()
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
    evidence: Evidence,
    **more: Any,
) -> Publication:
    """Freeze ``values`` with their definition, the sorted ids behind them and the journal's position.

    The digest over all of it enters the journal, so that a changed publication is found out. ``more`` columns say what
    was published beside a key and a first day.
    """
    with act(actor, at) as a:
        head = ChainHead.objects.filter(office=office.pk).first()
        kept = evidence if isinstance(evidence, dict) else sorted(evidence)
        ids = json.dumps(kept, separators=(",", ":"), sort_keys=True).encode()
        body = json.dumps([key, period.isoformat(), definition, values], sort_keys=True, ensure_ascii=False).encode()
        made = Publication.objects.create(
            office=office, key=key, period=period, published_at=at, definition=definition, values=values,
            evidence=zlib.compress(ids), digest=hashlib.sha256(body + ids).hexdigest(),
            journal_seq=head.seq if head else 0, journal_digest=head.digest if head else "", **more,
        )  # fmt: skip
        a.record("figures.publish", made, {"key": [None, key], "digest": [None, made.digest]}, path=office.path)
        return made


def put_figure(*, key: str, columns: dict[str, Any], at: datetime) -> str:
    """Create or change a figure's definition; a change keeps the old version and empties the cache."""
    found = Figure.objects.filter(key=key).first()
    if found is None:
        Figure.objects.create(key=key, **columns)
        return "created"
    if all(getattr(found, k) == v for k, v in columns.items()):
        return "same"
    FigureVersion.objects.create(figure=found, version=found.version, definition=definition_of(found), replaced_at=at)
    Figure.objects.filter(pk=found.pk).update(**columns, version=F("version") + 1)
    FigureDay.objects.filter(figure=found).delete()
    return "changed"


def put_declared(at: datetime) -> list[str]:
    """Bring the rows of the figures declared in Python up to date; the keys of those that changed."""
    return [d.key for d in registry.every() if put_figure(key=d.key, columns=d.columns(), at=at) != "same"]


DEFINING = (
    "title_zh", "title_en", "sentence_zh", "sentence_en", "filter", "measure", "of", "time", "unit", "measures",
    "owner",
)  # fmt: skip


def definition_of(figure: Figure) -> dict[str, Any]:
    """What a figure says, as it is kept with what was published and with its later versions."""
    kept = {name: getattr(figure, name) for name in DEFINING}
    return kept | {"kind": figure.kind.key if figure.kind else "", "noun": figure.noun, "since": str(figure.since)}
