"""A case's loop: who may move it when, against a model; two at once; deadlines."""

from datetime import date

import pytest
from django.utils import translation

from tests.factories.office import MONDAY, blocker, moment, office, project
from zijing.cases.access import next_steps
from zijing.cases.actions import (
    accept,
    close,
    dispatch,
    object_,
    reopen,
    rework,
    submit,
    void,
)
from zijing.cases.models import Case, Stage
from zijing.cases.queries import explain, timeline, turn_of
from zijing.core.errors import Conflict, DomainError, Refused
from zijing.journal.chain import verify
from zijing.people.models import Unit

AT = moment(MONDAY, 10)


def filed(made=None):
    made = made or office()
    return made, blocker(made, project(made))


def team_unit(made) -> Unit:
    return made.posts["team"].unit


def to_checking(made, case):
    dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=team_unit(made))
    accept(actor=made.actor("team"), at=AT, case=case)
    submit(actor=made.actor("team"), at=AT, case=case, reason="水已接通")


@pytest.mark.django_db
class TestLoop:
    def test_from_filing_to_closing(self):
        made, case = filed()
        assert (case.stage, case.due_at) == (Stage.FILED, moment(date(2020, 9, 10), 18))
        to_checking(made, case)
        close(actor=made.actor("project_office"), at=AT, case=case)
        case.refresh_from_db()
        assert (case.stage, case.closed_on_time, case.closed_at) == (Stage.CLOSED, True, AT)
        assert [s.verb for s in timeline(case)] == ["file", "dispatch", "accept", "submit", "close"]
        assert verify(made.place.pk).sound

    def test_closed_after_the_deadline_is_said(self):
        made, case = filed()
        to_checking(made, case)
        close(actor=made.actor("project_office"), at=moment(date(2020, 9, 10), 18, 1), case=case)
        assert case.closed_on_time is False

    def test_who_handled_it_does_not_check_it(self):
        made, case = filed()
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["section"].unit)
        accept(actor=made.actor("section"), at=AT, case=case)
        submit(actor=made.actor("section"), at=AT, case=case, reason="好了")
        with pytest.raises(Refused) as refused:
            close(actor=made.actor("section"), at=AT, case=case)
        assert str(refused.value) == "处置人不能核查自己处置的案卷，请由其他同事核查。"
        with translation.override("en"):
            assert str(refused.value) == "Who handled a case does not check it. Ask a colleague."
        assert "close" not in {m.verb for m in next_steps(case, made.actor("section"))}

    def test_another_unit_cannot_take_it(self):
        made, case = filed()
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=team_unit(made))
        with pytest.raises(Refused):
            accept(actor=made.actor("team2"), at=AT, case=case)

    def test_rework_and_objection_keep_every_step(self):
        made, case = filed()
        office_, team = made.actor("project_office"), made.actor("team")
        dispatch(actor=office_, at=AT, case=case, unit=team_unit(made))
        object_(actor=team, at=AT, case=case, reason="不归我们")
        dispatch(actor=office_, at=AT, case=case, unit=team_unit(made))
        accept(actor=team, at=AT, case=case)
        submit(actor=team, at=AT, case=case, reason="好了")
        rework(actor=office_, at=AT, case=case, reason="还在漏")
        submit(actor=team, at=AT, case=case, reason="又修了")
        close(actor=office_, at=AT, case=case)
        assert [s.verb for s in timeline(case)].count("submit") == 2
        assert case.stage == Stage.CLOSED

    def test_a_reopened_case_has_its_limit_anew_and_keeps_the_old_closing(self):
        made, case = filed()
        to_checking(made, case)
        close(actor=made.actor("project_office"), at=AT, case=case)
        reopen(actor=made.actor("leader"), at=moment(date(2020, 9, 21)), case=case, reason="又堵了")
        case.refresh_from_db()
        assert (case.stage, case.closed_at) == (Stage.REOPENED, None)
        assert case.due_at == moment(date(2020, 9, 24), 18)
        assert "close" in [s.verb for s in timeline(case)]
        to_checking(made, case)
        close(actor=made.actor("project_office"), at=moment(date(2020, 9, 22)), case=case)
        assert case.closed_on_time

    @pytest.mark.parametrize("verb", [object_, submit, rework, reopen, void])
    def test_a_step_that_needs_a_reason_says_so(self, verb):
        made, case = filed()
        with pytest.raises(DomainError) as refused:
            verb(actor=made.system, at=AT, case=case, reason="  ")
        in_chinese = str(refused.value)
        with translation.override("en"):
            assert in_chinese.endswith("。") and str(refused.value).endswith(".")

    def test_two_people_at_once_the_second_is_told(self):
        made, case = filed()
        twin = Case.objects.get(pk=case.pk)
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=team_unit(made))
        with pytest.raises(Conflict):
            dispatch(actor=made.actor("project_office"), at=AT, case=twin, unit=made.posts["team2"].unit)
        case.refresh_from_db()
        assert case.unit == team_unit(made)
        assert case.steps.count() == 1

    def test_the_deadline_and_the_turn_explain_themselves(self):
        made, case = filed()
        assert "3" in explain(case)
        assert turn_of(case)
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=team_unit(made))
        assert team_unit(made).name in turn_of(case)

    def test_a_case_is_seen_where_it_lies_by_its_unit_and_nowhere_else(self):
        made, case = filed()
        other = office("410181006000", "示例街道")
        see = lambda who, where=made: Case.objects.visible_to(where.actor(who)).filter(pk=case.pk).exists()
        assert see("secretary")
        assert see("county")
        assert see("community")
        assert see("team")
        assert not see("community2")
        assert not see("team2")
        assert not see("secretary", other)
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team2"].unit)
        assert see("team2")
