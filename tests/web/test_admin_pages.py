"""The three administrators: what each does at /admin/, what none may, and that it all stands in the journal."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, project
from tests.web.visiting import signed_in
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.figures.queries import records_of
from zijing.journal.chain import check_export
from zijing.journal.models import JournalEntry
from zijing.people.access import ADMINISTRATORS, actor_of
from zijing.people.actions import assign_one, hold, put_posts, stand_in, unassign
from zijing.people.models import Account, Assignment, Holding, Screen, Session, Token
from zijing.records.models import Noun

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Office:
    return office()


def verbs(made: Office) -> list[str]:
    return list(JournalEntry.objects.filter(office=made.place.pk).order_by("seq").values_list("verb", flat=True))


def act(client: Client, url: str, verb: str, **values: Any) -> Any:
    return client.post(url, {"verb": verb, **values})


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("noun", list(Noun))
def test_no_administrator_sees_a_record(made: Office, role: str, noun: str) -> None:
    project(made)
    assert not records_of(noun, made.actor(role)).exists()


def test_nobody_is_two_of_the_three(made: Office) -> None:
    name = made.account("system_admin").username
    with pytest.raises(Refused, match="三员"):
        hold(actor=made.system, at=FOUNDED, post=made.posts["audit_admin"], username=name)
    row = {
        "code": "P-section",
        "title": "x",
        "unit": made.posts["section"].unit,
        "role": "audit_admin",
        "since": FOUNDED.date(),
    }
    hold(actor=made.system, at=FOUNDED, post=made.posts["section"], username=name)
    with pytest.raises(Refused):
        put_posts(actor=made.system, at=FOUNDED, rows=[row])


def test_nobody_gives_a_post_to_the_own_account(made: Office) -> None:
    admin = made.actor("system_admin")
    with pytest.raises(Refused):
        hold(actor=admin, at=FOUNDED, post=made.posts["secretary"], username=made.account("system_admin").username)
    row = {
        "code": "P-system_admin",
        "title": "x",
        "unit": made.posts["section"].unit,
        "role": "secretary",
        "since": FOUNDED.date(),
    }
    with pytest.raises(Refused):
        put_posts(actor=admin, at=FOUNDED, rows=[row])


def test_an_office_does_not_run_another_and_a_county_does_not_run_its_offices(made: Office) -> None:
    other = office("410181006000", "新华路街道")
    for actor in (other.actor("system_admin"),):
        with pytest.raises(Refused):
            hold(actor=actor, at=FOUNDED, post=made.posts["grid"], username="somebody")
    theirs = f"/admin/accounts/{made.account('grid').pk}/"
    assert signed_in(other, "security_admin").get(theirs).status_code == 404
    assert f'"{theirs}"' not in signed_in(other, "security_admin").get("/admin/accounts/").content.decode()
    assert f'"{theirs}"' in signed_in(made, "security_admin").get("/admin/accounts/").content.decode()


def test_an_account_is_opened_with_a_password_shown_once(made: Office) -> None:
    client = signed_in(made, "security_admin")
    page = client.post("/admin/accounts/", {"username": "new.person", "label": "新同事"})
    once = page.context["once"]
    assert "no-store" in page["Cache-Control"]
    opened = Account.objects.get(username="new.person")
    assert (opened.office, opened.must_change_password, opened.check_password(once)) == (made.place, True, True)
    assert "people.open_account" in verbs(made)
    assert once not in str(list(JournalEntry.objects.values_list("changes", flat=True)))
    assert client.post("/admin/accounts/", {"username": "New.Person", "label": "x"}).status_code == 409


def test_what_the_security_administrator_does_to_an_account(made: Office) -> None:
    client, target = signed_in(made, "security_admin"), made.account("grid")
    url = f"/admin/accounts/{target.pk}/"
    grid = signed_in(made, "grid")
    assert act(client, url, "end-sessions").status_code == 302
    assert not Session.objects.filter(account=target).exists()
    assert grid.get("/today/").status_code == 302
    assert act(client, url, "lock").status_code == 302
    assert act(client, url, "lock").status_code == 409
    assert act(client, url, "unlock").status_code == 302
    assert act(client, url, "reset-password").context["once"]
    key = act(client, url, "issue-key", holding=made.holding("grid").pk, label="手机").context["once"]
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert act(client, url, "revoke-key", key=Token.objects.latest("pk").pk).status_code == 302
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert act(client, url, "no-such-verb").status_code == 404
    own = f"/admin/accounts/{made.account('security_admin').pk}/"
    assert act(client, own, "lock").status_code == 422
    expected = ["end_sessions", "lock_account", "unlock_account", "reset_password", "issue_token", "revoke_token"]
    assert [v.removeprefix("people.") for v in verbs(made)][-6:] == expected


def test_a_post_is_entered_filled_and_ended(made: Office) -> None:
    client = signed_in(made, "system_admin")
    values = {
        "code": "P-new",
        "title": "新岗",
        "unit": made.posts["section"].unit_id,
        "role": "section",
        "place": made.place.pk,
        "since": "2020-09-01",
    }
    assert client.post("/admin/posts/", values).status_code == 302
    post = made.posts["section"].__class__.objects.get(code="P-new")
    url = f"/admin/posts/{post.pk}/"
    assert act(client, url, "hold", account=made.account("grid").pk).status_code == 302
    held = Holding.objects.get(post=post)
    assert act(client, url, "end-holding", holding=held.pk, until="2020-09-06").status_code == 302
    with pytest.raises(Refused):
        actor_of(Holding.objects.get(pk=held.pk), channel="test", on=MONDAY)
    assert act(client, url, "end-post", until="2020-09-30").status_code == 302
    assert (
        client.post(
            "/admin/units/", {"code": "U9", "name": "新科", "kind": "section", "place": made.place.pk}
        ).status_code
        == 302
    )
    assert client.post("/admin/posts/", values | {"unit": ""}).status_code == 422


def test_a_substitute_acts_on_the_stated_days_only_and_the_journal_says_so(made: Office) -> None:
    admin, post, account = made.actor("system_admin"), made.posts["leader"], made.account("section")
    since, until = MONDAY, MONDAY + timedelta(days=4)
    holder = made.holding("leader")
    held = stand_in(
        actor=admin, at=moment(MONDAY), post=post, account=account, since=since, until=until, reason="年休假"
    )
    acting = actor_of(held, channel="test", on=MONDAY)
    assert (acting.account_id, acting.post_id) == (account.pk, post.pk)
    assert actor_of(holder, channel="test", on=MONDAY).post_id == post.pk, "its holder still may"
    for day in (since - timedelta(days=1), until + timedelta(days=1)):
        with pytest.raises(Refused):
            actor_of(held, channel="test", on=day)
    project(made)
    entry = JournalEntry.objects.filter(verb="people.stand_in").get()
    assert entry.changes["post"] == [None, post.pk] and "年休假" not in str(entry.changes)
    client = signed_in(made, "section")
    assert client.post(f"/act-as/{held.pk}/").status_code == 302
    assert client.get("/today/").wsgi_request.actor.post_id == post.pk


@pytest.mark.parametrize(
    ("days", "reason", "error"),
    [((0, -1), "x", Invalid), ((-9, -5), "x", Invalid), ((0, 3), " ", Invalid), ((0, 3), "x", None)],
)
def test_a_substitution_is_dated_ahead_and_reasoned(made: Office, days: Any, reason: str, error: Any) -> None:
    def ask() -> None:
        first, last = (MONDAY + timedelta(days=n) for n in days)
        stand_in(
            actor=made.actor("system_admin"), at=moment(MONDAY), post=made.posts["leader"], account=made.account("grid"),
            since=first, until=last, reason=reason,
        )  # fmt: skip

    if error is None:
        ask()
        error = Conflict
    with pytest.raises(error):
        ask()


def test_two_administrators_are_not_joined_by_substitution(made: Office) -> None:
    with pytest.raises(Refused):
        stand_in(
            actor=made.actor("system_admin"), at=moment(MONDAY), post=made.posts["security_admin"],
            account=made.account("audit_admin"), since=MONDAY, until=MONDAY, reason="病假",
        )  # fmt: skip


def test_a_record_is_given_for_a_while_and_taken_back_at_once(made: Office) -> None:
    target = project(made).entry
    secretary, post = made.actor("secretary"), made.posts["community2"]
    given = assign_one(
        actor=secretary,
        at=moment(MONDAY),
        subject=target,
        part="approver",
        to=post,
        since=MONDAY,
        until=date(2020, 9, 9),
    )
    entries = lambda on: type(target).objects.visible_to(made.actor("community2", on)).filter(pk=target.pk).exists()
    assert [entries(MONDAY + timedelta(days=n)) for n in (-1, 0, 2, 3)] == [False, True, True, False]
    unassign(actor=secretary, at=moment(MONDAY), subject=target, assignment=given)
    assert not entries(MONDAY)
    with pytest.raises(Conflict):
        unassign(actor=secretary, at=moment(MONDAY), subject=target, assignment=Assignment.objects.get(pk=given.pk))
    with pytest.raises(Refused):
        assign_one(actor=made.actor("grid"), at=moment(MONDAY), subject=target, part="lead", to=post, since=MONDAY)
    with pytest.raises(Invalid):
        assign_one(
            actor=secretary, at=moment(MONDAY), subject=target, part="lead", to=made.posts["system_admin"], since=MONDAY
        )


def test_the_auditor_reads_checks_and_takes_away_the_journal_and_writes_nothing(made: Office) -> None:
    client, before = signed_in(made, "audit_admin"), JournalEntry.objects.count()
    assert client.get("/admin/journal/?verify=1").context["verdict"].sound
    shown = client.get("/admin/journal/?verb=people.hold").context["rows"]
    assert shown and all(e.verb == "people.hold" for e in shown)
    assert not client.get("/admin/journal/?account=nobody").context["rows"]
    exported = b"".join(client.get("/admin/journal/export/").streaming_content).decode()
    verdict = check_export(exported.splitlines())
    assert (verdict.sound, verdict.checked) == (True, len(verbs(made)))
    assert client.get("/admin/sign-ins/?outcome=in").status_code == 200
    assert JournalEntry.objects.count() == before


def test_a_screen_shows_its_board_without_an_account_until_it_is_ended(made: Office) -> None:
    project(made)
    client = signed_in(made, "security_admin")
    address = client.post("/admin/screens/", {"label": "大厅"}).context["once"]
    path = address.partition("testserver")[2]
    key = path.split("/")[2]
    assert key not in str(list(Screen.objects.values()))
    screen = Client()
    page = screen.get(path)
    assert (
        page.status_code == 200 and "示例项目X01" in page.content.decode() and "/projects/" not in page.content.decode()
    )
    assert [screen.get(url).status_code for url in ("/board/", "/board/wall/", "/today/", "/list/project/")] == [
        302
    ] * 4
    assert screen.get("/api/v1/board", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert act(client, "/admin/screens/", "revoke", screen=Screen.objects.get().pk).status_code == 302
    assert screen.get(path).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("role", "url", "queries"), [
    ("security_admin", "/admin/accounts/?q=extra", 6), ("system_admin", "/admin/posts/?q=P-grid", 9),
    ("audit_admin", "/admin/journal/", 5), ("audit_admin", "/admin/sign-ins/", 5),
])  # fmt: skip
def test_queries_do_not_grow_with_rows(
    made: Office, n: int, role: str, url: str, queries: int, django_assert_num_queries: Any
) -> None:
    for i in range(n):
        hold(actor=made.system, at=FOUNDED, post=made.posts["grid"], username=f"extra{i}")
    client = signed_in(made, role)
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)
