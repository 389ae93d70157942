"""From a workbook to the ledger: read, map, type, rehearse, and write all rows or none."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _, gettext_lazy

from zijing.core.errors import Conflict, DomainError, Several
from zijing.core.turns import tidied_afterwards
from zijing.journal.once import once
from zijing.people.access import Actor, require
from zijing.records.fields import Field, ids_in, same
from zijing.records.models import Record
from zijing.records.putting import Put
from zijing.records.referring import REFERENCES, names_of
from zijing.records.sheets.book import Book, Sheet, read
from zijing.records.sheets.guards import Source
from zijing.records.sheets.headings import Header, fillable, find_header, guess, map_columns
from zijing.records.sheets.letters import column_letter
from zijing.records.sheets.outcome import Change, Options, Result, Target
from zijing.records.sheets.remembered import Recall, keep_layout, nothing_recalled, recall, remember
from zijing.records.sheets.rows import Reader, Tell, silent, tell_formats
from zijing.records.sheets.standing import tell_standing
from zijing.records.sheets.trial import Rehearsal, made_ready, rehearse

BUILT_IN = {"place": gettext_lazy("places"), "unit": gettext_lazy("units"), "post": gettext_lazy("posts")}
CHANGES_SHOWN = 500
GUESS = Options()


def title_of(target: Target) -> str:
    """The name of a ledger in the reader's language."""
    return target.title or str(BUILT_IN.get(target.key, target.key))


def preview(
    *, target: Target, actor: Actor, at: datetime, source: Source, name: str = "", options: Options = GUESS,
    marked: bool = False,
) -> Result:  # fmt: skip
    """What importing the workbook would do, exactly, with nothing written.

    ``marked``: also hand back the workbook with every error at its cell. ``Refused`` when the actor may not write the
    ledger; ``Invalid`` when the file itself is not read.
    """
    require(actor, target.right)
    book = read(source, name)
    result = prepare(book, target, actor, options, recall=partial(recall, target, actor))
    _rehearse(result, target, actor, at)
    if marked:
        result.annotated = _annotate(book.content, result)
    return result


def bring_in(
    *, target: Target, actor: Actor, at: datetime, source: Source, name: str = "", options: Options = GUESS,
    client_id: UUID | None = None, marked: bool = False, tell: Tell = silent,
) -> Result:  # fmt: skip
    """Import a workbook: all its rows, or none and the reasons by cell. Importing it again changes nothing.

    ``client_id`` makes a form sent twice one import. ``tell`` hears how many rows of how many are read, and may raise
    to call the whole off. With ``marked`` a workbook that was not imported comes back with every error at its cell.
    """
    require(actor, target.right)
    book = read(source, name)
    result = prepare(book, target, actor, options, tell, partial(recall, target, actor))
    if result.errors or (result.questions and not options.confirmed):
        _rehearse(result, target, actor, at)
    else:
        tell(len(result.rows), len(result.rows))
        _land(result, target, actor, at, client_id)
        if result.landed:
            remember(target=target, actor=actor, at=at, result=result)
            if target.answered:
                keep_layout(target=target, actor=actor, at=at, result=result)
    if marked and (result.standing or not result.landed):
        result.annotated = _annotate(book.content, result)
    return result


def prepare(
    book: Book, target: Target, actor: Actor, options: Options, tell: Tell = silent, recall: Recall = nothing_recalled
) -> Result:
    """The typed rows of the workbook and every fault in it. Reads references, writes nothing.

    ``recall`` says how the columns were read the last time; what the options say goes first.
    """
    result = Result(target.key, sheets=tuple(p.name for p in book.filled))
    fields = [replace(f, required=f.required or f.key == target.business_key) for f in fillable(target.fields)]
    try:
        sheet = _choose_sheet(book, fields, options, result)
        result.sheet = sheet.name
        header = find_header(sheet, fields, options)
        options = _as_last_time(result, sheet, header, fields, options, recall)
        map_columns(result, sheet, header, fields, options)
        if not result.errors:
            Reader(sheet, header, target, actor, options, result, tell).run()
            tell_formats(result, sheet)
    except DomainError as error:
        result.refuse(0, 0, error, error.field)
    result.errors.sort(key=lambda e: (e.row, e.column))
    if not target.business_key:
        result.remark(_("Rows of this kind have no key: importing them again adds them again."), ask=True)
    return result


