"""What a document says of itself, and how days and periods are written in one."""

from datetime import date, datetime

from zijing.core.worktime import Clock, Limit, Span, day_of, due
from zijing.documents.about import About
from zijing.documents.models import Document
from zijing.documents.placeholders import plain
from zijing.figures.periods import step_between
from zijing.records.models import in_language

# What a text may ask a document of itself, by its names in Chinese and English.
NAMES = (
    ("单位", "office"), ("地点", "place"), ("年度", "year of the document"), ("期间", "period"), ("日期", "date"),
    ("答复期限", "reply by"), ("事项", "subject"), ("责任单位", "unit in charge"), ("办理期限", "deadline"),
)  # fmt: skip


def words_of(document: Document, at: datetime, about: About) -> dict[str, str | None]:
    """What a document says of itself, by each of the ``NAMES`` as they are compared.

    None is what the record it is about does not know: a sentence with it is left out. "" is still to be said.
    """
    until, by = document.until or day_of(at), document.reply_by or reply_by(document, at)
    said = (
        document.office.name, document.place.name, _year(until), period_text(document.since, document.until),
        day_text(day_of(at)), day_text(by) if by else "", about.title,
        about.unit, day_text(about.until) if about.until else None,
    )  # fmt: skip
    return {plain(name): word for names, word in zip(NAMES, said, strict=True) for name in names}


def nothing_said() -> dict[str, str | None]:
    """The same names with nothing behind them: a form is understood before there is a document."""
    return {plain(name): "" for names in NAMES for name in names}


def _year(day: date) -> str:
    return in_language(f"{day.year}年", str(day.year))


def reply_by(document: Document, at: datetime) -> date | None:
    """The day by which replies to a document handed in now are due; None when none is asked for."""
    if not document.reply_days:
        return None
    ends = due([Span("running", at)], Limit(document.reply_days, Clock.WORKING_DAYS)).at
    return day_of(ends) if ends else None


def day_text(day: date) -> str:
    """A day as documents write it: 2026年5月1日, without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return in_language(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")


def period_text(since: date | None, until: date | None) -> str:
    """Days as a sentence names them: 2020年, 2020年第三季度, 2020年9月, 2020年9月7日至13日."""
    if since is None or until is None:
        return day_text(until) if until else ""
    match step_between(since, until):
        case "year":
            return _year(since)
        case "quarter":
            quarter = (since.month + 2) // 3
            return in_language(f"{since.year}年第{'一二三四'[quarter - 1]}季度", f"Q{quarter} {since.year}")
        case "month":
            return in_language(f"{since.year}年{since.month}月", f"{since:%B} {since.year}")
    return in_language(f"{day_text(since)}至{_last(since, until)}", f"{day_text(since)} – {day_text(until)}")


def _last(since: date, until: date) -> str:
    """The last day without the year and the month that the first has named."""
    if since.year != until.year:
        return day_text(until)
    return f"{until.day}日" if since.month == until.month else f"{until.month}月{until.day}日"
