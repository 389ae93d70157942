"""Which record, place, unit or month each row of a wanted sheet is about; of a blank sheet, which rows it gets."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zijing.core.errors import Invalid
from zijing.core.worktime import day_of
from zijing.figures.periods import last_of, parse_period
from zijing.figures.queries import records_of
from zijing.packs.builder.plan import Plan
from zijing.packs.builder.sources import MONTHS, NUMBER, PLACES, UNITS
from zijing.people.access import Actor
from zijing.people.models import Unit
from zijing.places.models import Level, Place
from zijing.records.cleaning import plain
from zijing.records.filters import parse
from zijing.records.models import Record
from zijing.records.sheets.headings import normal

MOST_ROWS, AT_ONCE = 10_000, 400
TOTAL = {"合计", "总计", "全街道", "全镇", "全办", "total", "sum"}
COMMITTEES = ("社区居委会", "居民委员会", "居委会", "村民委员会", "村委会")
WHOLE_YEAR = {"全年", "本年", "wholeyear"}
MONTH = re.compile(r"(?:(?P<year>20\d\d)[年./-])?0?(?P<month>1[0-2]|[1-9])(?:月份?)?")
COLON = (":", "：")


@dataclass(frozen=True)
class Month:
    """A month as a row, or a whole year as a total: its first and last day."""

    since: date
    until: date


@dataclass(frozen=True)
class Line:
    """A row and what it is about: a record, a place, a unit, a month, or (all None) all that the reader sees."""

    row: int
    record: Record | None = None
    place: Place | None = None
    unit: Unit | None = None
    month: Month | None = None


@dataclass
class Rows:
    """The rows to fill. ``blank``: the sheet named nothing, so that these were chosen. ``strange``: the rows that name
    what is not known, or more than one thing.
    """

    lines: list[Line] = field(default_factory=list)
    blank: bool = False
    strange: list[tuple[int, str]] = field(default_factory=list)
    footer: int = 0


def rows_of(plan: Plan, actor: Actor, at: datetime) -> Rows:
    """The rows of a sheet. ``Invalid`` when a blank one would become longer than 10,000 rows."""
    named = list(_named(plan))
    texts = [text for _row, texts in named for text in texts]
    known = _known(plan, actor, at, texts)
    rows = Rows()
    for row, names in named:
        found = next((one for one in (known.get(normal(t), []) for t in names) if len(one) == 1), None)
        if found:
            rows.lines.append(_line(row, found[0]))
        elif not _remark(names[0]):
            rows.strange.append((row, names[0]))
    return rows if rows.lines or rows.strange else _blank(plan, actor, at, {row for row, _names in named})


def _known(plan: Plan, actor: Actor, at: datetime, texts: Sequence[str]) -> dict[str, list[Any]]:
    """What rows may name, by normal name."""
    if plan.subject.kind is not None:
        return _records(plan, actor, at, texts)
    if plan.subject.rows == MONTHS:
        return {normal(t): [found] for t in texts if (found := _month(t, _year(plan, at)))}
    return _units(actor) if plan.subject.rows == UNITS else _places(actor)


def _line(row: int, found: Record | Place | Unit | Month | None) -> Line:
    match found:
        case Place():
            return Line(row, place=found)
        case Unit():
            return Line(row, unit=found)
        case Month():
            return Line(row, month=found)
    return Line(row, record=found)


def _units(actor: Actor) -> dict[str, list[Any]]:
    """The units of the actor's office by number and name; a total is about everything within sight."""
    found: dict[str, list[Any]] = {normal(word): [None] for word in TOTAL}
    for unit in _own_units(actor):
        for name in {normal(unit.name), normal(unit.code)}:
            found.setdefault(name, []).append(unit)
    return found


def _own_units(actor: Actor) -> list[Unit]:
    return list(Unit.objects.visible_to(actor).filter(office=actor.office_id).order_by("code"))


def _year(plan: Plan, at: datetime) -> int:
    """The year of the sheet's days, which a month without one belongs to."""
    return parse_period(plan.period, day_of(at)).since.year


def _month(text: str, year: int) -> Month | None:
    """The month that a row names (3月, 2026年3月, 2026-03), its year for a total; None for anything else."""
    if normal(text) in TOTAL | WHOLE_YEAR:
        return Month(date(year, 1, 1), date(year, 12, 31))
    found = MONTH.fullmatch(plain(text).replace(" ", ""))
    if found is None:
        return None
    first = date(int(found["year"] or year), int(found["month"]), 1)
    return Month(first, last_of(first, "month"))


