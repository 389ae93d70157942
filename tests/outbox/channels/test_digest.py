"""Digests: one letter for much, at its time, never at night unless it is urgent, and with nobody's data in it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, project, second_post
from tests.factories.outside import Chat, Letterbox
from tests.outbox.channels.conftest import AT, group, proved
from zijing.cases.actions import accept, close, dispatch, submit
from zijing.cases.models import Case, Timer
from zijing.outbox.channels import outlets
from zijing.outbox.channels.composing import compose, is_quiet, rules_of
from zijing.outbox.channels.sending import letter_of
from zijing.outbox.messages import catch_up, mark_read
from zijing.outbox.models import ChannelRules, Delivery, Message
from zijing.people.models import Account, Holding
from zijing.records.models import Kind

Let = Callable[..., None]
SATURDAY, NATIONAL_DAY, MAKE_UP = date(2020, 9, 12), date(2020, 10, 1), date(2020, 9, 27)


def dispatched(made: Office, n: int = 1, at: datetime = AT, *, urgent: bool = False) -> list[Case]:
    """Cases sent to the project's team."""
    cases = []
    for _n in range(n):
        case = blocker(made, project(made, f"X{Case.objects.count() + 10}"))
        Timer.objects.filter(case=case).update(clock="continuous_hours" if urgent else "working_days")
        dispatch(actor=made.actor("project_office"), at=at, case=case, unit=made.posts["team"].unit)
        cases.append(case)
    catch_up(made.place.pk)
    return cases


def composed(made: Office, at: datetime) -> list[Delivery]:
    """The letters made at a moment, whatever became of those before."""
    known = set(Delivery.objects.values_list("pk", flat=True))
    Delivery.objects.update(state="sent")
    compose(made.place, at)
    return list(Delivery.objects.exclude(pk__in=known).select_related("outlet").order_by("pk"))


