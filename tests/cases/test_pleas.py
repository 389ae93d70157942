"""More time, parking, appeals and exclusions: asked by the unit that answers, decided by somebody else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from tests.factories.office import MONDAY, Office, blocker, demands, moment, office, project
from zijing.cases.access import askable
from zijing.cases.actions import accept, close, dispatch, object_, reopen, submit, void
from zijing.cases.models import Case, Plea, Stage
from zijing.cases.pleas import ask, decide, resume
from zijing.cases.queries import explain, timeline, turn_of
from zijing.cases.shares import involve
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.chain import verify
from zijing.outbox.rhythm import tick
from zijing.records.files import Upload, add
from zijing.records.filters import overdue
from zijing.records.models import Kind

AT = moment(MONDAY, 10)
DUE = moment(date(2020, 9, 10), 18)
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    made = office()
    demands()
    return made


def handled(made: Office) -> Case:
    """A case of three working days that the team has taken."""
    case: Case = blocker(made, project(made))
    dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team"].unit)
    accept(actor=made.actor("team"), at=AT, case=case)
    return case


def asked(made: Office, case: Case, matter: str = "extension", at: datetime = AT, **more: Any) -> Plea:
    case.refresh_from_db()
    more = more or {"extension": {"amount": 3}, "parking": {"until": date(2020, 10, 12)}}.get(matter, {})
    return ask(actor=made.actor("team"), at=at, case=case, matter=matter, reason="管线迁改未批", **more)


def given_more(made: Office, case: Case, at: datetime = AT, **more: Any) -> None:
    decide(actor=made.actor("secretary"), at=at, plea=asked(made, case, at=at, **more), granted=True)


def document(made: Office, case: Case) -> None:
    add(
        actor=made.actor("team"), at=AT, subject=case, sent=Upload(b"%PDF-1.4\n%%EOF", "研判.pdf"), part="document",
        right="cases.handle",
    )  # fmt: skip


class TestMoreTime:
    def test_it_moves_the_deadline_and_says_so(self, made: Office) -> None:
        case = handled(made)
        assert case.due_at == DUE
        given_more(made, case, amount=2)
        case = Case.objects.get(pk=case.pk)
        assert case.due_at == moment(date(2020, 9, 14), 18)
        with translation.override("en"):
            assert "extended by 2" in explain(case)
        assert [s.verb for s in timeline(case)][-2:] == ["extension_asked", "extension_granted"]
        assert case.stage == Stage.HANDLING and verify(made.place.pk).sound

    def test_a_refusal_says_why_and_changes_nothing(self, made: Office) -> None:
        case = handled(made)
        plea = asked(made, case)
        with pytest.raises(Invalid):
            decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=False)
        decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=False, answer="工序可以并行")
        assert Case.objects.get(pk=case.pk).due_at == DUE
        assert timeline(case)[-1].reason == "工序可以并行"

    def test_twice_at_most(self, made: Office) -> None:
        case = handled(made)
        given_more(made, case)
        given_more(made, case)
        with pytest.raises(Conflict, match="两次"):
            asked(made, case)

    def test_a_refused_one_does_not_count(self, made: Office) -> None:
        case = handled(made)
        for _ in range(2):
            decide(actor=made.actor("secretary"), at=AT, plea=asked(made, case), granted=False, answer="不批")
        given_more(made, case)
        given_more(made, case)

    def test_before_the_deadline_only(self, made: Office) -> None:
        case = handled(made)
        asked(made, case, at=DUE - timedelta(minutes=1))
        Plea.objects.all().delete()
        with pytest.raises(Conflict):
            asked(made, case, at=DUE)

    @pytest.mark.parametrize("amount", [None, 0, -1, 4, 10**9])
    def test_by_the_limit_itself_at_most(self, made: Office, amount: int | None) -> None:
        with pytest.raises(Invalid):
            asked(made, handled(made), amount=amount)

    def test_one_at_a_time(self, made: Office) -> None:
        case = handled(made)
        asked(made, case)
        with pytest.raises(Conflict):
            asked(made, case)

    def test_decided_once(self, made: Office) -> None:
        plea = asked(made, handled(made))
        twin = Plea.objects.get(pk=plea.pk)
        decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=True)
        with pytest.raises(Conflict):
            decide(actor=made.actor("director"), at=AT, plea=twin, granted=True)

    def test_who_asked_does_not_decide_and_who_has_no_right_neither(self, made: Office) -> None:
        case = handled(made)
        plea = ask(actor=made.system, at=AT, case=case, matter="extension", reason="x", amount=1)
        Plea.objects.update(asked_by=made.posts["secretary"])
        plea.refresh_from_db()
        for role in ("secretary", "team", "county"):
            with pytest.raises(Refused):
                decide(actor=made.actor(role), at=AT, plea=plea, granted=True)

    def test_a_reopened_case_begins_without_what_it_was_given(self, made: Office) -> None:
        case = handled(made)
        given_more(made, case)
        submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
        close(actor=made.actor("project_office"), at=AT, case=case)
        reopen(actor=made.actor("leader"), at=moment(date(2020, 9, 21)), case=case, reason="又堵了")
        assert case.due_at == moment(date(2020, 9, 24), 18)


class TestParking:
    def test_it_rests_over_the_holiday_and_goes_on_by_itself(self, made: Office) -> None:
        case = handled(made)
        decide(actor=made.actor("secretary"), at=AT, plea=asked(made, case, "parking"), granted=True)
        case = Case.objects.get(pk=case.pk)
        assert (case.stage, case.due_at) == (Stage.PARKED, moment(date(2020, 10, 14), 18))
        assert turn_of(case)
        tick(made.place, moment(date(2020, 10, 11), 12))
        assert Case.objects.get(pk=case.pk).stage == Stage.PARKED
        tick(made.place, moment(date(2020, 10, 12), 9))
        case = Case.objects.get(pk=case.pk)
        assert (case.stage, case.due_at) == (Stage.HANDLING, moment(date(2020, 10, 14), 18))
        assert timeline(case)[-1].at == moment(date(2020, 10, 12), 8)
        tick(made.place, moment(date(2020, 10, 20)))
        assert Case.objects.open().filter(overdue(moment(date(2020, 10, 20)))).filter(pk=case.pk).exists()
        assert verify(made.place.pk).sound

    def test_its_unit_may_go_on_earlier(self, made: Office) -> None:
        case = handled(made)
        decide(actor=made.actor("secretary"), at=AT, plea=asked(made, case, "parking"), granted=True)
        case = Case.objects.get(pk=case.pk)
        with pytest.raises(Refused):
            resume(actor=made.actor("team2"), at=AT, case=case)
        resume(actor=made.actor("team"), at=moment(date(2020, 9, 14), 9), case=case)
        assert (case.stage, case.due_at) == (Stage.HANDLING, moment(date(2020, 9, 16), 18))
        tick(made.place, moment(date(2020, 10, 13)))
        assert [s.verb for s in timeline(case)].count("resume") == 1

    def test_once_at_most(self, made: Office) -> None:
        case = handled(made)
        decide(actor=made.actor("secretary"), at=AT, plea=asked(made, case, "parking"), granted=True)
        case = Case.objects.get(pk=case.pk)
        resume(actor=made.actor("team"), at=AT + timedelta(hours=1), case=case)
        with pytest.raises(Conflict):
            asked(made, case, "parking")

    @pytest.mark.parametrize("until", [None, MONDAY, MONDAY - timedelta(days=1), MONDAY + timedelta(days=366)])
    def test_until_a_day_within_a_year(self, made: Office, until: date | None) -> None:
        with pytest.raises(Invalid):
            asked(made, handled(made), "parking", until=until)

    def test_a_decision_that_comes_after_its_day_parks_nothing(self, made: Office) -> None:
        case = handled(made)
        plea = asked(made, case, "parking")
        with pytest.raises(Conflict):
            decide(actor=made.actor("secretary"), at=moment(date(2020, 10, 12), 9), plea=plea, granted=True)
        assert Plea.objects.get().granted is None and Case.objects.get(pk=case.pk).stage == Stage.HANDLING

    def test_what_does_not_fit_the_stage_any_more_lapses_and_says_so(self, made: Office) -> None:
        case = handled(made)
        plea = asked(made, case, "parking")
        submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
        with pytest.raises(Conflict):
            decide(actor=made.actor("secretary"), at=AT, plea=Plea.objects.get(pk=plea.pk), granted=True)
        assert (Plea.objects.get().granted, Plea.objects.get().decided_by) == (False, None)
        assert [s.verb for s in timeline(case)][-2:] == ["submit", "parking_lapsed"]
        assert verify(made.place.pk).sound


class TestLapsing:
    """What nobody decided does not outlive the stage it was asked at, and does not come back with the case."""

    def test_a_case_closed_and_reopened_is_asked_for_nothing(self, made: Office) -> None:
        case = handled(made)
        asked(made, case)
        void(actor=made.actor("secretary"), at=AT, case=case, reason="重复")
        assert not case.pleas.filter(granted=None).exists()

    def test_more_time_asked_for_lasts_from_dispatch_into_handling(self, made: Office) -> None:
        case: Case = blocker(made, project(made))
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team"].unit)
        plea = asked(made, case)
        accept(actor=made.actor("team"), at=AT, case=case)
        decide(actor=made.actor("secretary"), at=AT, plea=Plea.objects.get(pk=plea.pk), granted=True)
        assert Case.objects.get(pk=case.pk).due_at > DUE

    def test_not_what_an_earlier_unit_asked_for(self, made: Office) -> None:
        case: Case = blocker(made, project(made))
        dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team"].unit)
        asked(made, case)
        object_(actor=made.actor("team"), at=AT, case=case, reason="不归我们")
        assert not case.pleas.filter(granted=None).exists()

    def test_an_exclusion_is_still_decided_when_the_case_is_closed(self, made: Office) -> None:
        case = handled(made)
        document(made, case)
        plea = asked(made, case, "exclusion")
        submit(actor=made.actor("team"), at=AT, case=case, reason="已答复")
        close(actor=made.actor("project_office"), at=AT, case=case)
        decide(actor=made.actor("secretary"), at=AT, plea=Plea.objects.get(pk=plea.pk), granted=True)
        assert Case.objects.get(pk=case.pk).exempt == "exclusion"


class TestAtOnce:
    """Whoever acts on what is no longer so is told, and nothing is done."""

    def test_asking_for_more_time_of_a_case_that_was_voided(self, made: Office) -> None:
        case = handled(made)
        seen = Case.objects.get(pk=case.pk)
        void(actor=made.actor("secretary"), at=AT, case=case, reason="重复")
        with pytest.raises(Conflict):
            ask(actor=made.actor("team"), at=AT, case=seen, matter="extension", reason="x", amount=1)
        assert not Plea.objects.exists()

    def test_involving_a_unit_in_a_case_that_was_voided(self, made: Office) -> None:
        case = handled(made)
        seen = Case.objects.get(pk=case.pk)
        void(actor=made.actor("secretary"), at=AT, case=case, reason="重复")
        with pytest.raises(Conflict):
            involve(actor=made.actor("project_office"), at=AT, case=seen, unit=made.posts["section"].unit, task="断电")
        assert not case.shares.exists()

    def test_deciding_about_a_case_that_has_moved_since(self, made: Office) -> None:
        plea = asked(made, handled(made))
        seen = Plea.objects.select_related("case").get(pk=plea.pk)
        Case.objects.filter(pk=plea.case_id).update(revision=99)
        with pytest.raises(Conflict):
            decide(actor=made.actor("secretary"), at=AT, plea=seen, granted=True)
        assert Plea.objects.get().granted is None


class TestAppeal:
    def late(self, made: Office) -> Case:
        case = handled(made)
        submit(actor=made.actor("team"), at=DUE, case=case, reason="好了")
        close(actor=made.actor("project_office"), at=DUE + timedelta(days=1), case=case)
        return case

    def test_an_accepted_one_leaves_the_rates_and_the_fact_stays(self, made: Office) -> None:
        case, at = self.late(made), moment(date(2020, 9, 14))
        whole = {"place": made.place, "since": MONDAY, "until": at.date(), "actor": made.actor("secretary"), "at": at}
        assert value(find("cases.on_time_rate"), **whole).amount == 0
        decide(actor=made.actor("secretary"), at=at, plea=asked(made, case, "appeal", at=at), granted=True)
        assert value(find("cases.on_time_rate"), **whole).amount is None
        case.refresh_from_db()
        assert (case.exempt, case.closed_on_time, case.stage) == ("appeal", False, Stage.CLOSED)

    def test_nothing_to_appeal_when_closed_on_time(self, made: Office) -> None:
        case = handled(made)
        submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
        close(actor=made.actor("project_office"), at=AT, case=case)
        assert Plea.Matter.APPEAL not in askable(case, made.actor("team"))
        with pytest.raises(Conflict):
            asked(made, case, "appeal")

    def test_reopened_the_case_counts_again(self, made: Office) -> None:
        case, at = self.late(made), moment(date(2020, 9, 14))
        decide(actor=made.actor("secretary"), at=at, plea=asked(made, case, "appeal", at=at), granted=True)
        case.refresh_from_db()
        assert askable(case, made.actor("team")) == []
        with pytest.raises(Conflict):
            asked(made, case, "appeal", at=at)
        reopen(actor=made.actor("leader"), at=at, case=case, reason="又堵了")
        assert Case.objects.get(pk=case.pk).exempt == ""

    def test_one_of_two_pleas_is_granted(self, made: Office) -> None:
        case, at = self.late(made), moment(date(2020, 9, 14))
        document(made, case)
        first, second = asked(made, case, "appeal", at=at), asked(made, case, "exclusion", at=at)
        decide(actor=made.actor("secretary"), at=at, plea=Plea.objects.get(pk=first.pk), granted=True)
        with pytest.raises(Conflict):
            decide(actor=made.actor("secretary"), at=at, plea=Plea.objects.get(pk=second.pk), granted=True)
        second = Plea.objects.get(pk=second.pk)
        decide(actor=made.actor("secretary"), at=at, plea=second, granted=False, answer="已按申诉剔除")
        assert Case.objects.get(pk=case.pk).exempt == "appeal"

    def test_its_number_is_evidence_too_and_another_post_reviews_it(self, made: Office) -> None:
        case = handled(made)
        for nothing in ("", "   "):
            with pytest.raises(Conflict):
                asked(made, case, "exclusion", reference=nothing)
        plea = asked(made, case, "exclusion", reference="紫办函〔2020〕7号")
        assert plea.reference == "紫办函〔2020〕7号"
        with pytest.raises(Refused):
            decide(actor=made.actor("team"), at=AT, plea=plea, granted=True)
        decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=True)
        assert Case.objects.get(pk=case.pk).exempt == "exclusion"

    def test_only_what_somebody_outside_demands_can_be_unreasonable(self, made: Office) -> None:
        case = handled(made)
        document(made, case)
        Kind.objects.filter(pk=case.kind_id).update(
            definition=dict(case.kind.definition) | {"demands": False, "public": False}
        )
        found = Case.objects.select_related("kind").get(pk=case.pk)
        assert Plea.Matter.EXCLUSION not in askable(found, made.actor("team"))
        with pytest.raises(Conflict):
            ask(actor=made.actor("team"), at=AT, case=found, matter="exclusion", reason="x", reference="1")

    def test_an_unreasonable_demand_needs_its_evidence(self, made: Office) -> None:
        case = handled(made)
        with pytest.raises(Conflict):
            asked(made, case, "exclusion")
        document(made, case)
        decide(actor=made.actor("secretary"), at=AT, plea=asked(made, case, "exclusion"), granted=True)
        case.refresh_from_db()
        assert (case.exempt, case.stage) == ("exclusion", Stage.HANDLING)
