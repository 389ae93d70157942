"""A kind may name who receives its cases first: they begin dispatched, and the unit answers for them."""

import pytest

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from zijing.cases.access import next_steps
from zijing.cases.actions import accept, object_
from zijing.cases.models import Stage
from zijing.cases.queries import timeline, turn_of
from zijing.packs.intake import record
from zijing.people.models import Assignment, Unit
from zijing.records.models import Kind

AT = moment(MONDAY, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def received_by(receiver):
    kind = Kind.objects.get(key="issue")
    kind.definition = kind.definition | {"receiver": receiver}
    kind.save()
    return Kind.objects.get(key="issue")


def filed(made, receiver, place="第一网格"):
    values = {"what": "路面塌陷", "class": "safety", "place": f"#{made.places[place].pk}"}
    return record(actor=made.system, at=AT, kind=received_by(receiver), values=values)


def committee(made, place="示例社区01"):
    unit = Unit.objects.get(office=made.place, code="U-community")
    Unit.objects.filter(pk=unit.pk).update(kind=Unit.Kind.COMMUNITY, place=made.places[place])
    return unit


def test_the_committee_of_the_place_receives_it(made):
    unit = committee(made)
    case = filed(made, "place")
    assert (case.stage, case.unit) == (Stage.DISPATCHED, unit)
    lead = Assignment.objects.get(subject_type="cases.case", subject_id=case.pk)
    assert (lead.unit, lead.part, lead.path) == (unit, "lead", case.path)
    assert [(s.verb, s.to_stage, s.unit) for s in timeline(case)] == [
        ("file", "filed", None), ("dispatch", "dispatched", unit),
    ]  # fmt: skip
    assert unit.name in turn_of(case)
    assert {m.verb for m in next_steps(case, made.actor("community"))} == {"accept", "object"}


def test_a_unit_named_by_its_code_receives_it_wherever_it_lies(made):
    case = filed(made, "U-section", "村一网格")
    assert case.unit.code == "U-section"
    accept(actor=made.actor("section"), at=AT, case=case)
    assert [s.verb for s in timeline(case)] == ["file", "dispatch", "accept"]


def test_where_nobody_receives_it_waits_to_be_dispatched(made):
    committee(made)
    case = filed(made, "place", "示例村02")
    assert (case.stage, case.unit) == (Stage.FILED, None)
    assert filed(made, "U-of-another-office").stage == Stage.FILED
    assert not Assignment.objects.filter(subject_type="cases.case").exists()
    assert [s.verb for s in timeline(case)] == ["file"]


def test_an_objection_goes_back_to_be_dispatched(made):
    committee(made)
    case = filed(made, "place")
    object_(actor=made.actor("community"), at=AT, case=case, reason="不归社区")
    assert (case.stage, case.unit_id) == (Stage.FILED, None)
    assert [s.verb for s in timeline(case)] == ["file", "dispatch", "object"]
