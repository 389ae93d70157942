"""Trees, several values, demands between fields, days that bound a date: said in a pack, held everywhere."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from zijing.activities.models import Activity
from zijing.core.errors import Invalid, Several
from zijing.packs.intake import correct, record
from zijing.packs.kinds import FieldSpec, KindSpec
from zijing.people.access import Actor
from zijing.records.fields import Field, field_from
from zijing.records.filters import parse
from zijing.records.models import Kind
from zijing.records.tables import columns, rows

AT = moment(MONDAY, 10)
WORDS = {"zh": "字段", "en": "Field"}
TREE = [
    {"key": "safety", "zh": "安全", "en": "safety"},
    {"key": "fire", "zh": "消防", "en": "fire", "parent": "safety"},
    {"key": "gas", "zh": "燃气", "en": "gas", "parent": "safety"},
    {"key": "passage", "zh": "通道", "en": "passage", "parent": "fire"},
    {"key": "traffic", "zh": "交通", "en": "traffic"},
    {"key": "way", "zh": "通道", "en": "way", "parent": "traffic"},
]


def spec(type_, **more):
    return FieldSpec.model_validate({"key": "k", "type": type_, "title": WORDS, **more}).model_dump(
        exclude_none=True, by_alias=True
    )


def field(type_, **more):
    return field_from(spec(type_, **more))


class TestTree:
    tree = staticmethod(lambda **more: field("tree", choices=TREE, **more))

    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("gas", "gas"),
            ("燃气", "gas"),
            ("安全 / 燃气", "gas"),
            ("安全/消防/通道", "passage"),
            ("消防／通道", None),
            ("交通>通道", "way"),
        ],
    )
    def test_a_node_is_written_by_its_key_its_name_or_its_path(self, written, key):
        if key is None:
            with pytest.raises(Invalid):
                self.tree().clean(written)
        else:
            assert self.tree().clean(written) == key

    def test_a_name_that_stands_twice_needs_its_path(self):
        with translation.override("en"), pytest.raises(Invalid) as refused:
            self.tree().clean("通道")
        assert "safety / fire / passage" in str(refused.value)

    def test_a_heading_is_no_answer_unless_the_pack_says_so(self):
        with pytest.raises(Invalid):
            self.tree().clean("安全")
        assert self.tree(any_node=True).clean("安全") == "safety"

    def test_it_is_shown_with_what_it_belongs_to(self):
        assert self.tree().show("passage") == "安全 / 消防 / 通道"
        assert self.tree().below("safety") == ["safety", "fire", "gas", "passage"]

    @given(key=st.sampled_from([c["key"] for c in TREE if c["key"] not in {"safety", "fire", "traffic"}]))
    def test_whatever_is_shown_can_be_written(self, key):
        assert self.tree().clean(self.tree().show(key)) == key


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "tree"}, {"type": "choice", "choices": TREE}, {"type": "text", "choices": TREE[:1]},
        {"type": "tree", "choices": [{**TREE[1]}, TREE[0]]}, {"type": "tree", "choices": [{**TREE[0], "parent": "safety"}]},
        {"type": "citizen_id"}, {"type": "phone"}, {"type": "text", "personal": True},
        {"type": "integer", "personal": True, "why": WORDS}, {"type": "phone", "why": WORDS, "journalled": True},
        {"type": "text", "personal": True, "why": WORDS, "column": "title"}, {"type": "text", "several": True},
        {"type": "unit", "several": True, "column": "unit"}, {"type": "text", "earliest": "today"},
        {"type": "date", "earliest": "yesterday"}, {"type": "long_text", "journalled": True},
    ],
)  # fmt: skip
def test_a_description_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        FieldSpec.model_validate({"key": "k", "title": WORDS, **wrong})


def kind_spec(*fields):
    described = [{"title": WORDS, **f} for f in fields]
    return KindSpec.model_validate(
        {"noun": "activity", "key": "visit", "edition": "2020.1", "title": WORDS, "fields": described}
    )


@pytest.mark.parametrize(
    "more",
    [
        {"required_when": {"field": "nothing", "is": ["a"]}},
        {"required_when": {"field": "b", "is": ["a"]}},
        {"not_before": "a"},
    ],
)
def test_a_field_that_names_no_other_is_refused(more):
    kind_spec({"key": "a", "type": "text"}, {"key": "b", "type": "date"})
    with pytest.raises(ValueError):
        kind_spec({"key": "a", "type": "text"}, {"key": "b", "type": "date", **more})


class TestSeveral:
    def test_clerks_separate_as_they_like_and_doubles_count_once(self):
        many = field(
            "choice", several=True, choices=[{"key": k, "zh": z, "en": k} for k, z in (("a", "甲"), ("b", "乙"))]
        )
        assert many.clean("甲、乙；甲") == ["a", "b"] == many.clean(["甲", "b"])
        assert many.clean("") is None is many.clean([])
        assert many.show(["a", "b"]) == "甲，乙"
        with pytest.raises(Invalid):
            many.clean("甲、丙")
        with pytest.raises(Invalid):
            replace(many, required=True).clean(" 、 ")


class TestDays:
    def test_a_day_lies_between_two_others(self):
        bounded = field("date", earliest="2020-01-01", latest="2020-12-31")
        assert bounded.clean("2020-12-31") == date(2020, 12, 31)
        for outside in ("2019-12-31", "2021-01-01"):
            with pytest.raises(Invalid):
                bounded.clean(outside)

    def test_today_is_the_actors_day(self):
        actor = Actor(None, None, None, 1, "/1/", "test", "", "office", "/1/", 1, frozenset(), on=date(2020, 9, 7))
        past = field("date", latest="today")
        assert past.clean("2020-09-07", actor) == date(2020, 9, 7)
        with pytest.raises(Invalid):
            past.clean("2020-09-08", actor)
        assert past.clean("2020-09-08") == date(2020, 9, 8), "nobody's day is no bound"


@pytest.fixture
def visit(db):
    """A kind of work record with one of each: helpers, a topic, what was agreed, from when until when."""
    made = offices.office()
    fields = [
        {"key": "helpers", "type": "unit", "several": True},
        {"key": "topic", "type": "tree", "choices": TREE, "any_node": True, "journalled": True},
        {"key": "agreed", "type": "long_text", "required_when": {"field": "topic", "is": ["gas", "fire"]}},
        {"key": "start", "type": "date"},
        {"key": "end", "type": "date", "not_before": "start"},
    ]
    definition = kind_spec(*fields).model_dump(
        exclude_none=True, by_alias=True, exclude={"noun", "key", "edition", "title"}
    )
    kind = Kind.objects.create(
        noun="activity", key="visit", title_zh="走访", title_en="Visit", pack="t", edition="1", definition=definition
    )
    return made, Kind.objects.get(pk=kind.pk)


def enter(made, kind, **values):
    return record(actor=made.system, at=AT, kind=kind, values=values)


def found(made, kind, **conditions):
    filtering = parse(conditions, kind, at=AT, actor=made.actor("secretary"))
    assert not filtering.errors, filtering.errors
    return set(filtering.apply(Activity.objects.all()).values_list("pk", flat=True))


def test_several_and_trees_are_entered_listed_and_filtered(visit):
    made, kind = visit
    team, section = made.posts["team"].unit, made.posts["section"].unit
    both = enter(made, kind, helpers=f"{team.name}、{section.code}", topic="燃气", agreed="整改" * 500)
    one = enter(made, kind, helpers=[f"#{team.pk}"], topic="交通/通道")
    none = enter(made, kind, topic="安全")
    assert both.fields["helpers"] == [team.pk, section.pk]
    assert found(made, kind, **{"f.helpers": str(team.pk)}) == {both.pk, one.pk}
    assert found(made, kind, **{"f.helpers": str(section.pk)}) == {both.pk}
    assert found(made, kind, **{"f.topic": "safety"}) == {both.pk, none.pk}
    assert found(made, kind, **{"f.topic": "gas"}) == {both.pk}
    shown = [c.text for c in rows(kind, [both], columns(kind, ["helpers", "topic"]))[0].cells]
    assert shown[0] == f"{team.name}，{section.name}" and shown[1] == "安全 / 燃气"
    refused = parse({"f.agreed": "整改"}, kind, at=AT, actor=made.system)
    assert [e.field for e in refused.errors] == ["f.agreed"]


def test_the_same_helpers_again_change_nothing(visit):
    made, kind = visit
    team = made.posts["team"].unit
    entry = enter(made, kind, helpers=team.name, topic="gas", agreed="x")
    assert correct(actor=made.system, at=AT, record=entry, values={"helpers": team.code}) is False
    assert correct(actor=made.system, at=AT, record=entry, values={"helpers": ""}) is True
    assert "helpers" not in entry.fields


def test_what_one_field_demands_of_another(visit):
    made, kind = visit
    with pytest.raises(Several) as refused:
        enter(made, kind, topic="gas", start="2020-09-02", end="2020-09-01")
    assert {e.field for e in refused.value.errors} == {"agreed", "end"}
    entry = enter(made, kind, topic="交通/通道", start="2020-09-01", end="2020-09-01")
    with pytest.raises(Several) as refused:
        correct(actor=made.system, at=AT, record=entry, values={"topic": "gas"})
    assert [e.field for e in refused.value.errors] == ["agreed"]
    with pytest.raises(Several):
        correct(actor=made.system, at=AT, record=entry, values={"start": "2020-09-02"})
    assert correct(actor=made.system, at=AT, record=entry, values={"topic": "gas", "agreed": "限期整改"})


def test_free_text_of_any_length_a_person_may_write(visit):
    made, kind = visit
    with pytest.raises(Several):
        enter(made, kind, agreed="长" * 4001)
    assert isinstance(kind.by_key["agreed"], Field)
    assert enter(made, kind, agreed="第一行\n第二行").fields["agreed"] == "第一行\n第二行"
