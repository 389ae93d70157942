"""Cases on a map: where they lie, counted by the cells of a grid in the database."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Func, IntegerField, Min, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from zijing.cases.models import CaseQuerySet
from zijing.core.plans import Passing
from zijing.records.filters import open_overdue

# However wide a screen, no more cells are answered than these: one for each 64 of its pixels.
MOST = 1000
NEAREST, FARTHEST = 20, 3
# The width of a cell in degrees at zoom 0, where the world is 512 pixels wide; a power of two further in, exactly.
WORLD = 45.0


@dataclass(frozen=True)
class Cluster:
    """The cases of a cell: how many, how many of them late, their middle, the cell, and the case if it is but one."""

    n: int
    late: int
    lon: float
    lat: float
    cell: tuple[float, float, float, float]
    only: int | None


class CellOf(Func):
    """The number of the cell that a degree lies in. What SQLite cuts off is a floor, for there is no minus in China."""

    template = "CAST(FLOOR(%(expressions)s) AS INTEGER)"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(%(expressions)s AS INTEGER)", **extra)


def clusters(rows: CaseQuerySet, spot: str, *, zoom: int, at: datetime) -> list[Cluster]:
    """The cases with a position, in cells as wide as 64 pixels at a zoom of the map; the fullest first."""
    size = WORLD / 2 ** min(max(zoom, FARTHEST), NEAREST)
    lon, lat = (Cast(KT(f"fields__{spot}__{n}"), FloatField()) for n in (0, 1))
    cells = rows.order_by().filter(**{f"fields__{spot}__0__isnull": False})
    cells = cells.annotate(x=CellOf(lon / Value(size)), y=CellOf(lat / Value(size))).values("x", "y")
    late = Count("pk", filter=open_overdue(at))
    found = cells.annotate(n=Count("pk"), late=late, lon=Avg(lon), lat=Avg(lat), first=Min("pk")).order_by("-n")
    return [
        Cluster(
            c["n"], c["late"], round(c["lon"], 6), round(c["lat"], 6),
            (c["x"] * size, c["y"] * size, (c["x"] + 1) * size, (c["y"] + 1) * size),
            c["first"] if c["n"] == 1 else None,
        )
        for c in found[:MOST]
    ]  # fmt: skip


def by_place(rows: CaseQuerySet, at: datetime) -> tuple[Counter[str], Counter[str]]:
    """How many cases lie at or below each path, and how many of them are late."""
    late = Count("pk", filter=open_overdue(at))
    found = rows.order_by().annotate(where=Passing(F("path"))).values("where").annotate(n=Count("pk"), late=late)
    found = found.values_list("where", "n", "late")
    whole, overdue = Counter[str](), Counter[str]()
    for path, n, n_late in found:
        steps = path.strip("/").split("/")
        for depth in range(1, len(steps) + 1):
            above = "/" + "/".join(steps[:depth]) + "/"
            whole[above] += n
            overdue[above] += n_late
    return whole, overdue
