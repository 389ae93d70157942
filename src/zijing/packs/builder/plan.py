"""How a sheet would be filled: where its headings are, what it is about, what each column is filled with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from zijing.core.errors import Invalid
from zijing.figures.periods import parse_period
from zijing.packs.builder.remembered import recall
from zijing.packs.builder.sources import Subject, figure_of, likeliest, span_in, subject_of, subjects
from zijing.people.access import Actor
from zijing.records.cleaning import plain
from zijing.records.filters import parse
from zijing.records.sheets.book import Book, Sheet, read
from zijing.records.sheets.guards import Source
from zijing.records.sheets.headings import Header, find_header, map_columns, normal
from zijing.records.sheets.outcome import Column, Options, Result
from zijing.records.sheets.structure import TITLE_ROWS
from zijing.records.sheets.units import split_heading, unit_note, with_unit

PERIOD = "month"
FEWEST = 2


@dataclass(frozen=True)
class Choices:
    """What a person has decided: the sheet, its heading row (0: found), the subject ("": the likeliest), the source of
    each column (None: as remembered, else guessed), the filter of records, the days of figures, whether cells that hold
    something are written over.
    """

    sheet: str = ""
    header: int = 0
    subject: str = ""
    mapping: Mapping[int, str] | None = None
    filter: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    over: bool = False


@dataclass
class Plan:
    """A sheet, understood. ``sources``: by column, a source's key, with @ and the days for a figure of others."""

    book: Book
    sheet: Sheet
    header: Header
    subject: Subject
    columns: list[Column]
    sources: dict[int, str]
    period: str
    filter: dict[str, str]
    remarks: list[str]
    remembered: bool = False
    over: bool = False

    @property
    def mapped(self) -> list[Column]:
        return [c for c in self.columns if c.field]

    @property
    def unknown(self) -> list[Column]:
        """The columns nothing is known for: they stay empty, and are marked."""
        return [c for c in self.columns if not c.field]

    def source(self, column: Column) -> str:
        return self.sources.get(column.index, "")

    @property
    def headings(self) -> dict[int, str]:
        """The normal heading of each column; of equal ones the second and further say so."""
        seen = Counter[str]()
        told = {}
        for column in self.columns:
            name = normal(" ".join(self.header.texts[column.index - 1]))
            seen[name] += 1
            told[column.index] = name if seen[name] == 1 else f"{name}#{seen[name]}"
        return told


def look(*, actor: Actor, at: datetime, source: Source, choices: Choices, name: str = "") -> Plan:
    """Understand a sheet that is wanted. ``Invalid`` for what is no workbook or has no headings."""
    book = read(source, name)
    sheet = _sheet(book, choices.sheet)
    header = _header(sheet, choices.header, actor)
    plan = Plan(book, sheet, header, Subject(), [], {}, "", {}, [], over=choices.over)
    plan.columns = [Column(n, texts[0]) for n, texts in header.named().items()]
    known = recall(actor, plan.headings) if choices.mapping is None and not choices.subject else None
    plan.subject = _subject(plan, choices.subject or (known.subject if known else ""), actor)
    plan.period = choices.period or (known.period if known else "") or PERIOD
    plan.filter = dict(choices.filter) or dict(known.filter if known else {})
    _check(plan, actor, at)
    if known and known.subject == plan.subject.key:
        plan.remembered = True
        _choose(plan, {n: known.columns.get(h, "") for n, h in plan.headings.items()})
    elif choices.mapping is not None:
        _choose(plan, choices.mapping)
    else:
        _guess(plan, at.year)
    return plan


def _sheet(book: Book, name: str) -> Sheet:
    filled = [p for p in book.filled if not p.hidden]
    if not filled:
        raise Invalid(_("There is nothing in the workbook."), field="file")
    return book.sheet(name or filled[0].name)


def _header(sheet: Sheet, chosen: int, actor: Actor) -> Header:
    """The row of the headings: the chosen one, the one that names most of what is known, or the first that could be."""
    every = list({(s.key, s.title_zh): s for subject in subjects(actor) for s in subject.sources}.values())
    row = chosen or _likely_row(sheet, {normal(n) for s in every for n in (s.title_zh, s.title_en, *s.aliases)})
    if not row:
        raise Invalid(_("No row of headings was found in the first %(n)s rows."), field="file", n=TITLE_ROWS)
    return find_header(sheet, [], Options(header=row))


