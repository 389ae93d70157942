"""What the forms cost: medians of counts, facts asked twice, minutes, and nobody named."""

import statistics
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tests.factories.office import MONDAY, Office, moment, office
from zijing.core.errors import Invalid
from zijing.figures.burden import burdens, twice
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.models import JournalEntry
from zijing.records.filling import BUCKETS, median_of, note_filling
from zijing.records.kinds import every_kind, kind_of
from zijing.records.models import Filling

AT = moment(MONDAY)


@given(st.lists(st.integers(1, 3600), min_size=1, max_size=60))
def test_the_median_of_counts_lies_in_the_bucket_of_the_true_one(seconds: list[int]) -> None:
    bucket = lambda s: next(end for end in BUCKETS if s <= end)
    counts = Counter(bucket(s) for s in seconds)
    low, high = bucket(statistics.median_low(seconds)), bucket(statistics.median_high(seconds))
    first = max((end for end in (0, *BUCKETS) if end < low), default=0)
    found = median_of(counts)
    assert found is not None and first <= found <= high


def test_nobody_measured_is_no_median() -> None:
    assert median_of({}) is None


@pytest.mark.django_db
class TestFilling:
    @pytest.fixture
    def made(self) -> Office:
        return office()

    def note(self, made: Office, kind: str, *seconds: int, role: str = "section") -> None:
        for each in seconds:
            note_filling(actor=made.actor(role), at=AT, kind=kind_of(kind), seconds=each, fields=3)

    def test_counts_name_nobody_and_no_hour(self, made: Office) -> None:
        entries = JournalEntry.objects.count()
        self.note(made, "issue", 12, 14, 200)
        self.note(made, "issue", 13, role="grid")
        assert list(Filling.objects.order_by("seconds").values_list("seconds", "n", "fields")) == [
            (15, 3, 9),
            (240, 1, 3),
        ]
        named = {f.name for f in Filling._meta.get_fields()}
        assert named == {"id", "office", "kind", "paper", "day", "seconds", "n", "fields"}
        assert JournalEntry.objects.count() == entries

    @pytest.mark.parametrize("seconds", [0, -1, 3601])
    def test_what_is_no_filling_is_refused(self, made: Office, seconds: int) -> None:
        with pytest.raises(Invalid):
            self.note(made, "issue", seconds)

    def test_minutes_are_the_median_times_how_often(self, made: Office) -> None:
        self.note(made, "issue", *[60] * 10)
        found = next(b for b in burdens(made.actor("secretary"), AT) if b.kind.key == "issue")
        assert found.filled == 10 and found.seconds is not None and 45 < found.seconds <= 60
        assert found.minutes == found.seconds * 10 / 60
        figure = value(find("forms.minutes"), made.actor("secretary"), at=AT)
        assert figure.amount == found.minutes and figure.n == 1

    def test_another_office_counts_apart_and_the_county_sees_both(self, made: Office) -> None:
        other = office("410181006000", "孝义街道")
        self.note(made, "issue", 60)
        assert value(find("forms.minutes"), other.actor("secretary"), at=AT).amount == Decimal(0)
        assert value(find("forms.minutes"), made.actor("county"), at=AT).n == 1

    def test_what_was_long_ago_counts_no_more(self, made: Office) -> None:
        self.note(made, "issue", 60)
        later = moment(MONDAY.replace(month=11))
        assert value(find("forms.minutes"), made.actor("secretary"), at=later).amount == Decimal(0)

    def test_the_table_asks_the_same_however_many(self, made: Office, django_assert_num_queries: Any) -> None:
        actor = made.actor("secretary")
        self.note(made, "issue", 60)
        burdens(actor, AT)
        with django_assert_num_queries(QUERIES):
            burdens(actor, AT)
        self.note(made, "issue", 10, 600)
        self.note(made, "enterprise", 60)
        with django_assert_num_queries(QUERIES):
            burdens(actor, AT)


QUERIES = 7


@pytest.mark.django_db
def test_facts_asked_twice_are_found_from_the_packs() -> None:
    office(packs=("hazards", "compounds", "residents", "mediation"))
    found = {(t.one.key, t.field.key, t.other.key) for t in twice(list(every_kind().values()))}
    assert all(one != other for one, _field, other in found)
    assert not {field for _one, field, _other in found} & {"place", "photo", "note"}
    assert any(field in {"phone", "contact"} for _one, field, _other in found), "a telephone number is asked by several"
