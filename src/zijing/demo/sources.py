"""The demo's own files: the pace of the projects and the story of the year, beside the workbooks that are imported."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from zijing.core.errors import Invalid
from zijing.core.worktime import is_working
from zijing.demo.chance import draw
from zijing.demo.pace import FIRST_DAY
from zijing.demo.tales import Tale
from zijing.demo.words import marked

# Points of percent behind plan, from the first to a later day; the second number is the width of chance.
TENDENCIES: dict[str, tuple[tuple[date, float, float], ...]] = {
    "ahead": ((FIRST_DAY, -1.0, -1.0), (date(2020, 7, 1), -2.0, -2.0)),
    "on_time": ((FIRST_DAY, 0.2, 1.2),),
    "slow": ((FIRST_DAY, 1.5, 1.0), (date(2020, 6, 1), 3.5, 2.0), (date(2020, 10, 1), 4.5, 3.0)),
    "stalled": ((FIRST_DAY, 2.0, 1.0), (date(2020, 7, 1), 6.0, 1.0), (date(2020, 9, 15), 12.0, 3.0)),
    "late_start": ((FIRST_DAY, 3.5, 1.0), (date(2020, 10, 1), 1.5, 2.0)),
}
# Four cases that do not go straight: (day of filing, subject) and what happens to them.
TWISTS: Mapping[tuple[str, str], str] = {
    ("2020-04-08", "M02"): "object",
    ("2020-06-10", "H06"): "rework",
    ("2020-06-12", "410181005201002"): "reopen",
    ("2020-07-13", "M08"): "reopen",
    ("2020-09-24", "410181005001001"): "reopen",
    ("2020-09-29", "H07"): "rework",
}
# Where a case stands that the story does not close, when it has not simply been accepted.
STOPS = {("2020-10-12", "410181005001002"): "dispatch", ("2020-10-09", "C09"): "submit"}
EVENTS = {"blocker", "issue", "finding", "supervise", "topping-out", "allocation"}


@dataclass(frozen=True)
class Row:
    """A line of the story."""

    number: int
    day: date
    subject: str
    event: str
    type: str
    text: str
    days: int | None
    count: int


def _read(name: str) -> list[dict[str, str]]:
    with (Path(settings.DEMO_FOLDER) / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def story() -> tuple[Row, ...]:
    """The story in order of days; ``Invalid`` names the line that cannot be read."""
    rows = []
    for number, line in enumerate(_read("story.csv"), 2):
        if line["event"] not in EVENTS:
            raise Invalid("demo/story.csv:%(n)s: %(event)s?", n=number, event=line["event"])
        rows.append(_row(number, line))
    return tuple(sorted(rows, key=lambda r: (r.day, r.number)))


def _row(number: int, line: Mapping[str, str]) -> Row:
    days, count = line["days_to_close"], line["count"]
    day = date.fromisoformat(line["date"])
    about = (line["subject"], line["event"], line["class"], line["text"])
    return Row(number, day, *about, int(days) if days else None, int(count or 0))


@cache
def grantings() -> tuple[tuple[date, str], ...]:
    """The days of the year on which permits are granted, each with the permit's number."""
    return tuple((date.fromisoformat(line["date"]), line["permit"]) for line in _read("permits.csv"))


@cache
def paces() -> dict[str, str]:
    """The tendency of every project by its code."""
    return {line["project"]: line["tendency"] for line in _read("pace.csv")}


def lag_of(code: str, name: str) -> tuple[tuple[date, float], ...]:
    """A tendency's points behind plan by day; ``Invalid`` for a tendency nobody knows."""
    if name not in TENDENCIES:
        raise Invalid("demo/pace.csv: %(tendency)s?", tendency=name)
    chance = draw("lag", code)
    return tuple((day, points + width * chance) for day, points, width in TENDENCIES[name])


@cache
def tales() -> tuple[Tale, ...]:
    """Every case of the story, with what happens to it."""
    cases = [_tale(row) for row in story() if row.event in {"blocker", "issue", "finding"}]
    for row in story():
        if row.event == "supervise":
            cases = _supervised(cases, row)
    return tuple(cases)


def _tale(row: Row) -> Tale:
    key = (row.day.isoformat(), row.subject)
    return Tale(
        key=f"{row.event}/{'/'.join(key)}",
        kind=row.event,
        type=row.type,
        what=marked(row.text),
        filed=row.day,
        days=row.days,
        project="" if row.event == "issue" else row.subject,
        place=row.subject if row.event == "issue" else "",
        twists=frozenset(filter(None, [TWISTS.get(key, "")])),
        stops=STOPS.get(key, ""),
        by_report=row.event == "blocker" and is_working(row.day),
    )


def _supervised(cases: list[Tale], row: Row) -> list[Tale]:
    """The cases with the listing added to the newest one of the subject that is still open on that day."""
    open_ = [t for t in cases if t.project == row.subject and t.filed <= row.day and (t.closes or row.day) >= row.day]
    if not open_:
        raise Invalid("demo/story.csv:%(n)s: nothing is open there to be supervised", n=row.number)
    chosen = max(open_, key=lambda t: t.filed)
    listed = replace(chosen, listings=(*chosen.listings, (row.day, row.type, row.text)))
    return [listed if t is chosen else t for t in cases]


def toppings() -> Iterable[Row]:
    """The days on which buildings top out."""
    return (row for row in story() if row.event == "topping-out")


def allocations() -> Iterable[Row]:
    """The days on which flats are allocated."""
    return (row for row in story() if row.event == "allocation")
