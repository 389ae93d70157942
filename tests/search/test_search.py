"""Names, codes, numbers, initials and words of two characters are found, within sight, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from zijing.cases.models import Case
from zijing.journal.following import lag, place_of
from zijing.journal.models import Bookmark, ChainHead
from zijing.people.actions import assign_one, unassign
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.projects.models import Project
from zijing.records.models import Kind
from zijing.registers.models import Entry
from zijing.search import index
from zijing.search.models import Document, Group
from zijing.search.queries import find

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """An office with two projects of two teams, a blocker about each, and an index of all of it."""
    office = offices.office()
    names = {"X01": "紫荆路小学", "X02": "Smart-City 数据中心"}
    for n, code in enumerate(names):
        team = ("team", "team2")[n]
        leader = ("leader", "leader2")[n]
        project = offices.project(office, code, team=team, leader=leader, name=names[code])
        offices.blocker(office, project, what=f"{names[code]}停水") if n == 0 else None
    index.rebuild()
    return office


def titles(made, role, text):
    return [hit.title for hit in find(made.actor(role), text).hits]


@pytest.mark.parametrize(
    "text",
    [
        "紫荆路小学",
        "紫荆路",
        "荆路",
        "小学",
        "学",
        "紫",
        "zjlxx",
        "zjl",
        "ZJL",
        "xx",
        "X01",
        "x01",
        "紫荆 小学",
        "ｘ01",
    ],
)
def test_a_project_is_found_by_any_part_of_its_name_and_by_its_code(made, text):
    assert "紫荆路小学" in titles(made, "secretary", text)


@pytest.mark.parametrize("text", ["smart", "city", "SMA", "数据", "sjzx", "Smart-City", "x02"])
def test_a_latin_word_is_found_by_its_beginning(made, text):
    assert "Smart-City 数据中心" in titles(made, "secretary", text)


@pytest.mark.parametrize(
    "text", ["", "  ", "***", "学小", "mart", "紫学", '"', "a OR b", "NEAR(", "') --", "\ue000", "'"]
)
def test_what_is_not_there_is_not_found_and_signs_are_no_commands(made, text):
    assert titles(made, "secretary", text) == []


def test_places_units_and_posts_are_found_by_name_and_code(made):
    groups = find(made.actor("secretary"), "示例社区").groups
    assert [hit.title for hit in groups[Group.PLACE]] == ["示例社区01"]
    assert find(made.actor("secretary"), "410181005001").groups[Group.PLACE][0].title == "示例社区01"
    assert find(made.actor("secretary"), "U-team2").hits[0].title == "team2单位"
    assert find(made.actor("secretary"), "leader岗").groups[Group.PEOPLE][0].rank == 1


def test_a_number_from_elsewhere_is_found(made):
    Case.objects.update(business_key="12345-2020-0907")
    index.rebuild()
    [hit] = find(made.actor("secretary"), "12345-2020-0907").hits
    assert (hit.noun, hit.rank) == ("case", 0)
    assert find(made.actor("secretary"), "0907").hits


def test_the_exact_code_comes_first_then_beginnings_then_words_then_initials_and_the_newest_first(made):
    rows = {"A1": "水", "B2": "水站", "C3": "新水站", "D4": "A1泵房", "E5": "水塔"}
    for code, name in rows.items():
        offices.project(made, code, name=name)
    index.rebuild()
    assert titles(made, "secretary", "水站")[0] == "水站"
    assert titles(made, "secretary", "a1")[:2] == ["水", "A1泵房"]
    assert [t for t in titles(made, "secretary", "水") if t in rows.values()] == ["水塔", "水站", "水", "新水站"]
    assert titles(made, "secretary", "sz")[0] in {"水站", "新水站"}


def test_nobody_finds_what_the_post_does_not_see(made):
    assert titles(made, "team", "紫荆路小学")
    assert titles(made, "team2", "紫荆路小学") == []
    assert [h.noun for h in find(made.actor("team"), "紫荆路小学").hits] == [
        h.noun for h in find(made.actor("secretary"), "紫荆路小学").hits
    ]


def test_another_office_finds_nothing_of_this_one_and_the_county_finds_both(made):
    other = offices.office("410181006000", "杜甫路街道")
    offices.project(other, "Y01", name="紫荆路中学")
    index.rebuild()
    assert titles(other, "secretary", "紫荆路") == ["紫荆路中学"]
    assert "紫荆路中学" not in titles(made, "secretary", "紫荆路")
    found = set(titles(made, "county", "紫荆路"))
    assert {"紫荆路中学", "紫荆路小学"} <= found


def test_a_restricted_kind_is_in_no_index_not_even_for_whom_it_is_given_to(made):
    Kind.objects.filter(key="project").update(restricted=True)
    index.rebuild()
    assert not Document.objects.filter(label="registers.entry").exists()
    assert "紫荆路小学" not in titles(made, "secretary", "紫荆路小学")


def test_a_kind_that_becomes_restricted_is_found_no_more_even_before_the_index_follows(made):
    Kind.objects.filter(key="project").update(restricted=True)
    assert "紫荆路小学" not in titles(made, "section", "紫荆路小学")


def test_what_was_just_entered_is_found_before_the_index_has_read_it(made):
    offices.project(made, "X09", name="刚录入的泵站")
    assert lag(index.READER, [made.place.pk]) > 0
    assert "刚录入的泵站" in titles(made, "secretary", "泵站")
    assert find(made.actor("secretary"), "泵站").behind == 0
    catch_up(made)
    assert lag(index.READER, [made.place.pk]) == 0
    assert "刚录入的泵站" in titles(made, "secretary", "泵站")


def test_a_changed_name_is_found_and_the_old_one_is_not(made):
    offices.project(made, "X01", name="紫荆路幼儿园")
    for caught_up in (False, True):
        assert "紫荆路幼儿园" in titles(made, "secretary", "幼儿园")
        assert titles(made, "secretary", "紫荆路小学") == ["紫荆路小学停水"] or not caught_up
        index.catch_up(made.place.pk)
    assert "紫荆路小学" not in titles(made, "secretary", "小学")


def test_reading_on_in_steps_comes_to_the_same_index(made):
    for n in range(8):
        offices.project(made, f"Z{n}", name=f"泵站{n}")
    while index.catch_up(made.place.pk, limit=3):
        pass
    index.catch_up(made.county.pk)
    step_by_step = set(Document.objects.values_list("label", "subject", "title", "words"))
    index.rebuild()
    assert set(Document.objects.values_list("label", "subject", "title", "words")) == step_by_step


def test_an_office_met_for_the_first_time_is_read_from_its_tables(made):
    Bookmark.objects.all().delete()
    Document.objects.all().delete()
    assert not index.read_tables(made.place.pk, go=lambda: False)
    assert index.catch_up(made.place.pk) == 0
    assert "紫荆路小学" in titles(made, "secretary", "紫荆路小学")


def test_two_processes_reading_on_at_once_do_it_once(made):
    offices.project(made, "X09", name="泵站")
    before = place_of(index.READER, made.place.pk)

    def meanwhile():
        Bookmark.objects.filter(office=made.place.pk).update(seq=ChainHead.objects.get(office=made.place.pk).seq)
        return True

    index.catch_up(made.place.pk, go=meanwhile)
    assert place_of(index.READER, made.place.pk) > before


def test_the_tail_is_bounded_and_what_is_left_is_said(made, monkeypatch):
    monkeypatch.setattr("zijing.search.queries.TAIL", 1)
    for n in range(3):
        offices.project(made, f"Z{n}", name=f"泵站{n}")
    assert find(made.actor("secretary"), "泵站").behind > 0


def test_a_long_question_is_cut(made):
    assert find(made.actor("secretary"), "紫荆路小学 " * 5_000).hits
    assert len(find(made.actor("secretary"), " ".join(f"词{n}" for n in range(1000))).question.terms) <= 8


def test_a_common_word_is_answered_with_the_newest(made):
    kind = Kind.objects.get(key="enterprise")
    Entry.objects.bulk_create(
        Entry(
            kind=kind, office=made.place, place=made.place, path=made.place.path, title=f"巩义机械{n}",
            business_key=f"E{n}", recorded_at=moment(MONDAY) + timedelta(seconds=n),
        )
        for n in range(90)
    )  # fmt: skip
    index.rebuild()
    found = find(made.actor("secretary"), "机械")
    assert [h.title for h in found.hits][:3] == ["巩义机械89", "巩义机械88", "巩义机械87"]
    assert len(found.hits) == 30


WORDS = st.lists(st.sampled_from("紫荆路小学水泵站重行"), min_size=2, max_size=6).map("".join)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(WORDS, min_size=1, max_size=5), where=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_whatever_holds_a_word_of_two_is_found_within_sight_and_nothing_else(made, names, where):
    kind = Kind.objects.get(key="enterprise")
    places = [made.place, made.places["示例社区01"], made.places["示例村02"]]
    Entry.objects.filter(kind=kind).delete()
    for name, n in zip(names, where, strict=False):
        place = places[n]
        Entry.objects.create(
            kind=kind, office=made.place, place=place, path=place.path, title=name, recorded_at=moment(MONDAY)
        )
    index.rebuild()
    for word in {name[i : i + 2] for name in names for i in range(len(name) - 1)}:
        for role in ("secretary", "community", "team"):
            actor = made.actor(role)
            hits = {h.pk for h in find(actor, word).hits if h.label == "registers.entry"}
            right = Entry.objects.visible_to(actor).filter(title__contains=word)
            assert hits == set(right.values_list("pk", flat=True))


def catch_up(made):
    while index.catch_up(made.place.pk):
        pass


def test_what_is_given_is_found_with_all_about_it_and_no_more_once_it_is_taken_back(made):
    entry = Project.objects.get(entry__business_key="X01").entry
    mine = made.actor("team2")
    unit = Unit.objects.get(pk=mine.unit_id)
    assert titles(made, "team2", "紫荆路小学") == []
    at = moment(MONDAY)
    given = assign_one(
        actor=made.actor("secretary"), at=at, subject=entry, part="joint", to=unit, since=at.date()
    )  # fmt: skip
    assert titles(made, "team2", "紫荆路小学") == ["紫荆路小学"]
    catch_up(made)
    assert set(titles(made, "team2", "紫荆路小学")) == {"紫荆路小学", "紫荆路小学停水"}
    before = Document.objects.get(label="registers.entry", subject=entry.pk).words
    unassign(actor=made.actor("secretary"), at=at, subject=entry, assignment=given)
    assert titles(made, "team2", "紫荆路小学") == []
    catch_up(made)
    assert titles(made, "team2", "紫荆路小学") == []
    assert len(Document.objects.get(label="registers.entry", subject=entry.pk).words) < len(before)


def test_what_is_given_for_a_time_is_found_that_long(made):
    entry = Project.objects.get(entry__business_key="X01").entry
    at, post = moment(MONDAY), made.posts["team2"]
    friday = at.date() + timedelta(days=4)
    assign_one(
        actor=made.actor("secretary"), at=at, subject=entry, part="assisting", to=post, since=at.date(), until=friday
    )
    index.rebuild()
    mine = replace(made.actor("team2"), on=friday)
    assert {h.title for h in find(mine, "紫荆路小学").hits} == {"紫荆路小学", "紫荆路小学停水"}
    assert find(replace(mine, on=friday + timedelta(days=1)), "紫荆路小学").hits == []


def test_an_approver_finds_what_is_to_be_approved_and_not_what_is_about_it(made):
    entry = Project.objects.get(entry__business_key="X01").entry
    at = moment(MONDAY)
    assign_one(
        actor=made.actor("secretary"), at=at, subject=entry, part="approver", to=made.posts["team2"], since=at.date()
    )
    for read in (lambda: None, lambda: catch_up(made), index.rebuild):
        read()
        assert titles(made, "team2", "紫荆路小学") == ["紫荆路小学"]


def test_a_place_that_is_no_more_is_not_found(made):
    gone = made.places["第二网格"]
    Place.objects.filter(pk=gone.pk).update(merged_into=made.places["第一网格"])
    index.rebuild()
    assert titles(made, "secretary", "第二网格") == []


def test_reading_much_leaves_one_list_of_each_word(made):
    for n in range(12):
        offices.project(made, f"Z{n}", name=f"泵站{n}")
        catch_up(made)
    index.merge_lists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT segid) FROM search_words_idx")
            assert cursor.fetchone() == (1,)
    assert len(titles(made, "secretary", "泵站")) == 12
