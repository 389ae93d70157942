"""A case reported twice is voided for the one that stands: nothing is lost, it counts once, and it can be undone."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, moment, office
from zijing.cases import actions, pleas
from zijing.cases.merging import merge, merged_into_it, unmerge
from zijing.cases.models import Case, Reporter, Stage, Supervision
from zijing.cases.queries import timeline, turn_of
from zijing.cases.reporters import RESIDENT, followed, may_rate, rate, ratings
from zijing.cases.supervision import supervise
from zijing.core.errors import Conflict, Invalid, Missing, Refused
from zijing.figures.queries import find, value
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def made() -> Office:
    return office()


def filed(made: Office, what: str = "井盖缺失", **values: object) -> Case:
    raw = {"what": what, "class": "safety", "place": "第一网格", **values}
    found = record(actor=made.actor("grid"), at=AT, kind=Kind.objects.get(key="issue"), values=raw)
    assert isinstance(found, Case)
    return found


def merged(made: Office, case: Case, into: Case, role: str = "project_office") -> Case:
    merge(actor=made.actor(role), at=LATER, case=case, into=into)
    return Case.objects.get(pk=case.pk)


def handled(made: Office, case: Case) -> None:
    unit, at = made.posts["section"].unit, LATER
    actions.dispatch(actor=made.actor("project_office"), at=at, case=case, unit=unit)
    actions.accept(actor=made.actor("section"), at=at, case=case)
    actions.submit(actor=made.actor("section"), at=at, case=case, reason="已换新井盖")
    actions.close(actor=made.actor("project_office"), at=at, case=case, reason="已修好")


def count(made: Office, key: str) -> Any:
    days = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}
    return value(find(key), made.actor("secretary"), at=LATER, **days).amount


def test_it_is_voided_for_the_one_that_stands_and_counts_once(made: Office) -> None:
    one, other = filed(made), filed(made, "下水井盖丢了")
    double = merged(made, other, one)
    assert (double.stage, double.merged_into, double.closed_at) == (Stage.VOIDED, one, LATER)
    assert double.timer.alarm_at is None and one.title in turn_of(double)
    assert count(made, "cases.filed") == count(made, "cases.open") == 1
    assert [s.verb for s in timeline(one)] == ["file", "merged_in"]
    assert timeline(one)[-1].reason == "下水井盖丢了"
    assert merged_into_it(one) == [double] and double.standing == one


def test_merged_again_everything_is_reached_from_the_one_that_stands(made: Office) -> None:
    first, second, third = filed(made), filed(made), filed(made)
    merged(made, first, second)
    merged(made, Case.objects.get(pk=second.pk), third)
    assert merged_into_it(third) == [second, first]
    assert Case.objects.get(pk=first.pk).standing == third


class TestIllegal:
    def test_into_itself(self, made: Office) -> None:
        case = filed(made)
        with pytest.raises(Invalid):
            merge(actor=made.actor("secretary"), at=AT, case=case, into=case)

    def test_in_a_circle(self, made: Office) -> None:
        one, other = filed(made), filed(made)
        double = merged(made, one, other)
        with pytest.raises(Conflict):
            merge(actor=made.actor("secretary"), at=LATER, case=other, into=double)
        assert Case.objects.get(pk=other.pk).stage == Stage.FILED

    def test_into_one_that_has_ended_or_has_just_moved(self, made: Office) -> None:
        one, ended = filed(made), filed(made)
        stale = Case.objects.get(pk=ended.pk)
        handled(made, ended)
        for into in (ended, stale):
            with pytest.raises(Conflict):
                merge(actor=made.actor("secretary"), at=LATER, case=one, into=into)

    def test_away_from_a_supervision_list(self, made: Office) -> None:
        listed, other = filed(made), filed(made)
        supervise(
            actor=made.actor("secretary"), at=AT, subject=listed, level="office", reason="多次反映",
            until=MONDAY + timedelta(days=10),
        )  # fmt: skip
        with pytest.raises(Conflict, match="挂牌督办"):
            merged(made, listed, other)
        merged(made, other, listed)
        assert merged_into_it(listed) == [other] and Supervision.objects.of(listed).standing().exists()

    def test_into_another_kind(self, made: Office) -> None:
        one, other = filed(made), filed(made)
        Case.objects.filter(pk=other.pk).update(kind=Kind.objects.get(key="blocker"))
        with pytest.raises(Invalid):
            merge(actor=made.actor("secretary"), at=AT, case=one, into=Case.objects.get(pk=other.pk))

    def test_across_sight(self, made: Office) -> None:
        seen, hidden = filed(made), filed(made, place="村一网格")
        community = made.posts["community"]
        community.role.verbs = [*community.role.verbs, "cases.dispatch"]
        community.role.save()
        for case, into in ((seen, hidden), (hidden, seen)):
            with pytest.raises(Missing):
                merge(actor=made.actor("community"), at=AT, case=case, into=into)

    def test_without_the_right(self, made: Office) -> None:
        one, other = filed(made), filed(made)
        with pytest.raises(Refused):
            merge(actor=made.actor("grid"), at=AT, case=one, into=other)


class TestUndone:
    def test_it_is_where_it_was_with_its_unit_and_its_clock(self, made: Office) -> None:
        one, other = filed(made), filed(made)
        actions.dispatch(actor=made.actor("secretary"), at=AT, case=one, unit=made.posts["section"].unit)
        actions.accept(actor=made.actor("section"), at=AT, case=one)
        before = Case.objects.values().get(pk=one.pk), one.timer.spans, one.timer.alarm_at
        double = merged(made, Case.objects.get(pk=one.pk), other)
        unmerge(actor=made.actor("secretary"), at=LATER, case=double, reason="两处不同的井盖")
        now, timer = Case.objects.values().get(pk=one.pk), Case.objects.get(pk=one.pk).timer
        assert ({**now, "revision": 0}, timer.spans, timer.alarm_at) == ({**before[0], "revision": 0}, *before[1:])
        assert [s.verb for s in timeline(other)] == ["file", "merged_in", "merged_out"]
        assert count(made, "cases.open") == 2

    def test_one_that_rested_rests_on_and_wakes_by_itself(self, made: Office) -> None:
        one, other = filed(made), filed(made)
        actions.dispatch(actor=made.actor("secretary"), at=AT, case=one, unit=made.posts["section"].unit)
        actions.accept(actor=made.actor("section"), at=AT, case=one)
        until = MONDAY + timedelta(days=2)
        plea = pleas.ask(
            actor=made.actor("section"), at=AT, case=one, matter="parking", reason="等材料", until=until
        )  # fmt: skip
        pleas.decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=True)
        double = merged(made, Case.objects.get(pk=one.pk), other)
        tick(made.place, AT + timedelta(days=3))
        assert Case.objects.get(pk=one.pk).stage == Stage.VOIDED
        unmerge(actor=made.actor("secretary"), at=AT + timedelta(days=3), case=double, reason="不是一回事")
        assert Case.objects.get(pk=one.pk).stage == Stage.PARKED
        tick(made.place, AT + timedelta(days=3, minutes=1))
        assert Case.objects.get(pk=one.pk).stage == Stage.HANDLING

    def test_not_without_a_reason_nor_when_the_other_has_ended_nor_twice(self, made: Office) -> None:
        one, other, actor = filed(made), filed(made), made.actor("secretary")
        double = merged(made, one, other)
        with pytest.raises(Invalid):
            unmerge(actor=actor, at=LATER, case=double, reason=" ")
        handled(made, other)
        with pytest.raises(Conflict):
            unmerge(actor=actor, at=LATER, case=Case.objects.get(pk=one.pk), reason="不同")
        actions.reopen(actor=actor, at=LATER, case=Case.objects.get(pk=other.pk), reason="又丢了")
        unmerge(actor=actor, at=LATER, case=Case.objects.get(pk=one.pk), reason="不同")
        with pytest.raises(Conflict):
            unmerge(actor=actor, at=LATER, case=Case.objects.get(pk=one.pk), reason="不同")


def test_whoever_reported_either_follows_and_rates_the_one_that_stands(made: Office) -> None:
    one, other = filed(made), filed(made)
    for case, code in ((one, "A" * 12), (other, "B" * 12)):
        Case.objects.filter(pk=case.pk).update(source=RESIDENT)
        Reporter.objects.create(case=case, code=code, address="x", at=AT)
    merged(made, other, one)
    found = followed("bbbb-bbbb-bbbb")
    assert found is not None and found.case == other and found.case.standing == one
    assert not may_rate(found, LATER)
    handled(made, one)
    for code in ("A" * 12, "B" * 12):
        reporter = followed(code)
        assert reporter is not None and may_rate(reporter, LATER)
        rate(at=LATER, reporter=reporter, responded=True, resolved=code[0] == "A", satisfied=True)
        with pytest.raises(Conflict):
            rate(at=LATER, reporter=reporter, responded=True, resolved=True, satisfied=True)
    stands = Case.objects.get(pk=one.pk)
    assert [r.resolved for r in ratings(stands, merged_into_it(stands))] == [True, False]
    assert [s.verb for s in timeline(stands)].count("rated") == 2
