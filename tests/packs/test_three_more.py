"""The packs for hazards, targets and compounds: sound, apart from each other, each figure with its sentence."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.office import FOUNDED, MONDAY, moment, office, pack
from zijing.cases.models import Stage
from zijing.core.errors import Refused
from zijing.figures.models import Figure
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.packs.intake import record
from zijing.people.access import actor_of
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Holding, Unit
from zijing.records.models import Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
MORE = ("hazards", "targets", "compounds")


@pytest.fixture
def made():
    place = office()
    for key in MORE:
        apply(at=FOUNDED, pack=pack(key), offices=[place.place])
    return place


def actor(made, role, place=None):
    """Somebody in a new post of this role."""
    unit = Unit.objects.get(code="U-section", office=made.place)
    row = {
        "code": f"N-{role}", "title": role, "unit": unit, "role": role, "place": place or made.place,
        "since": FOUNDED.date(), "account": f"new-{role}",
    }  # fmt: skip
    put_posts(actor=made.system, at=FOUNDED, rows=[row])
    return actor_of(Holding.objects.get(post__code=row["code"]), channel="test", on=MONDAY)


def enter(made, who, kind, **values):
    return record(actor=who, at=moment(MONDAY), kind=Kind.objects.get(key=kind), values=values)


@pytest.mark.parametrize("key", MORE)
def test_each_is_whole_by_itself(key):
    made = pack(key)
    assert made.kinds and made.roles and made.figures and made.spec.edition == "2021.1"
    assert all(k.source and k.examples for k in made.kinds)


def test_every_figure_of_the_packs_has_its_sentence_in_both_languages_and_there_are_many():
    figures = [f for key in loader.available(Path(settings.PACKS)) for f in pack(key).figures]
    assert len(figures) >= 40 and len({f.sentence_zh for f in figures}) == len(figures)
    assert all(f.sentence_zh.endswith("。") and f.sentence_en.endswith(".") and f.owner for f in figures)
    assert {f.key for f in figures if f.measures == "effort"} >= {
        "expert_checks.done",
        "reporting_in.hours",
        "remarks.all",
    }


def test_applied_again_they_change_nothing(made):
    assert [diff(pack(key), [made.place]) for key in MORE] == [[], [], []]


def point(made, **more):
    values = {"code": "YH-1", "name": "示例家具厂", "class": "工矿企业", "risk": "较大", "place": "示例社区01", **more}
    return enter(made, actor(made, "safety_office"), "hazard-point", **values)


class TestHazards:
    @pytest.mark.parametrize(
        ("severity", "due"),
        # Fifteen days, five days (a Saturday, so the Monday after), twenty-four hours.
        [("一般隐患", (22, 18)), ("重大隐患", (14, 18)), ("须立即消除", (8, 9))],
    )
    def test_severity_sets_the_limit(self, made, severity, due):
        case = enter(
            made, made.actor("grid"), "hazard", what="飞线", severity=severity, **{"class": "用电", "place": "第一网格"}
        )
        assert case.due_at == moment(date(2020, 9, due[0]), due[1])

    def test_a_hazard_at_a_point_lies_where_the_point_lies(self, made):
        entry = point(made)
        case = enter(
            made,
            actor(made, "expert"),
            "hazard",
            point="YH-1",
            what="喷漆房无分隔",
            severity="重大隐患",
            **{"class": "消防设施"},
        )
        assert (case.subject_id, case.place) == (entry.pk, entry.place)

    def test_a_fire_passage_is_cleared_within_two_hours_day_or_night(self, made):
        case = enter(
            made, made.actor("grid"), "fire-passage", what="停车", way="消防车通道", by="停车", place="第一网格"
        )
        assert case.due_at == moment(MONDAY) + timedelta(hours=2)

    def test_an_expert_checks_and_keeps_no_ledger(self, made):
        point(made)
        who = actor(made, "expert")
        made_check = enter(
            made,
            who,
            "expert-check",
            date=MONDAY,
            point="YH-1",
            way="聘请专家检查",
            result="发现隐患",
            found=2,
            summary="两处",
        )
        assert made_check.quantity == 2
        with pytest.raises(Refused):
            enter(made, who, "hazard-point", code="YH-2", name="x", risk="低", place="示例社区01", **{"class": "河道"})


class TestCompounds:
    def test_a_chiefs_problem_goes_straight_to_the_community(self, made):
        office_ = actor(made, "governance_office")
        enter(
            made,
            office_,
            "compound",
            code="LY-1",
            name="示例院",
            place="示例社区01",
            managed="三无",
            state="未治理",
            households=100,
        )
        chief = actor(made, "compound_chief", made.places["示例社区01"])
        case = enter(made, chief, "compound-problem", compound="LY-1", what="返水", **{"class": "下水排污"})
        assert (case.place.name, case.stage) == ("示例社区01", Stage.FILED), "no committee there yet: to be dispatched"
        committee = {
            "code": "SQ",
            "name": "示例社区居委会",
            "kind": "community_committee",
            "place": made.places["示例社区01"],
        }
        put_units(actor=made.system, at=FOUNDED, rows=[committee])
        again = enter(made, chief, "compound-problem", compound="LY-1", what="又返水", **{"class": "下水排污"})
        assert (again.unit.name, again.stage) == ("示例社区居委会", Stage.DISPATCHED)

    def test_a_vacant_post_counts_as_one(self, made):
        who = actor(made, "governance_office")
        enter(made, who, "compound", code="LY-1", name="示例院", place="示例社区01", managed="三无", state="未治理")
        for n, vacant in enumerate(("是", "否", "否"), 1):
            enter(
                made,
                who,
                "compound-chief",
                code=f"SZ-{n}",
                duty=f"{n}号楼栋长",
                level="楼栋长",
                compound="LY-1",
                vacant=vacant,
            )
        from zijing.figures.known import find
        from zijing.figures.queries import value

        shown = value(find("chiefs.filled_share"), made.actor("secretary"), at=moment(MONDAY))
        assert shown.shown == "66.7%"
        assert Entry.objects.filter(kind__key="compound-chief").count() == 3


def test_every_figure_can_be_counted(made):
    from zijing.figures.queries import value

    for figure in Figure.objects.filter(pack__in=MORE).select_related("kind"):
        assert value(figure, made.actor("secretary"), at=moment(MONDAY), since=FOUNDED.date(), until=MONDAY).shown
