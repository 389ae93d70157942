"""The class of a case says how long it takes, who receives it and which photos it needs."""

import pytest
from django.utils import translation

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from tests.records.test_files import picture
from zijing.cases.actions import accept, dispatch, submit
from zijing.cases.models import Stage
from zijing.cases.queries import explain
from zijing.core.errors import Conflict, Several
from zijing.packs.intake import record
from zijing.people.models import Assignment, Unit
from zijing.records.files import Upload, add
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 16)


@pytest.fixture
def made():
    return offices.office(packs=("city-cases",))


def filed(made, class_, *, place="第一网格", kind="city-case", **more):
    values = {"what": "城管问题", "class": class_, "place": f"#{made.places[place].pk}", **more}
    return record(actor=made.system, at=AT, kind=Kind.objects.get(key=kind), values=values)


def ruled(key, **rules):
    """The kind with more said of some of its classes."""
    kind = Kind.objects.get(key=key)
    fields = [dict(f) for f in kind.definition["fields"]]
    for field in fields:
        field["choices"] = [c | rules.get(c["key"].replace("-", "_"), {}) for c in field.get("choices", [])]
    kind.definition = dict(kind.definition) | {"fields": fields}
    kind.save()
    return kind


class TestLimit:
    @pytest.mark.parametrize(
        ("class_", "due"),
        # Monday 16:00: two hours on; two office hours left today and two tomorrow; five working days; fifteen days
        # (a Tuesday); the kind's own five working days.
        [("上水井盖缺失", (7, 18)), ("上水井盖破损", (8, 10)), ("上水井盖与路面不平", (14, 18)),
         ("私搭乱建（已建成）", (22, 18)), ("路灯", (14, 18))],
    )  # fmt: skip
    def test_the_class_sets_it(self, made, class_, due):
        assert (filed(made, class_).due_at) == moment(MONDAY.replace(day=due[0]), due[1])

    def test_the_sentence_says_whose_limit_it_is(self, made):
        with translation.override("zh-hans"):
            assert explain(filed(made, "上水井盖缺失")).endswith("时限按类别“上水井盖缺失”定。")
            assert "时限按类别" not in explain(filed(made, "路灯"))

    def test_a_limit_changed_since_is_not_said_to_be_the_cases(self, made):
        case = filed(made, "上水井盖缺失")
        case.kind = ruled("city-case", c0101_missing={"limit": {"amount": 3, "clock": "continuous_hours"}})
        assert "“" not in explain(case)
        assert filed(made, "上水井盖缺失").timer.amount == 3

    def test_what_a_class_does_not_say_its_parent_says(self, made):
        ruled("city-case", c01={"limit": {"amount": 9, "clock": "working_days"}})
        assert filed(made, "路灯").timer.amount == 9
        assert filed(made, "上水井盖缺失").timer.amount == 2

    def test_of_two_fields_the_first_of_the_form_decides(self, made):
        ruled("city-case", device={"limit": {"amount": 1, "clock": "continuous_hours"}})
        assert filed(made, "上水井盖缺失", found_by="device").timer.amount == 2
        assert filed(made, "路灯", found_by="device").timer.amount == 1

    def test_a_heading_is_no_class(self, made):
        with pytest.raises(Several):
            filed(made, "公用设施")


class TestReceiver:
    def test_the_class_names_it_and_the_kind_only_where_no_class_does(self, made):
        unit = Unit.objects.get(office=made.place, code="U-community")
        Unit.objects.filter(pk=unit.pk).update(kind=Unit.Kind.COMMUNITY, place=made.places["示例社区01"])
        case = filed(made, "楼院设施")
        assert (case.stage, case.unit) == (Stage.DISPATCHED, unit)
        assert Assignment.objects.get(subject_type="cases.case", subject_id=case.pk).unit == unit
        assert filed(made, "路灯").stage == Stage.FILED
        Kind.objects.filter(key="city-case").update(
            definition=dict(Kind.objects.get(key="city-case").definition) | {"receiver": "U-section"}
        )
        assert filed(made, "路灯").unit.code == "U-section"
        assert filed(made, "楼院设施").unit == unit

    def test_a_kind_of_unit_is_enough_where_there_is_one(self, made):
        ruled("city-case", c0137={"receiver": "county_bureau"})
        lights = Unit.objects.get(office=made.place, code="U-section")
        Unit.objects.filter(pk=lights.pk).update(kind=Unit.Kind.BUREAU)
        assert filed(made, "路灯").unit == lights
        Unit.objects.filter(office=made.place, code="U-community").update(kind=Unit.Kind.BUREAU, place=lights.place_id)
        assert filed(made, "路灯").stage == Stage.FILED


class TestPhotos:
    def test_a_class_that_needs_one_is_not_done_without(self, made):
        case, handler = filed(made, "路面塌陷"), made.actor("section")
        dispatch(actor=made.system, at=AT, case=case, unit=Unit.objects.get(pk=handler.unit_id))
        accept(actor=handler, at=AT, case=case)
        with translation.override("en"), pytest.raises(Conflict, match=r"road collapse.*: after"):
            submit(actor=handler, at=AT, case=case, reason="已修复")
        add(actor=handler, at=AT, subject=case, sent=Upload(picture(), "a.jpg"), part="after", right="cases.handle")
        submit(actor=handler, at=AT, case=case, reason="已修复")
        assert case.stage == Stage.CHECKING

    def test_others_ask_for_none(self, made):
        case, handler = filed(made, "路灯"), made.actor("section")
        dispatch(actor=made.system, at=AT, case=case, unit=Unit.objects.get(pk=handler.unit_id))
        accept(actor=handler, at=AT, case=case)
        submit(actor=handler, at=AT, case=case, reason="已更换")
        assert case.stage == Stage.CHECKING
