"""What comes back: a case of the same class, at the same place or near, soon after a closing, counts against it."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, pack
from tests.records.test_files import picture
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, close, dispatch, submit, void
from zijing.cases.comebacks import hot_spots
from zijing.cases.models import Case
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.places.locate import metres_between
from zijing.records.files import Upload, add
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
AT = moment(MONDAY)
SPAN = {"since": date(2020, 9, 1), "until": date(2020, 10, 31)}
LATER = moment(date(2020, 10, 31), 20)


@pytest.fixture
def made() -> Office:
    made = office()
    Rhythm.objects.all().delete()
    apply(at=FOUNDED, pack=pack("city-cases"), offices=[made.place])
    Rhythm.objects.all().delete()
    tick(made.place, AT - timedelta(days=1))
    return made


def filed(made: Office, at: datetime = AT, spot: Any = None, kind: str = "city-case", **more: Any) -> Case:
    values = {"what": "井盖破损", "class": "c0101-missing", "place": "第一网格", "spot": spot, **more}
    case = record(actor=made.actor("grid"), at=at, kind=Kind.objects.get(key=kind), values=values)
    assert isinstance(case, Case)
    return case


def closed(made: Office, at: datetime = AT, **more: Any) -> Case:
    case = filed(made, at, **more)
    dispatch(actor=made.system, at=at, case=case, unit=made.posts["section"].unit)
    accept(actor=made.actor("section"), at=at, case=case)
    add(actor=made.system, at=at, subject=case, sent=Upload(picture(), "x.png"), part="after", right="cases.handle")
    submit(actor=made.actor("section"), at=at, case=case, reason="好了")
    close(actor=made.system, at=at, case=case)
    return case


def follows(case: Case) -> int | None:
    found: int | None = Case.objects.values_list("follows", flat=True).get(pk=case.pk)
    return found


@pytest.mark.parametrize(
    ("days", "more", "back"),
    [
        (0, {}, True),
        (30, {}, True),
        (31, {}, False),
        (1, {"class": "c0101-broken"}, False),
        (1, {"place": "第二网格"}, False),
    ],
)
def test_the_same_class_at_the_same_place_within_its_days(made: Office, days: int, more: Any, back: bool) -> None:
    first = closed(made)
    again = filed(made, AT + timedelta(days=days), **more)
    tick(made.place, AT + timedelta(days=days, minutes=1))
    assert follows(again) == (first.pk if back else None)
    noted = JournalEntry.objects.filter(verb="cases.came_back", subject_id=first.pk)
    assert [e.changes for e in noted] == ([{"again": [None, again.pk]}] if back else [])


@pytest.mark.parametrize(("east", "back"), [(0.0004, True), (0.0006, False)])
def test_positions_go_before_places(made: Office, east: float, back: bool) -> None:
    """Fifty metres: some 0.00055 degrees of longitude there; it does not matter in which grid."""
    first = closed(made, spot="112.9998,34.751", place="第一网格")
    again = filed(made, AT + timedelta(days=1), spot=f"{112.9998 + east},34.751", place="第二网格")
    tick(made.place, AT + timedelta(days=2))
    assert follows(again) in {None, first.pk}
    assert metres_between((113, 34.751), (113 + east, 34.751)) == pytest.approx(91.5 * east / 0.001, abs=1)
    assert (follows(again) == first.pk) == back


def test_it_counts_against_the_last_closing_once_and_not_when_it_is_voided(made: Office) -> None:
    old, last = closed(made), closed(made, AT + timedelta(days=2))
    again = filed(made, AT + timedelta(days=3))
    for minutes in (1, 2):
        tick(made.place, AT + timedelta(days=3, minutes=minutes))
    assert (follows(last), follows(again)) == (old.pk, last.pk)

    def said(key: str) -> Any:
        return value(find(f"cases.{key}"), made.actor("secretary"), at=LATER, **SPAN).amount

    assert (said("came_back"), said("lasting"), said("closed"), said("lasting_rate")) == (2, 0, 2, 0)
    void(actor=made.system, at=AT + timedelta(days=3), case=Case.objects.get(pk=again.pk), reason="重复")
    assert (said("came_back"), said("lasting"), said("lasting_rate")) == (1, 1, 50)


def test_filing_asks_and_writes_nothing_for_it(made: Office) -> None:
    closed(made)
    filed(made, AT + timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        filed(made, AT + timedelta(days=1))
    assert not [q["sql"] for q in asked if "closed_at" in q["sql"] and q["sql"].startswith("SELECT")]


def test_a_kind_that_says_nothing_and_what_was_before_are_left_alone(made: Office) -> None:
    kind = Kind.objects.get(key="city-case")
    closed(made)
    Kind.objects.filter(pk=kind.pk).update(definition={k: v for k, v in kind.definition.items() if k != "comes_back"})
    again = filed(made, AT + timedelta(days=1))
    tick(made.place, AT + timedelta(days=1))
    assert follows(again) is None


class TestHotSpots:
    def often(self, made: Office) -> None:
        for n in range(3):
            closed(made, AT + timedelta(days=n))
            tick(made.place, AT + timedelta(days=n, minutes=1))

    def test_each_opens_as_the_list_of_its_cases(self, made: Office) -> None:
        self.often(made)
        (spot,) = hot_spots(made.actor("secretary"), MONDAY)
        assert (spot.place.name, spot.key, spot.times) == ("第一网格", "c0101-missing", 2)
        client = signed_in(made, "secretary")
        page = client.get("/cases/hot-spots/").content.decode()
        assert "第一网格" in page
        href = unescape(re.findall(r'href="(/list/city-case/\?came_back[^"]*)"', page)[0])
        shown = client.get(href).content.decode()
        assert len(set(re.findall(r'href="/cases/(\d+)/', shown))) == 2

    def test_nobody_sees_those_of_others_and_none_of_a_restricted_kind(self, made: Office) -> None:
        self.often(made)
        assert hot_spots(made.actor("community2"), MONDAY) == []
        assert hot_spots(made.actor("secretary"), MONDAY + timedelta(days=2)) == []
        Kind.objects.filter(key="city-case").update(restricted=True)
        assert hot_spots(made.actor("grid"), MONDAY) == []

    def test_the_page_costs_the_same_with_more_lines(self, made: Office) -> None:
        client = signed_in(made, "secretary")
        counts = []
        for _n in range(2):
            self.often(made)
            client.get("/cases/hot-spots/")
            with CaptureQueriesContext(connection) as asked:
                client.get("/cases/hot-spots/")
            counts.append(len(asked))
        assert counts[0] == counts[1]
