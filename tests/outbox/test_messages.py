"""Messages: each step of a case is told to whom it concerns, once, and nobody who acts waits for it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from zijing.cases.actions import accept, close, dispatch, submit
from zijing.cases.models import Case
from zijing.cases.pleas import ask, decide
from zijing.cases.shares import involve
from zijing.journal import following
from zijing.journal.following import lag
from zijing.journal.models import Bookmark
from zijing.outbox import messages
from zijing.outbox.messages import MOST, READER, catch_up, mark_read, measure, sweep, unread
from zijing.outbox.models import Message
from zijing.outbox.rhythm import tick
from zijing.packs.intake import record
from zijing.people.models import Holding, Role
from zijing.records.models import Kind

AT = moment(MONDAY, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    founded = office()
    catch_up(founded.place.pk)
    return founded


def told(made: Office, role: str) -> list[str]:
    """The steps a role's post was told of, the oldest first."""
    catch_up(made.place.pk)
    found = Message.objects.visible_to(made.actor(role)).order_by("pk")
    return [m.verb.removeprefix("cases.") for m in found]


def dispatched(made: Office) -> Case:
    case: Case = blocker(made, project(made))
    dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team"].unit)
    return case


def test_the_loop_is_told_to_whose_turn_it_is_and_to_who_sent_it(made: Office) -> None:
    case = dispatched(made)
    accept(actor=made.actor("team"), at=AT, case=case)
    submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    close(actor=made.actor("section"), at=AT, case=case)
    assert told(made, "team") == ["dispatch", "close"]
    assert told(made, "project_office") == ["submit"]
    assert told(made, "team2") == told(made, "secretary") == []


def test_what_is_asked_is_told_to_who_sent_it_and_the_decision_to_who_asked(made: Office) -> None:
    case = dispatched(made)
    plea = ask(actor=made.actor("team"), at=AT, case=case, matter="extension", reason="雨", amount=1)
    decide(actor=made.actor("secretary"), at=AT, plea=plea, granted=True)
    involve(
        actor=made.actor("team"), at=AT, case=Case.objects.get(pk=case.pk), unit=made.posts["team2"].unit, task="断电"
    )
    assert told(made, "project_office") == ["extension_asked"]
    assert told(made, "team") == ["dispatch", "extension_granted"]
    assert told(made, "team2") == ["involved"]


def test_the_clock_tells_what_runs_out(made: Office) -> None:
    dispatched(made)
    tick(made.place, moment(date(2020, 9, 11), 12))
    assert told(made, "team") == ["dispatch", "warned", "overdue"]
    assert told(made, "project_office") == ["overdue"]


def test_what_runs_out_before_it_was_dispatched_is_told_to_who_dispatches(made: Office) -> None:
    blocker(made, project(made))
    tick(made.place, moment(date(2020, 9, 11), 12))
    assert told(made, "project_office") == ["overdue"]
    assert told(made, "secretary") == told(made, "team") == []
    Role.objects.filter(key="project_office").update(verbs=[])
    blocker(made, project(made, "X02"))
    tick(made.place, moment(date(2020, 9, 11), 12))
    assert "overdue" in told(made, "director")


def test_what_waits_to_be_verified_is_told_to_who_dispatches(made: Office) -> None:
    kind = Kind.objects.get(key="issue")
    kind.definition = {**kind.definition, "verified": True}
    kind.save()
    values = {"what": "井盖缺失", "class": "safety", "place": "第一网格"}
    record(actor=made.actor("grid"), at=AT, kind=Kind.objects.get(key="issue"), values=values)
    assert told(made, "project_office") == ["receive"]
    assert told(made, "grid") == told(made, "team") == []


def test_each_is_told_once_however_often_it_is_read(made: Office) -> None:
    dispatched(made)
    assert told(made, "team") == told(made, "team") == ["dispatch"]
    Bookmark.objects.filter(reader=READER, office=made.place.pk).update(seq=0)
    assert told(made, "team") == ["dispatch"]


