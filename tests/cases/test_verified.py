"""Kinds whose cases are verified before they are filed (核实)."""

from datetime import date

import pytest

from tests.factories.office import MONDAY, Office, moment, office
from zijing.cases.access import next_steps
from zijing.cases.actions import refuse, verify
from zijing.cases.models import Case, Stage
from zijing.cases.queries import timeline, turn_of
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.packs.intake import record
from zijing.records.models import Kind

AT = moment(MONDAY, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def reported(made: Office, **definition: object) -> Case:
    """An issue reported by a grid worker, of a kind that is verified first."""
    kind = Kind.objects.get(key="issue")
    kind.definition = {**kind.definition, "verified": True, **definition}
    kind.save()
    values = {"what": "井盖缺失", "class": "safety", "place": "第一网格"}
    found = record(actor=made.actor("grid"), at=AT, kind=Kind.objects.get(key="issue"), values=values)
    assert isinstance(found, Case)
    return found


def filed_in_september(made: Office) -> object:
    days = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}
    return value(find("cases.filed"), made.actor("secretary"), at=AT, **days).amount


def test_it_waits_for_whoever_dispatches_and_is_no_case_yet(made: Office) -> None:
    case = reported(made)
    assert (case.stage, case.unit) == (Stage.REPORTED, None) and turn_of(case)
    assert [m.verb for m in next_steps(case, made.actor("project_office"))] == ["verify", "refuse"]
    assert next_steps(case, made.actor("grid")) == []
    assert filed_in_september(made) == 0
    verify(actor=made.actor("project_office"), at=AT, case=case)
    assert case.stage == Stage.FILED and filed_in_september(made) == 1
    assert [s.verb for s in timeline(case)] == ["receive", "verify"]


def test_one_with_a_receiver_goes_there_when_it_is_filed(made: Office) -> None:
    case = reported(made, receiver="U-section")
    assert case.unit is None
    verify(actor=made.actor("project_office"), at=AT, case=case)
    assert (case.stage, case.unit) == (Stage.DISPATCHED, made.posts["section"].unit)
    assert Case.objects.visible_to(made.actor("section")).filter(pk=case.pk).exists()


def test_what_is_not_so_is_not_filed_and_says_why(made: Office) -> None:
    case = reported(made)
    with pytest.raises(Invalid):
        refuse(actor=made.actor("project_office"), at=AT, case=case, reason=" ")
    with pytest.raises(Refused):
        refuse(actor=made.actor("grid"), at=AT, case=case, reason="不属实")
    refuse(actor=made.actor("project_office"), at=AT, case=case, reason="现场未见")
    assert (case.stage, filed_in_september(made)) == (Stage.VOIDED, 0)
    with pytest.raises(Conflict):
        verify(actor=made.actor("project_office"), at=AT, case=Case.objects.get(pk=case.pk))
