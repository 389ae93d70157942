"""The cache: one cell for a figure, a place and a day that is over; read by sums, filled where it is missing or dirty.

A reader fills a cell in three steps: it puts the empty cell there, counts, and writes the number only if nobody has
marked the cell meanwhile (``version``). A writer marks the cells it finds before it commits. SQLite has one writer, so
either the writer finds the cell or the reader counts what was written. In PostgreSQL a writer could look before the
cell is there and commit after the reader has counted; therefore whoever changes days that are over holds a shared lock
until it commits, and a reader waits between its first two steps until no such act is under way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Sum, Value, When

from zijing.core.worktime import DAY, day_of
from zijing.figures.counting import Counted, condition_of, grouped, whole_of, within
from zijing.figures.expressions import bucket, child_path
from zijing.figures.models import Figure, FigureDay
from zijing.figures.periods import bucket_of
from zijing.journal.acting import WRITER
from zijing.people.access import Actor

# An act that began before midnight may still be running after it: its day is not over until then.
LONGEST_ACT = timedelta(hours=1)
PATIENCE_MS = 200
WRITTEN_AT_ONCE = 300
LATE_ACTS = 0x21F1

Key = tuple[int, str, str]


def last_cached(at: datetime) -> date:
    """The last day whose cells may be kept: days that are not over are always counted."""
    return day_of(at - LONGEST_ACT) - DAY


def read(
    figures: Sequence[Figure], *, actor: Actor, at: datetime, parent: str, paths: Sequence[str],
    since: date, until: date, step: str = "",
) -> dict[Key, Counted]:  # fmt: skip
    """Sums by figure, path and step ("" for the whole) over days that are over; missing cells are filled.

    ``paths`` are ``parent`` itself or places right below it. One query when everything is clean, for any number of
    figures.
    """
    found, short = _clean(figures, paths, since, until, step)
    if not short:
        return found
    stale = {f: [p for p in paths if (f.pk, p) in short] for f in figures}
    filled = [f for f, missing in stale.items() if missing and _fill(f, actor, at, parent, missing, since, until)]
    again, left = _clean(filled, paths, since, until, step) if filled else ({}, set())
    found |= again
    for figure, missing in stale.items():
        if figure not in filled or any((figure.pk, p) in left for p in missing):
            found = {k: v for k, v in found.items() if k[0] != figure.pk or k[1] not in missing}
            found |= _uncached(figure, actor, at, parent, missing, since, until, step)
    return found


def _clean(
    figures: Sequence[Figure], paths: Sequence[str], since: date, until: date, step: str
) -> tuple[dict[Key, Counted], set[tuple[int, str]]]:
    """Sums over the clean cells, and which figures have fewer of them below which place than there are days."""
    cells = FigureDay.objects.filter(
        figure__in=[f.pk for f in figures], path__in=paths, day__range=(since, until), n__isnull=False
    )
    keys = {"step": bucket("day", step)} if step else {}
    rows = cells.order_by().annotate(**keys).values("figure_id", "path", *keys)
    found: dict[Key, Counted] = {}
    days = defaultdict[tuple[int, str], int](int)
    for row in rows.annotate(cells=Count("pk"), sum_n=Sum("n"), sum_total=Sum("total")):
        days[row["figure_id"], row["path"]] += row["cells"]
        found[row["figure_id"], row["path"], row.get("step", "")] = (row["sum_n"], int(row["sum_total"]))
    wanted = (until - since).days + 1
    return found, {(f.pk, p) for f in figures for p in paths if days[f.pk, p] < wanted}


def _count(
    figure: Figure, actor: Actor, at: datetime, parent: str, paths: Sequence[str], since: date, until: date
) -> dict[tuple[str, date], Counted]:
    """The recount of days below places, in one grouped query."""
    rows = within(whole_of(figure, parent).filter(condition_of(figure, actor, at)), figure, since, until)
    one = list(paths) == [parent]
    found = grouped(figure, rows, by={} if one else {"below": child_path(parent)}, days=True)
    return {(parent if one else row["below"], row["on"]): (row["n"], row["total"]) for row in found}


def _uncached(
    figure: Figure, actor: Actor, at: datetime, parent: str, paths: Sequence[str], since: date, until: date, step: str
) -> dict[Key, Counted]:
    """The same sums without the cache, while someone else is writing for long."""
    sums = defaultdict[Key, Counted](lambda: (0, 0))
    for (path, day), (n, total) in _count(figure, actor, at, parent, paths, since, until).items():
        if path in paths:
            key = (figure.pk, path, bucket_of(day, step) if step else "")
            sums[key] = (sums[key][0] + n, sums[key][1] + total)
    return dict(sums)


@contextmanager
def _briefly() -> Iterator[None]:
    """A short write that gives way: ``OperationalError`` when another writer does not end soon."""
    if connection.vendor != "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'")
            yield
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        return
    if not WRITER.acquire(timeout=PATIENCE_MS / 1000):
        raise OperationalError("another thread is writing")
    try:
        with connection.cursor() as cursor:
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            try:
                with transaction.atomic():
                    yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
    finally:
        WRITER.release()


def _fill(
    figure: Figure, actor: Actor, at: datetime, parent: str, paths: Sequence[str], since: date, until: date
) -> bool:
    """Fill what is missing or dirty; False when others write for so long that it has to wait for another reader."""
    try:
        marks = _place_empty(figure, paths, since, until)
        if not marks:
            return True
        days = [day for _path, day in marks]
        counted = _count(figure, actor, at, parent, paths, min(days), max(days))
        _write(figure, marks, counted)
    except OperationalError:
        return False
    return True


def _place_empty(
    figure: Figure, paths: Sequence[str], since: date, until: date
) -> dict[tuple[str, date], tuple[int, int]]:
    """Put empty cells where there are none; the id and version of every cell to fill, by place and day."""
    cells = FigureDay.objects.filter(figure=figure, path__in=paths, day__range=(since, until))
    there = set(cells.values_list("path", "day"))
    span = [since + DAY * n for n in range((until - since).days + 1)]
    fresh = [FigureDay(figure=figure, path=p, day=d) for p in paths for d in span if (p, d) not in there]
    if fresh:
        with _briefly():
            FigureDay.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=500)
    _wait_for_late_acts()
    rows = cells.filter(n=None).values_list("path", "day", "pk", "version")
    return {(path, day): (pk, version) for path, day, pk, version in rows}


def _write(
    figure: Figure, marks: dict[tuple[str, date], tuple[int, int]], counted: dict[tuple[str, date], Counted]
) -> None:
    """Write the numbers into the cells that nobody has marked since."""
    by_version = defaultdict[int, list[tuple[int, Counted]]](list)
    for where, (pk, version) in marks.items():
        by_version[version].append((pk, counted.get(where, (0, 0))))
    with _briefly():
        for version, numbers in by_version.items():
            for first in range(0, len(numbers), WRITTEN_AT_ONCE):
                _write_some(figure, version, numbers[first : first + WRITTEN_AT_ONCE])


def _write_some(figure: Figure, version: int, numbers: list[tuple[int, Counted]]) -> None:
    # Not by a join: PostgreSQL would look for the cells in a subquery, which takes minutes before it knows the table.
    unchanged = Figure.objects.filter(pk=figure.pk, version=figure.version).values("pk")
    cells = FigureDay.objects.filter(figure__in=unchanged, version=version, n=None)
    empty = [pk for pk, counted in numbers if counted == (0, 0)]
    full = [(pk, counted) for pk, counted in numbers if counted != (0, 0)]
    if empty:
        cells.filter(pk__in=empty).update(n=0, total=0)
    if full:
        cells.filter(pk__in=[pk for pk, _counted in full]).update(
            n=Case(*(When(pk=pk, then=Value(n)) for pk, (n, _t) in full), output_field=IntegerField()),
            total=Case(*(When(pk=pk, then=Value(t)) for pk, (_n, t) in full), output_field=BigIntegerField()),
        )


def announce_late_act() -> None:
    """Inside an act that changes days that are over: hold off readers who would fill those cells until it commits."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LATE_ACTS])


def _wait_for_late_acts() -> None:
    if connection.vendor == "postgresql":
        with _briefly(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LATE_ACTS])


def mark(cells: Iterable[int]) -> None:
    """Make cells dirty, the dirty ones too: whoever is filling them must learn that they changed."""
    standing = list(cells)
    for first in range(0, len(standing), 5000):
        chunk: dict[str, Any] = {"pk__in": standing[first : first + 5000]}
        FigureDay.objects.filter(**chunk).update(n=None, version=F("version") + 1)
