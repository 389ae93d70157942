"""What a document says of itself, and how days and periods are written in one."""

from datetime import date, datetime

from zijing.core.worktime import Clock, Limit, Span, day_of, due
from zijing.documents.models import Document
from zijing.figures.periods import step_between
from zijing.records.models import in_language


def words_of(document: Document, at: datetime, subject: str = "") -> list[tuple[tuple[str, str], str]]:
    """What a document says of itself, by the names a text may use, in Chinese and English."""
    until, by = document.until or day_of(at), document.reply_by or reply_by(document, at)
    return [
        (("单位", "office"), document.office.name),
        (("地点", "place"), document.place.name),
        (("年度", "year of the document"), _year(until)),
        (("期间", "period"), period_text(document.since, document.until)),
        (("日期", "date"), day_text(day_of(at))),
        (("答复期限", "reply by"), day_text(by) if by else ""),
        (("事项", "subject"), subject),
    ]


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
