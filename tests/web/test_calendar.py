"""The calendar and its private feed: what is on it, who reads it, and that any title survives RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given, settings, strategies as st
from icalendar import Calendar

from tests.factories.office import MONDAY, Office, blocker, expire, moment, office, project, say
from tests.web.visiting import show, signed_in
from zijing.cases.models import Case
from zijing.cases.supervision import supervise
from zijing.packs.intake import record
from zijing.people.actions import issue_feed
from zijing.people.actions.feeds import HOURLY
from zijing.people.models import Account, Feed
from zijing.projects.queries.dates import Dated, dates
from zijing.records.models import Kind
from zijing.registers.actions import correct_entry
from zijing.web.calendar.feed import calendar, clean

DAY = timedelta(days=1)
AT = datetime(2020, 9, 7, 2, tzinfo=UTC)


@pytest.fixture
def made(db: None) -> Office:
    found = office()
    show(found, moment(MONDAY, 10))
    return found


def read(key: str, query: str = "") -> Any:
    return Client().get(f"/calendar/{key}.ics{query}")


def titles(key: str, query: str = "") -> list[str]:
    return [str(e["summary"]) for e in Calendar.from_ical(read(key, query).content).walk("VEVENT")]


def titled(text: str) -> Any:
    kind = SimpleNamespace(key="blocker", noun="case")
    return SimpleNamespace(title=text, pk=7, kind=kind, _meta=SimpleNamespace(model_name="case"))


@given(st.text(max_size=200))
@example("，;,\\n\\;" * 20)
@example("路\r\nBEGIN:VEVENT\r\nSUMMARY:假")
@example("👨‍👩‍👧‍👦" * 30)
@settings(deadline=None)
def test_any_title_survives(text: str) -> None:
    made = calendar([Dated(date(2020, 9, 8), "case", titled(text))], name=text, site="https://a.gov.cn", at=AT)
    assert all(len(line) <= 75 for line in made.split(b"\r\n")), "3.1: lines are folded at 75 octets"
    [event] = Calendar.from_ical(made).walk("VEVENT")
    assert str(event["summary"]).partition(": ")[2] == clean(text)
    assert event["uid"] == "case-case-7@a.gov.cn"


def test_days_and_minutes_are_written_as_the_standard_says() -> None:
    timed = Dated(date(2020, 9, 8), "case", titled("停水"), at=datetime(2020, 9, 8, 10, tzinfo=UTC))
    made = calendar([timed, Dated(date(2020, 9, 8), "case", titled("停电"))], name="x", site="https://a.cn", at=AT)
    text = made.decode()
    assert "DTSTAMP:20200907T020000Z" in text and "DTEND:20200908T100000Z" in text
    assert "DTSTART;VALUE=DATE:20200908" in text and "DTEND;VALUE=DATE:20200909" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n") and "VERSION:2.0\r\n" in text and "PRODID:" in text


def test_what_a_post_answers_for_is_on_it(made: Office) -> None:
    one = project(made, promised=date(2020, 9, 20))
    project(made, "X02", leader="leader2", team="team2", promised=date(2020, 9, 21))
    blocker(made, one)
    found = dates(made.actor("leader"), MONDAY, MONDAY + 30 * DAY, on=MONDAY)
    assert [(d.what, d.record.title) for d in found] == [
        ("case", "停水"), ("commitment", "主体"), ("promise", "示例项目X01"),
    ]  # fmt: skip
    everything = dates(made.actor("leader"), MONDAY, MONDAY + 30 * DAY, on=MONDAY, mine=False)
    assert {d.record.title for d in everything} > {d.record.title for d in found}


def test_the_page_shows_a_month(made: Office) -> None:
    project(made, promised=date(2020, 9, 20))
    client = signed_in(made, "leader")
    answer = client.get("/calendar/")
    assert len(answer.context["weeks"]) == 5 and "示例项目X01" in answer.content.decode()
    assert "Nothing falls in this month." in client.get("/calendar/?month=2020-11").content.decode()


@pytest.mark.parametrize("query", ["month=x", "month=2020-13", "month=1999-12", "month=9999-12", "scope=x"])
def test_what_there_is_not_is_said(made: Office, query: str) -> None:
    assert signed_in(made, "leader").get(f"/calendar/?{query}").status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        blocker(made, project(made, f"X{i:02d}", promised=date(2020, 9, 20)))
    client = signed_in(made, "leader")
    client.get("/calendar/")
    with django_assert_num_queries(QUERIES):
        client.get("/calendar/")


QUERIES = 12


class TestFeed:
    def test_it_is_given_once_and_opens_without_signing_in(self, made: Office) -> None:
        project(made, promised=date(2020, 9, 20))
        client = signed_in(made, "leader")
        client.post("/calendar/address/", {"do": "renew"})
        page = client.get("/calendar/").content.decode()
        [key] = re.findall(r"/calendar/([\w-]{40,})\.ics", page)
        assert key not in client.get("/calendar/").content.decode(), "shown once"
        assert not Feed.objects.filter(digest=key).exists(), "only a digest is kept"
        answer = read(key)
        assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
        assert "承诺日期: 示例项目X01" in titles(key)

    def test_renewed_and_ended(self, made: Office) -> None:
        actor = made.actor("leader")
        first = issue_feed(actor=actor, at=moment(MONDAY))
        second = issue_feed(actor=actor, at=moment(MONDAY))
        assert [read(k).status_code for k in (first, second, "unknown")] == [404, 200, 404]
        client = signed_in(made, "leader")
        client.post("/calendar/address/", {"do": "end"})
        assert read(second).status_code == 404
        assert client.post("/calendar/address/", {"do": "end"}).status_code == 404

    def test_it_ends_with_the_post_and_the_account(self, made: Office) -> None:
        keys = {role: issue_feed(actor=made.actor(role), at=moment(MONDAY)) for role in ("leader", "leader2")}
        expire(made, "leader", MONDAY - DAY)
        Account.objects.filter(pk=made.account("leader2").pk).update(is_active=False)
        assert [read(k).status_code for k in keys.values()] == [404, 404]

    def test_it_shows_what_the_post_may_see_now_and_nothing_restricted(self, made: Office) -> None:
        blocker(made, project(made))
        key = issue_feed(actor=made.actor("leader"), at=moment(MONDAY))
        assert any("停水" in t for t in titles(key))
        Kind.objects.filter(key="blocker").update(restricted=True)
        assert Case.objects.open().exists() and not any("停水" in t for t in titles(key, "?scope=all"))

    def test_another_post_reads_nothing_of_it(self, made: Office) -> None:
        project(made, promised=date(2020, 9, 20))
        assert titles(issue_feed(actor=made.actor("leader2"), at=moment(MONDAY))) == []

    def test_who_asks_too_often_waits(self, made: Office) -> None:
        key = issue_feed(actor=made.actor("leader"), at=moment(MONDAY))
        assert read(key).status_code == 200
        Feed.objects.update(asked=HOURLY)
        answer = read(key)
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
        Feed.objects.update(hour=datetime(2020, 1, 1, tzinfo=UTC))
        assert read(key).status_code == 200, "an hour later"


def test_permits_clearances_and_reports_of_listings_stand_on_it_until_they_are_done(made: Office) -> None:
    one, at = project(made, promised=date(2020, 12, 31)), moment(MONDAY)

    def enter(kind: str, **values: object) -> Any:
        values = {"project": f"#{one.pk}", **values}
        return record(actor=made.system, at=at, kind=Kind.objects.get(key=kind), values=values)

    due = str(MONDAY + 3 * DAY)
    permit = enter("permit", code="P1", what="施工许可证", due_on=due)
    enter("permit", code="P2", what="立项批复", due_on=due, granted_on=str(MONDAY - DAY))
    enter("clearance", code="Q1", name="迁坟", what="graves", total=20, due_on=due)
    supervise(
        actor=made.actor("secretary"), at=at, subject=one.entry, level="office", reason="久拖",
        until=MONDAY + 90 * DAY, every=7,
    )  # fmt: skip

    def found() -> list[tuple[str, str]]:
        shown = dates(made.actor("leader"), MONDAY, MONDAY + 20 * DAY, on=MONDAY)
        return [(d.what, d.title) for d in shown if d.what in {"permit", "clearance", "supervision-report"}]

    name = one.entry.title
    assert found() == [
        ("clearance", f"{name}：迁坟"), ("permit", f"{name}：施工许可证"), ("supervision-report", name)
    ]  # fmt: skip
    page = signed_in(made, "leader", MONDAY).get("/mine/").context["ahead"]
    assert {(a.what, a.record.pk) for a, _w, _h in page} >= {("permit", permit.pk)}
    enter("cleared", date=str(MONDAY), what="graves", done=20)
    correct_entry(actor=made.system, at=at, entry=permit, values={"granted_on": str(MONDAY)})
    assert found() == [("supervision-report", name)]


def test_a_stage_that_is_done_by_its_reports_is_not_due(made: Office) -> None:
    one = project(made, promised=date(2020, 12, 31))
    stage = one.stages.get(order=2)
    day = stage.planned_end

    def due() -> list[int]:
        shown = dates(made.actor("leader"), day - DAY, day, on=day)
        return [d.record.pk for d in shown if d.what == "commitment"]

    assert due() == [stage.pk]
    say(made, one, day, 100, stage="主体")
    assert due() == []
