"""What goes wrong in the demo and how it is put right: a tale is one case, its moves a pure schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from zijing.demo.days import around, report_time, workdays_after

OFTEN_OPEN = 15
CONFIRMED = "现场核查属实，同意结案"


@dataclass(frozen=True)
class Tale:
    """One case: what, where, since when, who puts it right, and in how many working days (None: it stays open).

    ``project`` is a project's code ("" for an issue of a place), ``place`` a place's code. ``twists``: object, rework,
    reopen. ``listings``: when it is put on a supervision list, at which level, why. ``stops``: the last move made of a
    case that stays open ("": accept). ``subject`` is the number of the ledger's entry it is about, or its sender's own;
    ``grave`` whether it is a major one, ``answer`` what is said when it is closed.
    """

    key: str
    kind: str
    type: str
    what: str
    filed: date
    days: int | None
    project: str = ""
    place: str = ""
    twists: frozenset[str] = frozenset()
    listings: tuple[tuple[date, str, str], ...] = ()
    stops: str = ""
    by_report: bool = False
    subject: str = ""
    grave: bool = False
    answer: str = ""

    @property
    def closes(self) -> date | None:
        """The day it is closed for the first time."""
        return None if self.days is None else workdays_after(self.filed, max(2, self.days))

    @property
    def stretch(self) -> tuple[date, date]:
        """The days on which it holds the site up."""
        return self.filed, self.closes or workdays_after(self.filed, OFTEN_OPEN)


@dataclass(frozen=True)
class Move:
    """A step of a case: when, which verb, who: "sender" (who dispatches), "unit", "checker", or the level of a list
    ("office", "county"). ``astray``: dispatched to a unit that is not in charge.
    """

    at: datetime
    verb: str
    who: str
    reason: str = ""
    astray: bool = False


def filed_at(tale: Tale) -> datetime:
    """When the case is filed."""
    if tale.by_report:
        return report_time(tale.filed, tale.project)
    return around(tale.filed, (9, 0), (16, 0), "filed", tale.key)


@cache
def moves(tale: Tale) -> tuple[Move, ...]:
    """Everything that is done about the case after its filing, in order of time."""
    if tale.kind == "fire-passage":
        return tuple(_at_once(tale))
    found = [*_sending(tale), *_supervision(tale), *_ending(tale), *_return(tale)]
    return tuple(sorted(found, key=lambda m: m.at))


def _sending(tale: Tale) -> Iterator[Move]:
    first = workdays_after(tale.filed, 1)
    if "object" in tale.twists:
        yield Move(around(first, (9, 0), (9, 40), "astray", tale.key), "dispatch", "sender", astray=True)
        yield Move(around(first, (14, 30), (15, 30), "object", tale.key), "object", "unit", "不属本单位职责，建议改派")
        first = workdays_after(first, 1)
    yield Move(around(first, (9, 0), (9, 40), "dispatch", tale.key), "dispatch", "sender")
    if tale.stops != "dispatch":
        yield Move(around(first, (10, 0), (11, 30), "accept", tale.key), "accept", "unit")


def _at_once(tale: Tale) -> Iterator[Move]:
    """What cannot wait is done within two hours."""
    filed = filed_at(tale)
    steps = (("dispatch", "sender", ""), ("accept", "unit", ""), ("submit", "unit", "已当场疏通，请核查"))
    for n, (verb, who, reason) in enumerate((*steps, ("close", "checker", "现场核查畅通，同意结案"))):
        yield Move(filed + timedelta(minutes=8 + n * 22), verb, who, reason)


def _ending(tale: Tale) -> Iterator[Move]:
    last = tale.closes
    if last is None:
        if tale.stops == "submit":
            yield _submission(tale, workdays_after(tale.filed, 2), "已处置，请核查")
        return
    before = workdays_after(tale.filed, max(1, (tale.days or 2) - 1))
    if "rework" in tale.twists:
        yield Move(around(before, (13, 0), (13, 40), "early", tale.key), "submit", "unit", "已处置，请核查")
        yield Move(
            around(before, (14, 30), (15, 0), "rework", tale.key), "rework", "checker", "现场复核未到位，退回返工"
        )
    yield _submission(tale, before, "已按要求处置到位，请核查")
    yield Move(around(last, (9, 30), (11, 30), "close", tale.key), "close", "checker", tale.answer or CONFIRMED)
    for _day, level, _why in tale.listings:
        yield Move(
            around(last, (14, 30), (16, 30), "strike", level, tale.key), "strike_off", level, "问题已解决，予以摘牌"
        )


def _submission(tale: Tale, day: date, reason: str) -> Move:
    return Move(around(day, (15, 30), (17, 30), "submit", tale.key), "submit", "unit", reason)


def _supervision(tale: Tale) -> Iterator[Move]:
    for day, level, why in tale.listings:
        yield Move(around(day, (14, 0), (16, 0), "supervise", level, tale.key), "supervise", level, why)


def _return(tale: Tale) -> Iterator[Move]:
    """It comes back some days after it was closed, and is put right again."""
    if "reopen" not in tale.twists or tale.closes is None:
        return
    day = workdays_after(tale.closes, 6)
    yield Move(around(day, (9, 0), (9, 20), "reopen", tale.key), "reopen", "sender", "回访发现问题反弹，重新立案")
    yield Move(around(day, (9, 30), (9, 50), "redispatch", tale.key), "dispatch", "sender", "原承办单位继续办理")
    yield Move(around(day, (10, 0), (11, 30), "reaccept", tale.key), "accept", "unit")
    yield Move(
        around(workdays_after(day, 2), (16, 0), (17, 0), "resubmit", tale.key), "submit", "unit", "已彻底整改，请核查"
    )
    yield Move(
        around(workdays_after(day, 3), (9, 30), (11, 0), "reclose", tale.key), "close", "checker", "复查合格，同意结案"
    )


def supervised_until(at: datetime) -> date:
    """The last day given with a listing."""
    return workdays_after(at.date(), 5)
