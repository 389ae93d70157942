"""Likely doubles: near in place and time, of one class, alike in words; within sight, with reasons, at a bounded cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import office as offices
from tests.factories.office import MONDAY, Office, moment
from zijing.cases.actions import void
from zijing.cases.doubles import LOOKED_AT, MOST, Double, draft_of, likely_doubles
from zijing.cases.merging import merge
from zijing.cases.models import Case
from zijing.cases.suggesting import suggest
from zijing.packs.intake import record
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)
SPOT = "113.005, 34.755"


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def made() -> Office:
    return offices.office(packs=("city-cases",))


def filed(
    made: Office, what: str = "路口井盖丢失", class_: str = "上水井盖缺失", *, days: int = 0, **more: str
) -> Case:
    values = {"what": what, "class": class_, "place": "第一网格", **more}
    at = AT + timedelta(days=days)
    found = record(actor=made.system, at=at, kind=Kind.objects.get(key="city-case"), values=values)
    assert isinstance(found, Case)
    return found


def doubles(made: Office, case: Case, role: str = "secretary") -> list[Double]:
    return likely_doubles(made.actor(role), draft_of(case))


def found(made: Office, case: Case, role: str = "secretary") -> list[int]:
    return [one.case.pk for one in doubles(made, case, role)]


def test_the_reasons_are_said_in_words(made: Office) -> None:
    earlier = filed(made, "幸福路路口的井盖丢失，危险")
    later = filed(made, days=2)
    [double] = doubles(made, later)
    assert double.case.pk == earlier.pk
    assert double.because == ("同一地点：第一网格", "早 2 天", "同一类别：上水井盖缺失", "都写着“井盖丢失”")  # fmt: skip
    assert [d.because[1] for d in doubles(made, earlier)] == ["晚 2 天"]


class TestPlace:
    def test_the_same_community_counts_when_the_words_are_more_alike(self, made: Office) -> None:
        case = filed(made)
        assert found(made, filed(made, place="第二网格")) == [case.pk]
        assert found(made, filed(made, "路灯下面井盖坏了很久没人管", place="第二网格")) == []

    def test_another_community_does_not(self, made: Office) -> None:
        filed(made)
        assert found(made, filed(made, place="村一网格")) == []

    def test_positions_say_more_than_places(self, made: Office) -> None:
        case = filed(made, spot=SPOT)
        assert found(made, filed(made, "盖子没了", spot="113.0052, 34.7551")) == [case.pk]
        assert doubles(made, filed(made, "盖子没了", spot="113.0052, 34.7551"))[0].because[0].startswith("相距 ")
        assert found(made, filed(made, spot="113.009, 34.759")) == []

    def test_across_the_border_of_a_community_too(self, made: Office) -> None:
        case = filed(made, spot="113.0098, 34.755", place="示例社区01")
        assert found(made, filed(made, spot="113.0103, 34.755", place="示例村02")) == [case.pk]

    def test_where_only_the_office_is_known_every_place_of_it_is_near(self, made: Office) -> None:
        case = filed(made)
        assert found(made, filed(made, place=f"#{made.place.pk}")) == [case.pk]

    def test_the_name_of_a_place_is_no_word(self, made: Office) -> None:
        filed(made, "第一网格第一网格路灯不亮", "路灯")
        assert found(made, filed(made, "第一网格第一网格噪声", "路灯")) == []


class TestTimeAndClass:
    def test_only_the_days_around(self, made: Office) -> None:
        filed(made)
        assert found(made, filed(made, days=15)) == []

    def test_of_another_class_only_when_the_words_are_nearly_the_same(self, made: Office) -> None:
        case = filed(made)
        assert found(made, filed(made, "路口井盖丢失了", "路灯")) == [case.pk]
        assert found(made, filed(made, "路口的路灯不亮", "路灯")) == []


def test_what_has_ended_or_was_merged_is_offered_no_more(made: Office) -> None:
    one, other, voided, last = filed(made), filed(made), filed(made), filed(made)
    merge(actor=made.actor("secretary"), at=AT, case=one, into=other)
    void(actor=made.actor("secretary"), at=AT, case=voided, reason="x")
    assert found(made, last) == [other.pk]


def test_nothing_outside_the_sight(made: Office) -> None:
    case, there = filed(made), filed(made, place=f"#{made.place.pk}")
    assert set(found(made, there, "secretary")) == {case.pk}
    assert found(made, there, "community") == [case.pk]
    assert found(made, there, "community2") == []


def test_before_filing_they_are_suggested_with_the_class_and_the_position(made: Office) -> None:
    case, kind = filed(made, spot=SPOT), Kind.objects.get(key="city-case")
    asked = {"actor": made.actor("section"), "at": AT, "kind": kind, "place": made.places["第一网格"]}
    assert [d.case.pk for d in suggest(text="井盖丢失", **asked).doubles] == [case.pk]
    assert suggest(text="盖子没了", **asked).doubles == []
    near = suggest(text="盖子没了", class_=case.fields["class"], spot=[113.0051, 34.7551], **asked)
    assert [d.case.pk for d in near.doubles] == [case.pk]


class TestBounds:
    @pytest.mark.parametrize("cases", [1, 3])
    def test_how_many_queries(self, made: Office, cases: int) -> None:
        for _n in range(cases):
            filed(made)
        actor, draft = made.actor("secretary"), draft_of(filed(made))
        with CaptureQueriesContext(connection) as told:
            assert len(likely_doubles(actor, draft)) == cases
        assert len([q for q in told if "stamp" not in q["sql"]]) == 1

    def test_the_likeliest_few(self, made: Office) -> None:
        for _n in range(MOST + 2):
            filed(made, "井盖丢失了一个")
        same = filed(made)
        likely = found(made, filed(made))
        assert len(likely) == MOST and likely[0] == same.pk

    def test_the_newest_are_found_by_an_index(self, made: Office) -> None:
        draft, actor = draft_of(filed(made)), made.actor("secretary")
        with CaptureQueriesContext(connection) as told:
            likely_doubles(actor, draft)
        [query] = [q["sql"] for q in told if "stamp" not in q["sql"]]
        assert f"LIMIT {LOOKED_AT}" in query
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{query}")
            plan = "\n".join(str(row) for row in cursor.fetchall())
        assert "case_in_order" in plan or "case_kind_path_day" in plan