def _as_last_time(
    result: Result, sheet: Sheet, header: Header, fields: list[Field], options: Options, recall: Recall
) -> Options:
    """The options with the columns as they were read the last time, which is said; asked when somebody else chose."""
    recalled = recall({n: texts[0] for n, texts in header.named().items()}) if options.mapping is None else None
    if options.mapping is None and recalled is None:
        return options
    result.guess = guess(sheet, header, fields)
    if recalled is None:
        result.chosen = options.mapping
        return options
    by_key = {f.key: f for f in fields}
    mapping = {n: key if not key or key in by_key else result.guess[n] for n, key in recalled.mapping.items()}
    for n, key in mapping.items():
        if key != result.guess[n]:
            words = {
                "letter": column_letter(n), "heading": header.texts[n - 1][0],
                "label": by_key[key].label if key else _("not imported"),
            }  # fmt: skip
            sentence = _("Column %(letter)s “%(heading)s”: %(label)s, as last time.")
            result.remark(sentence % words, ask=recalled.others, row=header.last, column=n)
    return replace(options, mapping=mapping)


def _choose_sheet(book: Book, fields: list[Field], options: Options, result: Result) -> Sheet:
    """The sheet asked for, else the only one whose headings are recognised; says what is not read."""
    if options.sheet:
        return book.sheet(options.sheet) if options.whole else _with_remarks(book, book.sheet(options.sheet), result)
    visible = [p.name for p in book.filled if not p.hidden]
    if len(visible) == 1:
        return _with_remarks(book, book.sheet(visible[0]), result)
    fitting = [s for s in map(book.sheet, visible) if _fits(s, fields)]
    if len(fitting) == 1:
        return _with_remarks(book, fitting[0], result)
    if not book.filled:
        raise DomainError(_("The workbook is empty."), field="sheet")
    names = _(", ").join(s.name for s in fitting) or _(", ").join(p.name for p in book.filled)
    raise DomainError(_("Say which sheet is to be imported: %(names)s."), field="sheet", names=names)


def _fits(sheet: Sheet, fields: list[Field]) -> bool:
    try:
        find_header(sheet, fields, GUESS)
    except DomainError:
        return False
    return True


def _with_remarks(book: Book, sheet: Sheet, result: Result) -> Sheet:
    for part in book.filled:
        if part.name == sheet.name:
            continue
        sentence = (
            _("The hidden sheet “%(name)s” is not read.") if part.hidden else _("The sheet “%(name)s” is not read.")
        )
        result.remark(sentence % {"name": part.name})
    return sheet


def _rehearse(result: Result, target: Target, actor: Actor, at: datetime) -> None:
    """Fill in the outcomes, or the errors of the verbs, unless the sheet has faults of its own."""
    if not result.errors and result.rows:
        _conclude(result, actor, rehearse(target=target, actor=actor, at=at, rows=result.rows))


def _conclude(result: Result, actor: Actor, rehearsal: Rehearsal) -> None:
    columns = {c.field.key: c.index for c in result.mapped if c.field}
    for row, error in rehearsal.errors:
        result.refuse(row, columns.get(error.field, 0), error, error.field)
    result.outcomes = _words(rehearsal.outcomes)
    tell_standing(result, actor, rehearsal.outcomes)
    result.changes = _changes(result, rehearsal.outcomes)


def _words(outcomes: Iterable[Put | str]) -> list[str]:
    return [o.outcome if isinstance(o, Put) else o for o in outcomes]


