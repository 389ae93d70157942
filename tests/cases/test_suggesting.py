"""What a new case may be: class, place, limit and unit, each with its reason; nothing is written, nobody is overruled."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import office as offices
from tests.factories.office import FOUNDED, MONDAY, moment
from zijing.cases.actions import dispatch, void
from zijing.cases.models import Case
from zijing.cases.suggesting import DAYS, LONGEST_TEXT, MOST, suggest
from zijing.core.errors import Refused
from zijing.journal.models import JournalEntry
from zijing.packs.intake import record
from zijing.people.models import Unit
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def made():
    return offices.office(packs=("city-cases",))


def filed(made, class_, place="第一网格", *, at=AT, unit="", what="问题"):
    values = {"what": what, "class": class_, "place": f"#{made.places[place].pk}"}
    case = record(actor=made.system, at=at, kind=Kind.objects.get(key="city-case"), values=values)
    if unit:
        dispatch(actor=made.system, at=at, case=case, unit=Unit.objects.get(office=made.place, code=unit))
    return case


def asked(made, text, place="", *, role="section", kind="city-case"):
    where = made.places[place] if place else None
    return suggest(actor=made.actor(role), at=AT, kind=Kind.objects.get(key=kind), text=text, place=where)


def classes(found):
    return [one.text for one in found.classes]


class TestFromTheText:
    @pytest.mark.parametrize(
        ("text", "class_", "word"),
        [
            ("路口井盖丢失，晚上危险", "上水井盖缺失", "井盖丢失"), ("幸福路路灯不亮了", "路灯", "灯不亮"),
            ("沿街餐馆油烟直排", "扬尘油烟", "餐馆油烟"), ("楼道堆物电动车", "消防通道", "楼道堆物"),
            ("垃圾桶旁垃圾成堆", "暴露生活垃圾", "垃圾成堆"), ("拆迁过渡费没发", "拆迁安置", "过渡费"),
            ("OUTDOOR BARBECUE at night", "露天烧烤", "outdoor barbecue"),
        ],
    )  # fmt: skip
    def test_a_word_of_the_class_stands_in_it(self, made, text, class_, word):
        first = asked(made, text).classes[0]
        assert (first.text, first.because) == (class_, (f"文中有“{word}”",))

    def test_the_name_of_what_it_belongs_to_brings_all_that_may_be_meant(self, made):
        found = asked(made, "门口井盖有问题")
        assert set(classes(found)) == {"上水井盖缺失", "上水井盖破损", "上水井盖与路面不平"}
        assert all(one.because == ("文中有“井盖”",) for one in found.classes)

    def test_what_else_is_said_decides_between_them(self, made):
        assert classes(asked(made, "井盖下沉了，和路面不平"))[0] == "上水井盖与路面不平"

    def test_limit_and_field_are_the_classes(self, made):
        [first, *_rest] = asked(made, "井盖丢失").classes
        assert (first.field, first.value, first.limit.amount) == ("class", "c0101-missing", 2)

    def test_where_nothing_speaks_nothing_is_said(self, made):
        assert asked(made, "请领导看看") == asked(made, "") == asked(made, "一") == type(asked(made, ""))()

    def test_any_kind_of_case_whose_choices_have_names(self, made):
        assert classes(asked(made, "企业诉求：用电", kind="issue")) == ["企业诉求"]


class TestPlaces:
    def test_a_name_in_the_text(self, made):
        [found] = asked(made, "示例社区01门口").places
        assert (found.place, found.because) == (made.places["示例社区01"], "文中有“示例社区01”")

    def test_the_deepest_comes_first_and_what_is_known_is_not_repeated(self, made):
        text = "紫荆路街道示例社区01第一网格"
        assert [p.place.name for p in asked(made, text).places] == ["第一网格", "示例社区01", "紫荆路街道"]
        assert [p.place.name for p in asked(made, text, "示例社区01").places] == ["第一网格"]

    def test_places_outside_sight_are_not_named(self, made):
        assert asked(made, "示例社区01", role="community2").places == []
        other = offices.office("410181006000", "别处街道")
        assert all(p.place.office_id == made.place.pk for p in asked(made, "示例社区01").places)
        assert other.places["示例社区01"].pk not in [p.place.pk for p in asked(made, "示例社区01").places]

    def test_of_two_of_a_name_only_one_whose_parent_is_named(self, made):
        from zijing.places.actions import put_places

        row = {"name": "第一网格", "code": "410181005201009", "level": "grid", "parent": "410181005201"}
        put_places(actor=made.system, at=FOUNDED, rows=[row])
        assert asked(made, "第一网格").places == []
        assert asked(made, "示例村02第一网格").places[0].place.parent.name == "示例村02"


class TestFromHistory:
    def test_what_happened_here_lately_is_counted(self, made):
        for n in range(3):
            filed(made, "路灯", at=AT - timedelta(days=n + 1))
        filed(made, "路灯", "第二网格")
        filed(made, "路灯", at=AT - timedelta(days=DAYS + 1))
        void(actor=made.system, at=AT, case=filed(made, "路灯"), reason="重复")
        [only] = asked(made, "路灯坏了", "第一网格").classes
        assert only.because == ("文中有“路灯”", f"这里近 {DAYS} 天有 3 起同类")
        assert classes(asked(made, "又是老问题", "第一网格")) == ["路灯"]
        assert asked(made, "又是老问题", "第二网格").classes == []

    def test_the_place_in_the_text_is_where_it_is_counted(self, made):
        for _n in range(2):
            filed(made, "路灯")
        assert "2 起" in asked(made, "第一网格路灯", "示例社区01").classes[0].because[1]

    def test_who_had_such_cases_lately(self, made):
        for unit in ("U-section", "U-section", "U-project_office"):
            filed(made, "路灯", unit=unit)
        [only] = asked(made, "路灯", "第二网格").classes
        assert (only.unit.code, only.unit_because) == ("U-section", "近期同类由其处置 2 起")

    def test_whom_the_catalogue_names_comes_before_history(self, made):
        filed(made, "楼院设施", unit="U-section")
        committee = Unit.objects.get(office=made.place, code="U-community")
        Unit.objects.filter(pk=committee.pk).update(kind=Unit.Kind.COMMUNITY)
        [only] = asked(made, "单元门坏了", "第一网格").classes
        assert (only.unit, only.unit_because) == (committee, "按类别规定，那里的这类案件由其接办")

    def test_no_other_places_committee(self, made):
        Unit.objects.filter(office=made.place, code="U-community").update(kind=Unit.Kind.COMMUNITY)
        for _n in range(2):
            filed(made, "路灯", unit="U-community")
        filed(made, "路灯", unit="U-section")
        assert [asked(made, "路灯", place).classes[0].unit.code for place in ("第二网格", "村一网格", "")] == [
            "U-community", "U-section", "U-section",
        ]  # fmt: skip

    def test_nothing_beyond_sight_is_counted(self, made):
        for _n in range(3):
            filed(made, "路灯", unit="U-section")
        [only] = asked(made, "路灯", "第一网格", role="community2").classes
        assert only.because == ("文中有“路灯”",) and only.unit is None

    def test_a_restricted_kind_tells_only_whom_it_is_given_to(self, made):
        filed(made, "路灯", unit="U-section")
        Kind.objects.filter(key="city-case").update(restricted=True)
        [only] = asked(made, "路灯", "第一网格", role="secretary").classes
        assert only.unit is None and len(only.because) == 1


class TestBounds:
    def test_the_same_question_has_the_same_answer_and_leaves_nothing(self, made):
        filed(made, "路灯", unit="U-section")
        before = JournalEntry.objects.count(), Case.objects.count()
        assert asked(made, "示例社区01路灯井盖") == asked(made, "示例社区01路灯井盖")
        assert (JournalEntry.objects.count(), Case.objects.count()) == before

    def test_only_who_may_file(self, made):
        with pytest.raises(Refused):
            asked(made, "路灯", role="county")

    @pytest.mark.parametrize("cases", [1, 3])
    def test_how_many_queries(self, made, cases):
        for _n in range(cases):
            filed(made, "路灯", unit="U-section")
        actor, kind, place = made.actor("section"), Kind.objects.get(key="city-case"), made.places["第一网格"]
        suggest(actor=actor, at=AT, kind=kind, text="路灯", place=place)
        with CaptureQueriesContext(connection) as told:
            suggest(actor=actor, at=AT, kind=kind, text="路灯", place=place)
        assert len([q for q in told if "stamp" not in q["sql"]]) == 4  # here, anywhere, the units, likely doubles

    @pytest.mark.parametrize(
        "text",
        ["井" * 10_000, "%_'\"\\;--" * 1000, "\x00\x1f路灯\ud800", "<script>alert('路灯')</script>", "${路灯}{{路灯}}%(路灯)s",
         "（（（" * 3000, "路灯" * 5000],
    )  # fmt: skip
    def test_hostile_text(self, made, text):
        found = asked(made, text, "第一网格")
        assert len(found.classes) <= MOST and set(classes(found)) <= {"路灯"}

    def test_only_the_beginning_of_a_long_text_is_read(self, made):
        assert asked(made, "啊" * LONGEST_TEXT + "路灯").classes == []