def _named(plan: Plan) -> Iterator[tuple[int, list[str]]]:
    """The rows below the headings that name something: by a number first, then by a name."""
    by_source = {plan.source(c): c for c in plan.mapped}
    naming = [by_source[key].index for key in plan.subject.naming if key in by_source]
    for row in range(plan.header.last + 1, len(plan.sheet.rows) + 1):
        texts = [text for n in naming if (text := plain(plan.sheet.cell(row, n)))]
        if texts:
            yield row, texts


def _remark(text: str) -> bool:
    """Whether a text is no name but a line below the table: 填表人：…"""
    return any(c in text for c in COLON)


def _places(actor: Actor) -> dict[str, list[Any]]:
    """Places by the names that a row may give them; a total is about everything within sight."""
    found: dict[str, list[Any]] = {normal(word): [None] for word in TOTAL}
    for place in Place.objects.visible_to(actor).standing().only("name", "level", "path"):
        stem = place.name.removesuffix("社区").removesuffix("村")
        for name in {normal(n) for n in (place.name, *(stem + committee for committee in COMMITTEES))}:
            found.setdefault(name, []).append(place)
    return found


def _records(plan: Plan, actor: Actor, at: datetime, texts: Iterable[str]) -> dict[str, list[Any]]:
    """The records within sight and filter that carry one of these names or numbers."""
    found: dict[str, list[Any]] = {}
    following = iter(dict.fromkeys(texts))
    while some := list(islice(following, AT_ONCE)):
        named = Q(title__in=some) | Q(business_key__in=some)
        for record in _within(plan, actor, at).filter(named).order_by("pk")[: MOST_ROWS + 1]:
            for name in {normal(record.title), normal(record.business_key)} - {""}:
                found.setdefault(name, []).append(record)
    return found


def _within(plan: Plan, actor: Actor, at: datetime) -> "QuerySet[Any]":
    kind = plan.subject.kind
    if kind is None:
        raise ValueError("places have no records")
    return parse(plan.filter, kind, at=at, actor=actor).apply(records_of(kind.noun, actor))


def _blank(plan: Plan, actor: Actor, at: datetime, named: set[int]) -> Rows:
    """A row for each record within sight and filter; of figures one for each community and village, or one for all."""
    first = plan.header.last + 1
    rows = Rows(blank=True, footer=_footer(plan, named))
    if plan.subject.kind is None:
        naming = plan.subject.naming[0] in plan.sources.values()
        if naming and plan.subject.rows != PLACES:
            rows.lines = [_line(first + n, one) for n, one in enumerate(_unnamed(plan, actor, at))]
            return rows
        rows.lines = [Line(first + n, place=p) for n, p in enumerate(_communities(actor) if naming else [None])]
        return rows
    found = list(_within(plan, actor, at).order_by("pk")[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Invalid(
            _("More than %(n)s records would be filled in. Narrow the filter."), field="filter", n=MOST_ROWS
        )  # fmt: skip
    rows.lines = [Line(first + n, record=r) for n, r in enumerate(found)]
    return rows


def _unnamed(plan: Plan, actor: Actor, at: datetime) -> Sequence[Unit | Month]:
    """The rows of a blank sheet of units or months: every unit; the months of the year that have begun."""
    if plan.subject.rows == UNITS:
        return _own_units(actor)
    firsts = (date(_year(plan, at), month, 1) for month in range(1, 13))
    return [Month(first, last_of(first, "month")) for first in firsts if first <= day_of(at)]


def _communities(actor: Actor) -> list[Place | None]:
    """The communities and villages within sight, as official lists order them; else the places right below it."""
    seen = Place.objects.visible_to(actor).standing().defer("geometry")
    below = seen.filter(path__startswith=actor.path) if actor.path else seen
    return list(below.filter(level__in=(Level.COMMUNITY, Level.VILLAGE)).by_code()) or [None]


def _footer(plan: Plan, named: set[int]) -> int:
    """The first row below a blank table that holds a text of its own (填表人：…), 0 for none; numbers are not."""
    serial = {c.index for c in plan.mapped if plan.source(c) == NUMBER}
    for row in range(plan.header.last + 1, len(plan.sheet.rows) + 1):
        held = [n for n, v in enumerate(plan.sheet.rows[row - 1], start=1) if isinstance(v, str) and plain(v)]
        if row in named or set(held) - serial:
            return row
    return 0
