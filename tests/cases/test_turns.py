"""Limits of stages: whose turn it is, until when and why; what the clock notes of it, to whom it is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from tests.factories.office import MONDAY, blocker, moment, office, project
from zijing.cases import pleas
from zijing.cases.actions import accept, close, dispatch, object_, reopen, rework, submit, void
from zijing.cases.models import Case, Plea, Step, Timer
from zijing.cases.queries import explain_turn, timeline
from zijing.core.errors import Invalid
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.models import JournalEntry
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Message, Rhythm
from zijing.outbox.rhythm import next_due, tick
from zijing.people.models import Post
from zijing.records.models import Kind

TWO_HOURS, TWO_DAYS = {"amount": 2, "clock": "office_hours"}, {"amount": 2, "clock": "working_days"}
FOUR_HOURS = {"amount": 4, "clock": "office_hours"}
WITHIN = {
    "dispatch": TWO_HOURS | {"source": "GB/T 30428.4"},
    "accept": FOUR_HOURS,
    "handle": TWO_DAYS | {"escalation": [{"amount": 4, "clock": "office_hours", "to": ["leader"]}]},
    "check": {"amount": 24, "clock": "continuous_hours"},
}
TUESDAY = MONDAY + timedelta(days=1)
LATER = moment(date(2020, 10, 30))


def limited(**changes):
    kind = Kind.objects.get(key="blocker")
    rules = {k: v for k, v in (WITHIN | changes).items() if v}
    Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"within": rules})


@pytest.fixture
def made(db):
    made = office()
    Rhythm.objects.all().delete()
    limited()
    return made


@pytest.fixture
def case(made):
    return blocker(made, project(made))


def turn(case):
    timer = Timer.objects.get(case=case)
    return timer.turn and timer.turn["stage"], timer.turn_due_at


def sent(made, case, at, role="section"):
    dispatch(actor=made.actor("project_office"), at=at, case=case, unit=made.posts[role].unit)


def handled(made, case, at):
    sent(made, case, at)
    accept(actor=made.actor("section"), at=at, case=case)


def notes(verb="stage_"):
    entries = JournalEntry.objects.filter(verb__startswith=f"cases.{verb}").order_by("seq")
    return [(e.verb.removeprefix("cases."), e.changes["turn"][1], e.happened_at) for e in entries]


def fresh(case):
    return Case.objects.select_related("timer", "kind").get(pk=case.pk)


def explained(case):
    with override("en"):
        return explain_turn(fresh(case))


def test_each_stage_has_its_own_deadline_with_its_reason(made, case):
    assert turn(case) == ("filed", moment(MONDAY, 11))
    assert explained(case) == (
        "To be dispatched: Due Mon 7 Sep 2020 11:00: 2 office hours from Mon 7 Sep 2020 09:00. Rule: GB/T 30428.4"
    )
    sent(made, case, moment(MONDAY, 16))
    assert turn(case) == ("dispatched", moment(TUESDAY, 10))
    accept(actor=made.actor("section"), at=moment(TUESDAY, 9), case=case)
    assert turn(case) == ("handling", moment(date(2020, 9, 10), 18))
    submit(actor=made.actor("section"), at=moment(date(2020, 9, 10), 17), case=case, reason="好了")
    assert turn(case) == ("checking", moment(date(2020, 9, 11), 17))
    close(actor=made.actor("project_office"), at=moment(date(2020, 9, 11), 10), case=case)
    assert turn(case) == (None, None)
    moves = [(s.from_stage, s.since, s.due_at) for s in Step.objects.filter(case=case).order_by("pk")]
    assert moves == [
        ("filed", moment(MONDAY), moment(MONDAY, 11)),
        ("dispatched", moment(MONDAY, 16), moment(TUESDAY, 10)),
        ("handling", moment(TUESDAY), moment(date(2020, 9, 10), 18)),
        ("checking", moment(date(2020, 9, 10), 17), moment(date(2020, 9, 11), 17)),
    ]


def test_a_kind_without_limits_of_stages_has_none(made):
    limited(**dict.fromkeys(WITHIN))
    case = blocker(made, project(made))
    assert turn(case) == ("filed", None)
    assert explain_turn(fresh(case)) == ""


def test_a_class_says_its_own_and_the_kind_the_rest(made):
    kind = Kind.objects.get(key="blocker")
    fields = [
        f | {"choices": [c | ({"within": {"accept": TWO_HOURS}} if c["key"] == "utilities" else {}) for c in f["choices"]]}
        if f["key"] == "class" else f
        for f in kind.definition["fields"]
    ]  # fmt: skip
    Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"fields": fields})
    case = blocker(made, project(made))
    assert turn(case) == ("filed", moment(MONDAY, 11))
    sent(made, case, moment(MONDAY, 9))
    assert turn(case) == ("dispatched", moment(MONDAY, 11))
    assert explained(case).startswith("To be accepted: Due Mon 7 Sep 2020 11:00: 2 office hours from")
    assert "Rule: " in explained(case)


def test_a_warning_before_a_deadline_that_rolls_over_lunch_or_night_comes_in_office_hours(made):
    limited(dispatch=FOUR_HOURS)
    case = blocker(made, project(made))
    assert turn(case) == ("filed", moment(MONDAY, 15))
    assert Timer.objects.get(case=case).turn_alarm_at == moment(MONDAY, 12)
    sent(made, case, moment(MONDAY, 16))
    assert turn(case) == ("dispatched", moment(TUESDAY, 10))
    assert Timer.objects.get(case=case).turn_alarm_at == moment(TUESDAY, 9)
    tick(made.place, moment(TUESDAY, 9))
    assert notes() == [("stage_warned", "dispatched", moment(TUESDAY, 9))]


def test_the_clock_notes_it_once_and_tells_the_posts_above(made, case):
    handled(made, case, moment(MONDAY))
    ends = moment(date(2020, 9, 9), 18)
    assert next_due(made.place) == moment(date(2020, 9, 9), 8)
    expected = [
        ("stage_warned", "handling", moment(date(2020, 9, 9), 8)),
        ("stage_overdue", "handling", ends),
        ("stage_escalated", "handling", moment(date(2020, 9, 10), 12)),
    ]
    tick(made.place, LATER)
    tick(made.place, LATER)
    assert notes() == expected
    told = JournalEntry.objects.get(verb="cases.stage_escalated").changes["told"][1]["post"]
    assert told == [made.posts["leader"].pk]
    assert [s.verb for s in timeline(fresh(case)) if "escalated" in s.verb][:1] == ["stage_escalated"]
    assert Timer.objects.get(case=case).turn_alarm_at is None


def test_whoever_s_turn_it_is_is_told(made, case):
    catch_up(made.place.pk)
    tick(made.place, moment(MONDAY, 11))
    sent(made, case, moment(MONDAY, 16))
    tick(made.place, moment(TUESDAY, 10))
    catch_up(made.place.pk)
    told = dict.fromkeys(("filed", "dispatched"), frozenset())
    for message in Message.objects.filter(verb="cases.stage_overdue"):
        stage = JournalEntry.objects.get(office=made.place.pk, seq=message.seq).changes["turn"][1]
        told[stage] |= {message.post_id}
    dispatching = {p.pk for p in Post.objects.filter(office=made.place, role__key__in=("project_office",))}
    assert dispatching <= told["filed"]
    assert told["dispatched"] == {made.posts["section"].pk}


class TestReturned:
    """Return a step, come back: its reminder is alive."""

    def test_a_case_sent_back_for_rework_has_its_reminder(self, made, case):
        handled(made, case, moment(MONDAY))
        tick(made.place, moment(date(2020, 9, 9), 9))
        submit(actor=made.actor("section"), at=moment(date(2020, 9, 9), 10), case=case, reason="好了")
        rework(actor=made.actor("project_office"), at=moment(date(2020, 9, 9), 11), case=case, reason="没好")
        assert turn(case) == ("handling", moment(date(2020, 9, 11), 18))
        tick(made.place, moment(date(2020, 9, 12)))
        assert notes() == [
            ("stage_warned", "handling", moment(date(2020, 9, 9), 8)),
            ("stage_warned", "handling", moment(date(2020, 9, 11), 8)),
            ("stage_overdue", "handling", moment(date(2020, 9, 11), 18)),
        ]

    def test_a_case_objected_to_has_its_reminder(self, made, case):
        sent(made, case, moment(MONDAY, 10))
        object_(actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="不归我们")
        assert turn(case) == ("filed", moment(MONDAY, 15))
        tick(made.place, moment(MONDAY, 15))
        assert notes() == [
            ("stage_warned", "filed", moment(MONDAY, 14, 30)), ("stage_overdue", "filed", moment(MONDAY, 15)),
        ]  # fmt: skip

    def test_a_reopened_case_is_to_be_dispatched_in_time(self, made, case):
        handled(made, case, moment(MONDAY))
        submit(actor=made.actor("section"), at=moment(MONDAY, 10), case=case, reason="好了")
        close(actor=made.actor("project_office"), at=moment(MONDAY, 11), case=case)
        reopen(actor=made.actor("leader"), at=moment(TUESDAY), case=case, reason="又堵了")
        assert turn(case) == ("reopened", moment(TUESDAY, 11))
        assert Step.objects.get(case=case, verb="reopen").since is None


class TestRest:
    def parked(self, made, case, until):
        handled(made, case, moment(MONDAY))
        plea = pleas.ask(
            actor=made.actor("section"), at=moment(TUESDAY), case=case, matter=Plea.Matter.PARKING, reason="等材料",
            until=until,
        )  # fmt: skip
        pleas.decide(actor=made.actor("leader"), at=moment(TUESDAY), plea=plea, granted=True)

    def test_a_rest_across_a_weekend_is_not_counted(self, made, case):
        limited(handle=TWO_DAYS | {"amount": 5})
        self.parked(made, fresh(case), date(2020, 9, 14))
        assert turn(case) == ("parked", None)
        tick(made.place, moment(date(2020, 9, 14), 8))
        # Of the five days the first was the Tuesday's rest away; Monday 14 is the first that counts.
        assert turn(case) == ("handling", moment(date(2020, 9, 18), 18))
        assert fresh(case).due_at == moment(date(2020, 9, 16), 18)
        assert [e for e in notes() if e[1] == "handling"] == []

    def test_another_rule_meanwhile_changes_nothing_for_what_rests(self, made, case):
        self.parked(made, case, date(2020, 9, 10))
        limited(handle={"amount": 9, "clock": "working_days"})
        kind = Kind.objects.get(key="blocker")
        rule = {"limit": {"amount": 1, "clock": "calendar_days"}}
        Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | rule)
        pleas.resume(actor=made.actor("section"), at=moment(date(2020, 9, 9)), case=fresh(case))
        assert turn(case) == ("handling", moment(date(2020, 9, 10), 18))
        assert fresh(case).due_at == moment(date(2020, 9, 11), 18)
        steps = [(s.verb, s.since, s.due_at) for s in Step.objects.filter(case=case, verb__in=("park", "resume"))]
        assert steps == [("park", moment(MONDAY), None), ("resume", moment(TUESDAY), None)]


class TestMoreTime:
    def granted(self, made, case, at, amount=1):
        plea = pleas.ask(
            actor=made.actor("section"), at=at, case=case, matter=Plea.Matter.EXTENSION, reason="x", amount=amount
        )
        pleas.decide(actor=made.actor("leader"), at=at, plea=plea, granted=True)

    def test_more_time_is_more_time_to_handle(self, made, case):
        handled(made, case, moment(MONDAY))
        tick(made.place, moment(date(2020, 9, 9), 9))
        self.granted(made, case, moment(date(2020, 9, 9), 10))
        assert turn(case) == ("handling", moment(date(2020, 9, 10), 18))
        assert "then 1 working day more" in explained(case)
        tick(made.place, moment(date(2020, 9, 10), 8))
        assert [(v, at) for v, _stage, at in notes()] == [
            ("stage_warned", moment(date(2020, 9, 9), 8)), ("stage_warned", moment(date(2020, 9, 10), 8)),
        ]  # fmt: skip

    def test_what_is_granted_before_it_is_accepted_counts_when_it_is_handled(self, made, case):
        sent(made, case, moment(MONDAY))
        due = turn(case)
        self.granted(made, case, moment(MONDAY, 10))
        assert turn(case) == due
        accept(actor=made.actor("section"), at=moment(MONDAY, 11), case=case)
        assert turn(case) == ("handling", moment(date(2020, 9, 10), 18))


def test_figures_tell_how_often_each_step_is_in_time_and_where_the_time_goes(made):
    first, second = blocker(made, project(made)), blocker(made, project(made, "X02"))
    for case, hour in ((first, 10), (second, 15)):
        handled(made, case, moment(MONDAY, hour))
        submit(actor=made.actor("section"), at=moment(TUESDAY, hour), case=case, reason="好了")
        rework(actor=made.actor("project_office"), at=moment(TUESDAY, hour, 30), case=case, reason="没好")
        submit(actor=made.actor("section"), at=moment(date(2020, 9, 9), hour), case=case, reason="好了")
        close(actor=made.actor("project_office"), at=moment(date(2020, 9, 9), hour + 1), case=case)

    def said(key):
        span = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}
        return value(find(f"cases.{key}"), made.actor("secretary"), at=moment(date(2020, 9, 30), 20), **span).amount

    assert [said(f"dispatch_{k}") for k in ("limited", "on_time", "on_time_rate")] == [2, 1, 50]
    assert [said(f"handle_{k}") for k in ("on_time_rate", "median_hours", "p90_hours")] == [
        100,
        Decimal("47.5"),
        Decimal("47.5"),
    ]
    assert [said(f"dispatch_{k}") for k in ("median_hours", "p90_hours")] == [Decimal("3.5"), 6]
    assert (said("check_median_hours"), said("verify_limited"), said("verify_median_hours")) == (
        Decimal("1.5"),
        0,
        None,
    )
    assert said("verify_on_time_rate") is None


def test_what_has_ended_stands_at_no_stage(made, case):
    void(actor=made.actor("secretary"), at=moment(MONDAY, 10), case=case, reason="重复")
    assert turn(case) == (None, None)
    tick(made.place, LATER)
    assert notes() == []


@pytest.mark.parametrize("cell", ["accept 4", "accept four office_hours", "handle 2 weeks", "sleep 2 working_days"])
def test_a_cell_of_a_catalogue_that_says_no_limit_is_refused(cell):
    from pydantic import ValidationError

    from zijing.packs.choices import CatalogueRow

    columns = ("key", "parent", "code", "zh", "en", "aliases", "condition", "remedy", "amount", "clock", "receiver",
               "photos", "source")  # fmt: skip
    row = dict.fromkeys(columns, "") | {"key": "x", "zh": "x", "en": "x"}
    assert CatalogueRow.model_validate(row | {"within": "accept 4 office_hours、handle 2 working_days"}).within
    with pytest.raises((ValidationError, Invalid)):
        CatalogueRow.model_validate(row | {"within": cell})