def test_much_is_one_letter_that_counts_and_names_nothing(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    cases = dispatched(made, 3)
    [letter] = [letter_of(d) for d in composed(made, AT + timedelta(minutes=10))]
    assert (
        "3" in letter.subject and "新任务：3" in letter.text and "https://zijing.example.com/messages/" in letter.text
    )
    for case in cases:
        assert case.title not in letter.text and (case.business_key or "停水") not in letter.text


def test_soon_is_every_ten_minutes_at_most(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    dispatched(made)
    assert composed(made, AT + timedelta(minutes=10))
    dispatched(made)
    assert not composed(made, AT + timedelta(minutes=19))
    assert composed(made, AT + timedelta(minutes=20))
    assert not composed(made, AT + timedelta(minutes=40)), "nothing new"


def test_by_the_hour_what_came_before_the_hour(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made, rhythm="hour")
    dispatched(made, at=AT + timedelta(minutes=20))
    assert not composed(made, AT + timedelta(minutes=59))
    dispatched(made, at=AT + timedelta(minutes=70))
    [first] = composed(made, AT + timedelta(minutes=75))
    assert first.counts == {"work": 1}
    [second] = composed(made, AT + timedelta(hours=2))
    assert second.counts == {"work": 1}


def test_once_a_working_day(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made, rhythm="day")
    dispatched(made, 2)
    assert not composed(made, moment(MONDAY, 17))
    tuesday = MONDAY + timedelta(days=1)
    dispatched(made, at=moment(tuesday, 8, 45))
    [one] = composed(made, moment(tuesday, 9))
    assert one.counts == {"work": 2}, "what came after half past eight is tomorrow's"
    assert not composed(made, moment(tuesday, 15))


def test_after_days_off_one_letter_and_not_one_for_each(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made, rhythm="day")
    dispatched(made, at=moment(date(2020, 9, 30), 16))
    dispatched(made, at=moment(NATIONAL_DAY, 10))
    assert not composed(made, moment(NATIONAL_DAY, 9)) and not composed(made, moment(date(2020, 10, 8), 9))
    [one] = composed(made, moment(date(2020, 10, 9), 8, 30))
    assert one.counts == {"work": 2}


def test_quiet_at_night_and_on_days_off_but_not_on_a_make_up_day(made: Office, letting: Let) -> None:
    rules = rules_of(made.place)
    quiet = {
        moment(MONDAY, 19, 59): False, moment(MONDAY, 20): True, moment(MONDAY, 7, 59): True, moment(MONDAY, 8): False,
        moment(SATURDAY, 10): True, moment(NATIONAL_DAY, 10): True, moment(MAKE_UP, 10): False,
    }  # fmt: skip
    assert {at: is_quiet(rules, at) for at in quiet} == quiet
    letting(quiet_from=time(12), quiet_until=time(14), quiet_days_off=False)
    rules = rules_of(made.place)
    assert is_quiet(rules, moment(SATURDAY, 13)) and not is_quiet(rules, moment(SATURDAY, 23))
    letting(quiet_from=time(8), quiet_until=time(8), quiet_days_off=False)
    assert not is_quiet(rules_of(made.place), moment(SATURDAY, 3)), "never"


def test_at_night_only_what_is_urgent_goes_out_and_at_once(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    night = moment(SATURDAY, 23)
    dispatched(made, 2, at=night)
    dispatched(made, at=night, urgent=True)
    [one] = composed(made, night + timedelta(minutes=1))
    assert one.urgent and one.counts == {"work": 1} and letter_of(one).subject.count("紧急")
    [rest] = composed(made, moment(SATURDAY + timedelta(days=2), 8))
    assert not rest.urgent and rest.counts == {"work": 2}


def test_the_answer_to_an_urgent_case_waits_for_the_morning(made: Office, letting: Let, box: Letterbox) -> None:
    [case] = dispatched(made, urgent=True)
    accept(actor=made.actor("team"), at=AT, case=case)
    submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    close(actor=made.actor("section"), at=AT, case=case)
    catch_up(made.place.pk)
    found = {m.verb: m.urgent for m in Message.objects.all()}
    assert found["cases.dispatch"] and found["cases.submit"] and not found["cases.close"]


def test_what_was_read_meanwhile_and_what_was_before_is_not_told(made: Office, letting: Let, box: Letterbox) -> None:
    dispatched(made)
    proved(made)
    dispatched(made)
    mark_read(actor=made.actor("team"), at=AT, until=Message.objects.latest("pk").pk)
    assert not composed(made, AT + timedelta(minutes=10))


def test_of_what_is_restricted_there_is_a_message_and_no_number(
    made: Office, letting: Let, box: Letterbox, chat: Chat
) -> None:
    proved(made)
    group(made, chat)
    cases = dispatched(made, 2)
    Kind.objects.filter(key="blocker").update(restricted=True)
    [one] = composed(made, AT + timedelta(minutes=10))
    assert one.outlet.account_id and one.more and one.counts == {}, "the group is told nothing at all"
    letter = letter_of(one)
    assert "您有一条消息" in letter.text and "2" not in letter.text.replace("https://zijing.example.com", "")
    assert all(case.title not in letter.text for case in cases)


def test_a_topic_not_wanted_or_not_let_out_is_not_told(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    account, post = made.account("team"), made.posts["team"].pk
    from zijing.people.access import oneself

    facts = {"actor": oneself(account, channel="test"), "at": AT, "account": account, "rhythm": "soon"}
    outlets.choose(**facts, topics={post: ["limits"]})
    dispatched(made)
    assert not composed(made, AT + timedelta(minutes=10))
    outlets.choose(**facts, topics={post: ["work"]})
    letting(topics=["limits"])
    dispatched(made)
    assert not composed(made, AT + timedelta(minutes=20))


def test_one_event_for_two_posts_of_a_person_or_a_unit_counts_once(
    made: Office, letting: Let, box: Letterbox, chat: Chat
) -> None:
    second_post(made, "team", "team2")
    from zijing.people.models import Post

    Post.objects.filter(pk=made.posts["team2"].pk).update(unit=made.posts["team"].unit_id)
    proved(made)
    group(made, chat)
    dispatched(made)
    assert sorted(m.verb for m in Message.objects.all()) == ["cases.dispatch", "cases.dispatch", "cases.file"]
    assert [d.counts for d in composed(made, AT + timedelta(minutes=10))] == [{"work": 2}, {"work": 2}]


@pytest.mark.parametrize("end", ["post", "account", "mail"])
def test_who_no_longer_may_is_told_nothing(made: Office, letting: Let, box: Letterbox, end: str) -> None:
    proved(made)
    dispatched(made)
    match end:
        case "post":
            Holding.objects.filter(post=made.posts["team"]).update(until=date(2020, 9, 1))
        case "account":
            Account.objects.filter(pk=made.account("team").pk).update(is_active=False)
        case "mail":
            ChannelRules.objects.update(mail=False)
    assert not composed(made, AT + timedelta(minutes=10))


def test_while_a_letter_waits_what_happens_is_in_the_next(made: Office, letting: Let, box: Letterbox) -> None:
    proved(made)
    dispatched(made)
    compose(made.place, AT + timedelta(minutes=10))
    dispatched(made, 4)
    assert compose(made.place, AT + timedelta(minutes=30)) == 0
    [next_one] = composed(made, AT + timedelta(minutes=40))
    assert next_one.counts == {"work": 4}


def test_of_two_processes_one_makes_the_letter(
    made: Office, letting: Let, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from zijing.outbox.channels import composing

    proved(made)
    dispatched(made)
    put, second = composing._put, []

    def at_once(*given: Any, **more: Any) -> int:
        monkeypatch.setattr(composing, "_put", put)
        second.append(compose(made.place, AT + timedelta(minutes=10)))
        return put(*given, **more)

    monkeypatch.setattr(composing, "_put", at_once)
    assert compose(made.place, AT + timedelta(minutes=10)) == 0 and second == [1]
    assert Delivery.objects.count() == 1


def test_looking_for_what_is_due_costs_the_same_however_many_have_mail(
    made: Office, letting: Let, box: Letterbox, django_assert_num_queries: Any
) -> None:
    proved(made)
    compose(made.place, AT)
    with django_assert_num_queries(6):
        compose(made.place, AT + timedelta(minutes=10))
    proved(made, "team2", address="b@example.com")
    proved(made, "section", address="c@example.com")
    with django_assert_num_queries(6):
        compose(made.place, AT + timedelta(minutes=10))
