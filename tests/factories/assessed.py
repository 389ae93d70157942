"""An office with eight communities and their grids, and cases that were closed there: enough to assess."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from tests.factories.office import FOUNDED, Office, moment, office
from zijing.assessment.actions import run
from zijing.assessment.models import Run, Scheme, Score
from zijing.cases.models import Case
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.actions import put_posts
from zijing.people.models import Post
from zijing.places.actions import put_places
from zijing.places.models import Place
from zijing.records.models import Kind

AUGUST = date(2020, 8, 1)
AFTER = moment(date(2020, 9, 3))
STEM = "410181005"


def assessed(*, more: int = 6) -> Office:
    """An office with the assessment's pack, ``more`` communities with a grid each, and a grid worker in each of them."""
    made = office(packs=("assessment",))
    rows: list[dict[str, Any]] = []
    for n in range(11, 11 + more):
        code = f"{STEM}0{n}"
        rows.append({"name": f"社区{n}", "code": code, "level": "community", "parent": f"{STEM}000"})
        rows.append({"name": f"社区{n}网格", "code": f"{code}001", "level": "grid", "parent": code})
    put_places(actor=made.system, at=FOUNDED, rows=rows)
    made.places |= {p.name: p for p in Place.objects.filter(office=made.place)}
    posts = [
        {
            "code": f"P-G{n}", "title": f"社区{n}网格员", "unit": made.posts["grid"].unit, "role": "grid",
            "place": made.places[f"社区{n}网格"], "since": FOUNDED.date(), "account": f"grid{n}",
        }
        for n in range(11, 11 + more)
    ]  # fmt: skip
    put_posts(actor=made.system, at=FOUNDED, rows=posts)
    made.posts |= {p.code.removeprefix("P-"): p for p in Post.objects.filter(office=made.place, code__startswith="P-G")}
    return made


def closed(made: Office, where: str, on_time: int, late: int = 0, *, day: date = AUGUST, **more: Any) -> list[Case]:
    """So many cases that fell due on a day, closed on time and late. Written past the verbs of cases: only numbers matter."""
    place, kind, at = made.places[where], Kind.objects.get(key="issue"), moment(day, 12)
    common: dict[str, Any] = {
        "kind": kind, "office": made.place, "place": place, "path": place.path, "stage": "closed", "title": "示例问题",
        "happened_on": day, "recorded_at": at - timedelta(hours=6), "due_at": at,
    }  # fmt: skip
    common |= more
    cases = [
        Case(**common, closed_on_time=timely, closed_at=at + timedelta(hours=-1 if timely else 5))
        for timely in [True] * on_time + [False] * late
    ]
    with act(made.system, AFTER) as a:
        touch(a, *cases)
        return Case.objects.bulk_create(cases)


def month(
    made: Office, key: str = "community-monthly", *, day: date = AUGUST, at: datetime = AFTER, **more: Any
) -> Run:
    """A scheme's month, computed by the system."""
    return run(actor=made.system, at=at, office=made.place, scheme=Scheme.objects.get(key=key), day=day, **more)


def scores(found: Run) -> Mapping[str, Score]:
    """The scores of a run by their labels."""
    return {s.label: s for s in Score.objects.filter(run=found)}
