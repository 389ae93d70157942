"""Handling jointly: each unit answers for its part, and the case is not reported as done before."""

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from zijing.cases.actions import accept, dispatch, submit
from zijing.cases.models import Case, Share, Stage
from zijing.cases.queries import timeline
from zijing.cases.shares import answer, involve
from zijing.core.errors import Conflict, DomainError, Invalid, Refused
from zijing.journal.chain import verify
from zijing.people.models import Assignment

AT = moment(MONDAY, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def case(made: Office) -> Case:
    filed: Case = blocker(made, project(made))
    dispatch(actor=made.actor("project_office"), at=AT, case=filed, unit=made.posts["team"].unit)
    accept(actor=made.actor("team"), at=AT, case=filed)
    return filed


def shared(made: Office, case: Case, role: str = "team2", by: str = "team") -> Share:
    return involve(actor=made.actor(by), at=AT, case=case, unit=made.posts[role].unit, task="现场断电")


def test_who_is_asked_sees_the_case_and_answers_for_its_part(made: Office, case: Case) -> None:
    seen = Case.objects.visible_to(made.actor("team2"))
    assert not seen.filter(pk=case.pk).exists()
    share = shared(made, case)
    assert seen.all().filter(pk=case.pk).exists()
    answer(actor=made.actor("team2"), at=AT, share=share, answer="已断电")
    share.refresh_from_db()
    assert (share.answer, share.answered_by) == ("已断电", made.posts["team2"])
    assert [s.verb for s in timeline(case)][-2:] == ["involved", "part_answered"]
    assert verify(made.place.pk).sound


def test_the_lead_reports_nothing_as_done_while_a_part_is_open(made: Office, case: Case) -> None:
    first, second = shared(made, case), shared(made, case, "section")
    answer(actor=made.actor("team2"), at=AT, share=first, answer="好了")
    with pytest.raises(Conflict, match="section单位"):
        submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    answer(actor=made.actor("section"), at=AT, share=second, answer="好了")
    submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    assert case.stage == Stage.CHECKING


def test_nobody_answers_for_another_unit_or_twice(made: Office, case: Case) -> None:
    share = shared(made, case)
    for role in ("team", "section", "county"):
        with pytest.raises(Refused):
            answer(actor=made.actor(role), at=AT, share=share, answer="好了")
    twin = Share.objects.get(pk=share.pk)
    answer(actor=made.actor("team2"), at=AT, share=share, answer="好了")
    with pytest.raises(Conflict):
        answer(actor=made.actor("team2"), at=AT, share=twin, answer="又好了")


def test_a_unit_is_asked_once_at_a_time_and_again_afterwards(made: Office, case: Case) -> None:
    share = shared(made, case)
    with pytest.raises(Conflict):
        shared(made, case)
    answer(actor=made.actor("team2"), at=AT, share=share, answer="好了")
    shared(made, case)
    assert Assignment.objects.filter(subject_id=case.pk, part="assisting").count() == 1


@pytest.mark.parametrize(
    ("by", "role", "task", "refused"),
    [
        ("team", "team", "断电", Invalid), ("team", "team2", "  ", Invalid), ("team2", "section", "断电", Refused),
        ("county", "section", "断电", Refused),
    ],
)  # fmt: skip
def test_bad_input(made: Office, case: Case, by: str, role: str, task: str, refused: type[DomainError]) -> None:
    with pytest.raises(refused):
        involve(actor=made.actor(by), at=AT, case=case, unit=made.posts[role].unit, task=task)
    assert not Share.objects.exists()


def test_only_while_it_is_worked_on(made: Office, case: Case) -> None:
    submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    with pytest.raises(Conflict):
        shared(made, case, by="project_office")