def test_what_was_before_the_first_reading_is_not_told() -> None:
    made = office()
    dispatched(made)
    assert told(made, "team") == []
    assert lag(READER, [made.place.pk]) == 0


def test_a_post_that_nobody_holds_is_not_told(made: Office) -> None:
    Holding.objects.filter(post=made.posts["team2"]).update(until=date(2020, 8, 31))
    case = blocker(made, project(made))
    dispatch(actor=made.actor("project_office"), at=AT, case=case, unit=made.posts["team2"].unit)
    catch_up(made.place.pk)
    assert not Message.objects.exists()


def test_read_is_read_for_the_post_and_for_no_other(made: Office) -> None:
    case = dispatched(made)
    involve(actor=made.actor("team"), at=AT, case=case, unit=made.posts["team2"].unit, task="断电")
    catch_up(made.place.pk)
    newest = Message.objects.latest("pk").pk
    assert mark_read(actor=made.actor("team"), at=AT + timedelta(hours=1), until=newest) == 1
    assert Message.objects.visible_to(made.actor("team")).unread().count() == 0
    assert Message.objects.visible_to(made.actor("team2")).unread().count() == 1


def test_nobody_is_told_of_what_the_post_may_not_see(made: Office) -> None:
    case = dispatched(made)
    accept(actor=made.actor("team"), at=AT, case=case)
    submit(actor=made.actor("team"), at=AT, case=case, reason="好了")
    Kind.objects.filter(key="blocker").update(restricted=True)
    assert told(made, "project_office") == [], "it sent the case, and by its rank it sees what is not restricted"
    assert told(made, "team") == ["dispatch"]


def test_a_dispatch_is_told_to_the_unit_it_was_for_and_not_to_the_next(made: Office) -> None:
    case = dispatched(made)
    Case.objects.filter(pk=case.pk).update(unit=made.posts["team2"].unit)
    assert "dispatch" not in told(made, "team2")
    assert told(made, "team") == ["dispatch"], "the team sees the project's cases"


def test_a_crash_between_reading_and_writing_repeats_and_loses_nothing(
    made: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched(made)
    before = Bookmark.objects.get(reader=READER, office=made.place.pk).seq
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(Message.objects, "bulk_create", _fail)
        catch_up(made.place.pk)
    assert Bookmark.objects.get(reader=READER, office=made.place.pk).seq == before
    assert told(made, "team") == ["dispatch"]


def _fail(*_args: object, **_more: object) -> None:
    raise RuntimeError


def test_of_two_processes_that_read_the_same_one_tells(made: Office) -> None:
    dispatched(made)
    office, written = made.place.pk, []

    def slower(entries: Sequence[following.Entry]) -> Callable[[], object]:
        assert told(made, "team") == ["dispatch"], "the other process was faster"
        return lambda: written.append(len(entries))

    following.read_on(READER, office, slower)
    assert not written
    assert told(made, "team") == ["dispatch"]


def test_the_machinery_shows_how_far_messages_are_behind(made: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    catch_up(made.place.pk)
    assert measure([made.place.pk]).well
    dispatched(made)
    monkeypatch.setattr(messages, "MOST_BEHIND", 1)
    assert not measure([made.place.pk]).well
    catch_up(made.place.pk)
    assert measure([made.place.pk]).well


def test_what_is_unread_is_counted_up_to_a_hundred(made: Office) -> None:
    post = made.posts["team"]
    Message.objects.bulk_create(
        Message(office=made.place, seq=-n, post=post, verb="cases.file", subject_type="cases.case", subject_id=1, at=AT)
        for n in range(MOST + 5)
    )
    assert unread(made.actor("team")) == MOST
    assert unread(made.actor("team2")) == unread(made.system) == 0


def test_messages_are_kept_for_ninety_days(made: Office) -> None:
    dispatched(made)
    catch_up(made.place.pk)
    assert sweep(made.place, AT + timedelta(days=89)) == 0
    assert sweep(made.place, AT + timedelta(days=91)) == 1
    assert not Message.objects.exists()