def _likely_row(sheet: Sheet, known: set[str]) -> int:
    best, found = 0, 0
    for number, line in enumerate(sheet.rows[:TITLE_ROWS], start=1):
        texts = {plain(v) for v in line if isinstance(v, str) and plain(v)}
        words = {normal(w) for t in texts for w in (t, split_heading(t)[0], span_in(t, 0)[1])}
        score = 10 * len(words & known) + 1 if len(texts) >= FEWEST or (texts and words & known) else 0
        if score > best:
            best, found = score, number
    return found


def _subject(plan: Plan, wanted: str, actor: Actor) -> Subject:
    if wanted:
        return subject_of(wanted, actor)
    texts = [t for texts in plan.header.named().values() for t in texts]
    words = {normal(w) for t in texts for w in (t, split_heading(t)[0], span_in(t, 0)[1])}
    above = [*(plain(v) for line in plan.sheet.rows[: plan.header.first - 1] for v in line), plan.sheet.name]
    return likeliest(subjects(actor), words - {""}, " ".join(above))


def _check(plan: Plan, actor: Actor, at: datetime) -> None:
    """Refuse a filter or days that cannot be understood, before a row is written by them."""
    parse_period(plan.period, at.date())
    if plan.subject.kind is None:
        plan.filter = {}
        return
    filtering = parse(plan.filter, plan.subject.kind, at=at, actor=actor)
    if filtering.errors:
        raise filtering.errors[0]


def _choose(plan: Plan, mapping: Mapping[int, str]) -> None:
    by_key = {s.key: s for s in plan.subject.sources}
    note = _note(plan)
    columns = []
    for column in plan.columns:
        source = mapping.get(column.index, "")
        if source and source.partition("@")[0] not in by_key:
            raise Invalid(_("There is no field “%(key)s”."), key=source[:60])
        columns.append(_fit(plan, replace(column, field=by_key.get(source.partition("@")[0]), match="chosen"), note))
        if columns[-1].field:
            plan.sources[column.index] = source
    plan.columns = columns


def _guess(plan: Plan, year: int) -> None:
    """Match the headings to sources; of figures apart for the days they name, for one figure may fill several."""
    spans, header = _without_spans(plan, year)
    found: dict[int, Column] = {}
    for span in dict.fromkeys(["", *spans.values()]):
        texts = tuple(t if spans.get(n, "") == span else () for n, t in enumerate(header.texts, start=1))
        result = Result(plan.subject.key, plan.sheet.name)
        map_columns(result, plan.sheet, replace(header, texts=texts), plan.subject.sources, Options())
        plan.remarks += [e.message for e in result.errors] + [r.message for r in result.remarks if r.ask]
        refused = {e.column for e in result.errors}
        found |= {c.index: replace(c, field=None) if c.index in refused else c for c in result.columns}
    plan.columns = [replace(found[c.index], heading=c.heading) for c in plan.columns]
    for column in plan.mapped:
        key, span = column.field.key if column.field else "", spans.get(column.index, "")
        plan.sources[column.index] = f"{key}@{span}" if span and figure_of(key)[0] else key


def _without_spans(plan: Plan, year: int) -> tuple[dict[int, str], Header]:
    """The days that headings of figures name, and the headings without them, so that 本月走访次数 is 走访次数."""
    if plan.subject.kind:
        return {}, plan.header
    spans: dict[int, str] = {}
    texts: list[tuple[str, ...]] = []
    for index, names in enumerate(plan.header.texts, start=1):
        spans[index] = next((found for found in (span_in(t, year)[0] for t in reversed(names)) if found), "")
        kept = [left for left in (span_in(t, year)[1].strip() for t in names) if left]
        texts.append(tuple(dict.fromkeys([*kept, *names])) if spans[index] else names)
    return spans, replace(plan.header, texts=tuple(texts))


def _fit(plan: Plan, column: Column, note: str) -> Column:
    """The column with its unit; without its source, and a remark, where the heading's unit does not fit."""
    try:
        return with_unit(column, note)
    except Invalid as error:
        plan.remarks.append(f"{column.letter}: {error}")
        return replace(column, field=None)


def _note(plan: Plan) -> str:
    lines = plan.sheet.rows[: plan.header.first - 1]
    return next((unit for line in lines for value in line if (unit := unit_note(str(value)))), "")


def days_of(plan: Plan, column: Column, today: date) -> tuple[date, date]:
    """The days of the figures in a column: its own, else the sheet's."""
    period = parse_period(figure_of(plan.source(column))[1] or plan.period, today)
    return period.since, period.until


def of_figures(plan: Plan) -> bool:
    """Whether its rows are places, units or months with their figures."""
    return plan.subject.kind is None