def _land(result: Result, target: Target, actor: Actor, at: datetime, client_id: UUID | None) -> None:
    def do(landing: Callable[[], list[Put | str]]) -> dict[str, Any]:
        puts = landing()
        result.outcomes = _words(puts)
        tell_standing(result, actor, puts)
        return {"created": result.created, "changed": result.changed, "same": result.same}

    def landed() -> dict[str, Any]:
        with made_ready(target=target, actor=actor, at=at, rows=result.rows) as landing, tidied_afterwards():
            asked: dict[str, Any] = {"actor": actor, "at": at, "body": _body(result), "do": partial(do, landing)}
            return once(client_id=client_id, alone=True, **asked) if client_id else do(landing)

    try:
        try:
            answer = landed()
        except Conflict:  # somebody else has just written the same: once more, upon what stands now
            answer = landed()
    except DomainError as error:
        result.outcomes = []
        _conclude(result, actor, rehearse(target=target, actor=actor, at=at, rows=result.rows))
        if not result.errors:
            for each in error.errors if isinstance(error, Several) else [error]:
                result.refuse(0, 0, each, each.field)
        return
    result.landed = True
    result.outcomes = result.outcomes or [word for word, count in answer.items() for _n in range(count)]


def _body(result: Result) -> bytes:
    """What makes two sendings of a form the same: the typed rows."""
    return repr((result.kind, [sorted(row.values.items()) for row in result.rows])).encode()


def _changes(result: Result, outcomes: list[Put | str]) -> list[Change]:
    """What changes, field by field, for the first changed rows: the rehearsal's records against those that stand."""
    changed = [
        (row, o.record) for row, o in zip(result.rows, outcomes, strict=False)
        if isinstance(o, Put) and o.outcome == "changed" and isinstance(o.record, Record)
    ][:CHANGES_SHOWN]  # fmt: skip
    if not changed:
        return []
    model = type(changed[0][1])
    standing = model._default_manager.in_bulk([record.pk for _row, record in changed])
    shown = _shower([c.field for c in result.mapped if c.field], [r for _row, r in changed], list(standing.values()))
    return [
        Change(row.number, record.business_key, tuple(shown(standing[record.pk], record)))
        for row, record in changed
        if record.pk in standing
    ]


def _shower(fields: list[Field], *groups: list[Any]) -> Callable[[Any, Any], list[tuple[str, str, str]]]:
    """A function that names the fields in which two records differ; references are named with one query a type."""
    names = _names(fields, [(f, r.value(f)) for f in fields for group in groups for r in group])

    def differing(before: Any, after: Any) -> list[tuple[str, str, str]]:
        pairs = [(f, before.value(f), after.value(f)) for f in fields]
        return [(f.label, shown(f, old), shown(f, new)) for f, old, new in pairs if not same(old, new)]

    def shown(field: Field, stored: Any) -> str:
        return field.show(stored, names.get(field.type))

    return differing


def _names(fields: list[Field], cells: list[tuple[Field, Any]]) -> dict[str, dict[int, str]]:
    types = {f.type for f in fields} & set(REFERENCES)
    return {t: names_of(t, {pk for f, v in cells if f.type == t for pk in ids_in(v)}) for t in types}


def shown_rows(result: Result, limit: int = 20) -> list[tuple[int, list[str], str]]:
    """The first typed rows as a reader sees them: (row number, a text per mapped column, outcome)."""
    fields = [c.field for c in result.mapped if c.field]
    rows = result.shown(limit)
    names = _names(fields, [(f, row.values.get(f.key)) for f in fields for row, _outcome in rows])
    return [
        (row.number, [f.show(row.values.get(f.key), names.get(f.type)) for f in fields], outcome)
        for row, outcome in rows
    ]


def _annotate(content: bytes, result: Result) -> bytes:
    from zijing.records.sheets.marking import annotate  # noqa: PLC0415  # openpyxl and numpy: a fifth of every start

    return annotate(content, result)
