"""A calendar as RFC 5545 writes it: what is dated becomes an event with a UID that stays when its day moves."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from zijing.core.worktime import DAY, ZONE
from zijing.projects.queries.dates import Dated
from zijing.web.records.nouns import page_of_listed

HALF_AN_HOUR = timedelta(minutes=30)
BREAK, CONTROL = re.compile(r"\r\n|[\n\r\t\v\f\x85\u2028\u2029]"), re.compile(r"[\x00-\x1f\x7f]")
PRODUCT = "-//Zijing//Calendar//ZH"


def words(what: str) -> str:
    """What something dated is, in the reader's language."""
    return {
        "commitment": _("commitment due"), "stage": _("stage to be finished"), "case": _("case due"),
        "promise": _("promised date"),
        "meeting": _("meeting"), "supervision": _("last day on a list"), "permit": _("permit due"),
        "clearance": _("to be cleared by"), "supervision-report": _("report of a listing due"),
    }[what]  # fmt: skip


def calendar(found: Iterable[Dated], *, name: str, site: str, at: datetime) -> bytes:
    """The calendar at ``at``. ``site`` is the address of the office's pages ("https://…", no slash at its end).

    Folding, escaping and line ends are those of the library; a case's minute is written in UTC, so that no definition
    of a time zone is needed (RFC 5545, 3.3.5 form 2); everything else lasts the whole day.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", clean(name))
    made.add("x-wr-timezone", str(ZONE))
    host = site.partition("://")[2] or "zijing"
    for one in found:
        made.add_component(event(one, host=host, site=site, at=at))
    return bytes(made.to_ical())


def event(one: Dated, *, host: str, site: str, at: datetime) -> Event:
    """An event of the calendar."""
    made = Event()
    made.add("uid", f"{one.key}@{host}")
    made.add("dtstamp", _utc(at))
    if one.at:
        made.add("dtstart", _utc(one.at - HALF_AN_HOUR))
        made.add("dtend", _utc(one.at))
    else:
        made.add("dtstart", one.day)
        made.add("dtend", one.day + DAY)
    made.add("summary", clean(f"{words(one.what)}: {one.title}"))
    made.add("categories", [str(one.record.kind)])
    made.add("url", site + page_of_listed(one.record))
    made.add("transp", "TRANSPARENT")
    return made


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def clean(text: str) -> str:
    """A text without the control characters that RFC 5545 (3.1) keeps out of a value; a line break becomes a space."""
    return CONTROL.sub("", BREAK.sub(" ", text))
