"""What the administrators find besides: the log of looks, files to take away, a place's verbs; and who gives records."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, project
from tests.web.visiting import signed_in
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.packs.kinds import KindSpec
from zijing.people.actions import hold, lock_account
from zijing.people.models import Account, Assignment, Holding, Post, SignIn
from zijing.people.signing import note
from zijing.places.models import Place, PlaceCode
from zijing.records.models import Kind
from zijing.records.personal import reveal
from zijing.registers.actions import put_entries
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
WORDS = {"zh": "电话", "en": "Telephone"}


@pytest.fixture
def made() -> Office:
    return office()


def person(made: Office, reason: str) -> Entry:
    """An entry with a telephone at which somebody looked."""
    told = {
        "noun": "register", "key": "person", "edition": "2020.1", "title": {"zh": "人员", "en": "Person"},
        "fields": [
            {"key": "name", "type": "text", "column": "title", "title": WORDS},
            {"key": "phone", "type": "phone", "title": WORDS, "why": WORDS},
        ],
    }  # fmt: skip
    spec = KindSpec.model_validate(told)
    definition = spec.model_dump(exclude_none=True, by_alias=True, exclude={"noun", "key", "edition", "title"})
    kind = Kind.objects.create(
        noun="register", key="person", title_zh="人员", title_en="Person", pack="t", edition="2020.1",
        definition=definition,
    )  # fmt: skip
    row = {"name": "某人", "phone": "13812345678"}
    entry: Entry = put_entries(actor=made.system, at=moment(MONDAY), kind=kind, rows=[row], place=made.place)[0].record
    reveal(actor=made.actor("section"), at=moment(MONDAY), record=entry, keys=["phone"], reason=reason)
    return entry


def text_of(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


def test_the_auditor_reads_who_looked_at_what_and_why_and_not_at_whom(made: Office) -> None:
    person(made, "=核对名单")
    client = signed_in(made, "audit_admin")
    page = client.get("/admin/looks/").content.decode()
    taken = text_of(client.get("/admin/looks/export/"))
    for shown in (page, taken):
        assert all(word in shown for word in ("Person", "Telephone", "=核对名单", "section岗"))
        assert "某人" not in shown and "13812345678" not in shown
    assert "'=核对名单" in taken, "no formula"
    assert len(client.get("/admin/looks/?account=nobody").context["found"].rows) == 0
    assert len(client.get(f"/admin/looks/?since={MONDAY + timedelta(days=1)}").context["found"].rows) == 0
    elsewhere = signed_in(office("410181006000", "新华路街道"), "audit_admin")
    assert len(elsewhere.get("/admin/looks/").context["found"].rows) == 0


def test_the_sign_in_log_is_taken_away_under_its_filter_page_after_page(made: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("zijing.people.queries.SIZE", 2)
    account = made.account("grid")
    for outcome in ("password", "password", "in", "password", "out"):
        note(name="x", account=account, address="=1+1", way="password", outcome=outcome, at=timezone.now())
    client = signed_in(made, "audit_admin")
    lines = text_of(client.get("/admin/sign-ins/export/?outcome=password")).splitlines()
    assert len(lines) == 4 and all("'=1+1" in line for line in lines[1:])
    assert len(text_of(client.get("/admin/sign-ins/export/")).splitlines()) == 6


def act(client: Client, place: Place, verb: str, **values: Any) -> Any:
    return client.post(f"/admin/places/{place.pk}/", {"verb": verb, **values})


def test_a_place_moves_gets_a_code_and_ends_in_another(made: Office) -> None:
    client = signed_in(made, "system_admin")
    grid, village = made.places["第一网格"], made.places["示例村02"]
    assert act(client, grid, "move", parent=village.pk).status_code == 302
    grid.refresh_from_db()
    assert grid.parent_id == village.pk
    assert act(client, grid, "recode", code="410181005201009", since="2020-09-07").status_code == 302
    assert PlaceCode.objects.get(place=grid, until=None).code == "410181005201009"
    assert act(client, grid, "merge", into=made.places["第二网格"].pk).status_code == 302
    grid.refresh_from_db()
    assert grid.merged_into_id == made.places["第二网格"].pk
    page = client.get(f"/admin/places/{grid.pk}/").content.decode()
    assert 'value="merge"' not in page and "410181005201009" in page
    told = list(JournalEntry.objects.filter(subject_type="places.place").order_by("seq").values_list("verb", flat=True))
    assert told[-3:] == ["places.move", "places.recode", "places.merge"]


@pytest.mark.parametrize(
    ("verb", "values"),
    [("move", {"parent": ""}), ("merge", {"into": ""}), ("recode", {"code": "12", "since": "2020-09-07"}),
     ("recode", {"code": "410181005001009", "since": "soon"})],
)  # fmt: skip
def test_what_is_wrong_is_said_on_the_page(made: Office, verb: str, values: dict[str, Any]) -> None:
    answer = act(signed_in(made, "system_admin"), made.places["第一网格"], verb, **values)
    assert (answer.status_code, bool(answer.context["error"])) == (422, True)


def test_nobody_moves_a_place_of_another_office(made: Office) -> None:
    other = office("410181006000", "新华路街道")
    code = {"code": "410181005001009", "since": "2020-09-07"}
    assert act(signed_in(other, "system_admin"), made.places["第一网格"], "recode", **code).status_code == 404
    assert act(signed_in(made, "system_admin"), made.places["第一网格"], "burn").status_code == 404
    Post.objects.filter(pk=made.posts["county"].pk).update(role=made.posts["system_admin"].role)
    assert act(signed_in(made, "county"), made.places["第一网格"], "recode", **code).status_code == 403


def test_a_record_is_given_from_its_page_and_taken_back(made: Office) -> None:
    entry, url = project(made).entry, ""
    url = f"/records/register/{entry.pk}/assignments/"
    client, post = signed_in(made, "secretary"), made.posts["community2"]
    given = {"verb": "give", "to": f"post-{post.pk}", "part": "joint", "since": str(MONDAY), "until": ""}
    assert client.post(url, given).status_code == 302
    assert signed_in(made, "community2").get(f"/projects/{entry.pk}/").status_code == 200
    again = client.post(url, given)
    assert again.status_code == 409 and "already" in str(again.context["error"])
    mine = Assignment.objects.get(subject_type="registers.entry", post=post)
    taken = {"verb": "take", "assignment": mine.pk}
    assert [client.post(url, taken).status_code for _n in range(2)] == [302, 422]
    assert signed_in(made, "community2").get(f"/projects/{entry.pk}/").status_code == 404
    assert [a.pk for a in client.get(url).context["given"].ended] == [mine.pk]


@pytest.mark.parametrize("wrong", [{"to": "post-0"}, {"part": "owner"}, {"since": "x"}, {"until": "2020-09-01"}])
def test_what_cannot_be_given_is_said(made: Office, wrong: dict[str, str]) -> None:
    entry = project(made).entry
    told = {"verb": "give", "to": f"unit-{made.posts['team2'].unit_id}", "part": "lead", "since": str(MONDAY)}
    answer = signed_in(made, "secretary").post(f"/records/register/{entry.pk}/assignments/", {**told, **wrong})
    assert answer.status_code == 422


def test_no_administrator_is_offered_and_only_a_record_within_sight_is_given(made: Office) -> None:
    entry = project(made).entry
    page = signed_in(made, "secretary").get(f"/records/register/{entry.pk}/assignments/")
    assert not {p.role.key for p in page.context["posts"]} & {"system_admin", "security_admin", "audit_admin"}
    assert "/assignments/" in signed_in(made, "secretary").get(f"/records/register/{entry.pk}/?own").content.decode()
    Kind.objects.filter(pk=entry.kind_id).update(restricted=True)
    assert signed_in(made, "secretary").get(f"/records/register/{entry.pk}/assignments/").status_code == 404


def blocks(made: Office, role: str) -> dict[str, list[str]]:
    day = signed_in(made, role).get("/today/").context["day"]
    return {b.title: [i.title for i in b.items] for b in day.blocks}


def test_today_tells_the_system_administrator_what_is_missing(made: Office) -> None:
    Rhythm.objects.update(next_at=moment(MONDAY, 23))
    assert blocks(made, "system_admin") == {"Posts nobody holds": []}
    Holding.objects.filter(post=made.posts["grid"]).delete()
    told = blocks(made, "system_admin")
    assert list(told) == ["Needs a person", "Posts nobody holds"] and told["Posts nobody holds"] == ["grid岗"]
    steps = signed_in(made, "system_admin").get("/today/").context["day"].actions
    assert [a.done for a in steps[:3]] == [True, True, True]


def test_today_tells_the_security_administrator_who_cannot_sign_in(made: Office) -> None:
    Account.objects.update(password="md5$x$y")
    hold(actor=made.system, at=FOUNDED, post=made.posts["grid"], username="new.person")
    lock_account(actor=made.actor("security_admin"), at=FOUNDED, account=made.account("team"))
    told = blocks(made, "security_admin")
    assert told == {"Accounts without a password": ["new.person"], "Locked accounts": [str(made.account("team"))]}


def test_today_tells_the_auditor_what_was_refused_and_looked_at(made: Office) -> None:
    note(name="x", account=made.account("grid"), address="", way="password", outcome="password", at=timezone.now())
    person(made, "核对名单")
    day = signed_in(made, "audit_admin").get("/today/").context["day"]
    assert [(c.label, c.shown) for b in day.blocks for c in b.counts] == [("wrong password", "1"), ("looks", "1")]
    assert all(signed_in(made, "audit_admin").get(c.href).status_code == 200 for b in day.blocks for c in b.counts)
    assert SignIn.objects.filter(outcome="password").count() == 1


@pytest.mark.parametrize("n", [1, 3])
def test_the_log_of_looks_costs_no_more_with_more_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    entry = person(made, "核对名单")
    for _n in range(n - 1):
        reveal(actor=made.actor("section"), at=moment(MONDAY), record=entry, keys=["phone"], reason="再核对")
    client = signed_in(made, "audit_admin")
    client.get("/admin/looks/")
    with django_assert_num_queries(6):
        client.get("/admin/looks/")
    entry_page = f"/records/register/{project(made).entry.pk}/assignments/"
    secretary = signed_in(made, "secretary")
    secretary.get(entry_page)
    with django_assert_num_queries(8):
        secretary.get(entry_page)
