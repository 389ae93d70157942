"""Pages and forms of records, and the files behind them."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.office import MONDAY, Office, moment, office, project, say
from tests.records.test_files import huge_png, picture
from tests.web.visiting import form, signed_in
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.commitments.actions import put_commitments, state
from zijing.journal.models import JournalEntry
from zijing.projects.actions import withdraw_report
from zijing.records.files import Upload, attach, store
from zijing.records.models import Attachment, File, Kind
from zijing.registers.actions import correct_entry, put_entries, retire_entry
from zijing.registers.models import Entry
from zijing.web.records.forms import written

pytestmark = pytest.mark.django_db

ROLES = [
    ("secretary", 200), ("director", 200), ("leader", 200), ("project_office", 200), ("section", 200), ("team", 200),
    ("team2", 404), ("community", 200), ("community2", 404), ("grid", 404), ("county", 200), ("system_admin", 404),
]  # fmt: skip


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def enterprise(made: Office) -> Entry:
    kind = Kind.objects.get(key="enterprise")
    sector = kind.by_key["sector"].choices[0][0]
    place = made.places["示例社区01"].pk
    row = {"code": "E1", "name": "示例企业01", "sector": sector, "status": "above-scale", "place": place}
    put = put_entries(actor=made.actor("section"), at=moment(MONDAY), kind=kind, rows=[row], place=made.place)
    found: Entry = put[0].record
    return found


def fill(entry: Entry, **changes: Any) -> dict[str, Any]:
    """What the edit form of an entry sends."""
    return form(seen=entry.revision, **{**written(entry), **changes})


@pytest.mark.parametrize(("role", "status"), ROLES)
def test_who_sees_a_project_entry(made: Office, role: str, status: int) -> None:
    target = project(made)
    assert signed_in(made, role).get(f"/records/register/{target.pk}/").status_code == status


def test_anonymous_other_office_and_nonsense(made: Office, client: Client) -> None:
    target = project(made)
    assert client.get(f"/records/register/{target.pk}/").status_code == 302
    stranger = signed_in(office("410181006000", "别处街道"), "secretary")
    for address in (
        f"/records/register/{target.pk}/",
        "/records/register/999999/",
        "/records/nonsense/1/",
        "/files/1/",
    ):
        assert stranger.get(address).status_code == 404, address


def test_a_daily_report_names_its_stage(made: Office) -> None:
    report = say(made, project(made), MONDAY, 10)
    page = signed_in(made, "secretary").get(f"/records/activity/{report.pk}/")
    texts = [fact.text for fact in page.context["facts"]]
    assert "基础" in texts and "X01-1" not in texts


def test_a_project_leads_to_its_page_and_to_what_is_about_it(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 10)
    page = signed_in(made, "secretary").get(f"/records/register/{target.pk}/")
    assert page.context["project_href"] == f"/projects/{target.pk}/"
    assert [(a.n, a.href) for a in page.context["around"]] == [
        (1, f"/list/daily-report/?subject={target.pk}"), (2, f"/list/milestone/?subject={target.pk}"),
    ]  # fmt: skip


def test_a_daily_report_shows_its_stage_and_the_ways_to_change_it(made: Office) -> None:
    said = say(made, project(made), MONDAY, 12.5)
    page = signed_in(made, "team").get(f"/records/activity/{said.pk}/").content.decode()
    assert "基础" in page and "12.5%" in page
    assert f'href="/reports/{said.pk}/correct/"' in page or "correct" in page
    page = signed_in(made, "community").get(f"/records/activity/{said.pk}/")
    assert not page.context["may_edit"] and not page.context["may_withdraw"]


def test_history_says_who_changed_what_from_what(made: Office, enterprise: Entry) -> None:
    correct_entry(
        actor=made.actor("section"),
        at=moment(MONDAY, 11),
        entry=enterprise,
        values={"status": "exiting"},
        seen=enterprise.revision,
    )
    page = signed_in(made, "secretary").get(f"/records/register/{enterprise.pk}/")
    changed, entered = page.context["happenings"]
    assert (changed.verb, changed.who) == ("changed", "section岗") and entered.verb == "entered"
    assert [(c.label, c.old, c.new) for c in changed.changes] == [("Status", "above scale", "exiting")]


def test_history_names_who_a_project_is_assigned_to(made: Office) -> None:
    target = project(made)
    page = signed_in(made, "secretary").get(f"/records/register/{target.pk}/")
    told = [(h.verb, c.label, c.new) for h in page.context["happenings"] for c in h.changes if h.verb == "assigned"]
    assert told == [("assigned", "joint", "team单位"), ("assigned", "lead", "leader岗")]


def test_history_of_a_withdrawn_report_says_so(made: Office) -> None:
    said = say(made, project(made), MONDAY, 10)
    withdraw_report(actor=made.actor("team"), at=moment(MONDAY, 18), report=said, reason="错")
    page = signed_in(made, "secretary").get(f"/records/activity/{said.pk}/")
    first = page.context["happenings"][0]
    assert (first.verb, [(c.old, c.new) for c in first.changes]) == ("withdrawn", [("", "withdrawn")])
    assert page.context["stage"] == "withdrawn" and not page.context["may_edit"]


@pytest.mark.parametrize("n", [1, 3])
def test_page_costs_the_same_however_long_its_history(
    made: Office, enterprise: Entry, n: int, django_assert_num_queries: Any
) -> None:
    for i in range(n):
        status = ("exiting", "above-scale")[i % 2]
        correct_entry(
            actor=made.actor("section"), at=moment(MONDAY, 11, i), entry=enterprise, values={"status": status}
        )
    client = signed_in(made, "secretary")
    with django_assert_num_queries(QUERIES):
        client.get(f"/records/register/{enterprise.pk}/")


QUERIES = 19


def test_a_commitment_shows_what_was_stated_of_it(made: Office) -> None:
    kind = Kind.objects.get(key="indicator")
    row: dict[str, Any] = {f.key: "年投资" for f in kind.fields if f.column == "title"}
    put = put_commitments(actor=made.system, at=moment(MONDAY), kind=kind, rows=[row], place=made.place)
    promise = put[0].record
    state(
        actor=made.system, at=moment(MONDAY), commitment=promise, period=MONDAY, value=Decimal("12.5"), status="actual", source="统计站",
    )  # fmt: skip
    page = signed_in(made, "secretary").get(f"/records/commitment/{promise.pk}/")
    assert [(s[1], s[3]) for s in page.context["statements"]] == [("actual", "统计站")]
    assert "12.5" in page.content.decode() and page.context["happenings"][0].verb == "value stated"


@pytest.mark.parametrize("address", ["/records/register/{}/", "/cases/{}/", "/files/{}/", "/records/activity/{}/edit/"])
def test_impossible_numbers_are_not_found(made: Office, address: str) -> None:
    client = signed_in(made, "secretary")
    for pk in (0, 10**30):
        assert client.get(address.format(pk)).status_code == 404


# Entering


@pytest.mark.parametrize(
    ("role", "kind", "status"),
    [
        ("section", "enterprise", 200), ("community", "enterprise", 403), ("county", "enterprise", 403),
        ("community", "issue", 200), ("grid", "issue", 200), ("system_admin", "issue", 403), ("team", "blocker", 200),
        ("team", "daily-report", 302), ("section", "nonsense", 404),
    ],
)  # fmt: skip
def test_who_may_enter_what(made: Office, role: str, kind: str, status: int) -> None:
    assert signed_in(made, role).get(f"/new/{kind}/").status_code == status


def issue_values(made: Office, **more: Any) -> dict[str, Any]:
    kind = Kind.objects.get(key="issue")
    values: dict[str, Any] = {}
    for f in kind.fields:
        if f.required:
            values[f.key] = f.choices[0][0] if f.choices else "灯不亮" if f.type == "text" else ""
        if f.type == "place":
            values[f.key] = f"#{made.places['第一网格'].pk}"
    return form(**{**values, **more})


def test_a_problem_is_filed_with_its_photo_once(made: Office, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    client, sent = signed_in(made, "grid"), issue_values(made)
    for _n in range(2):
        photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
        answer = client.post("/new/issue/", {**sent, "photo": photo})
        assert answer.status_code == 302, answer.content.decode()
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert Attachment.objects.get().subject_id == case.pk
    assert client.get(f"/files/{File.objects.get().pk}/").status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"\0" * (30 * 2**20), huge_png(60_000, 60_000), b"\xff\xd8\xff garbage"],
    ids=["html", "30MB", "bomb", "garbage"],
)
def test_a_hostile_photo_files_nothing(made: Office, settings: Any, tmp_path: Any, content: bytes) -> None:
    settings.DATA = tmp_path
    photo = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    answer = signed_in(made, "grid").post("/new/issue/", issue_values(made, photo=photo))
    assert answer.status_code == 422
    assert (Case.objects.count(), File.objects.count(), Attachment.objects.count()) == (0, 0, 0)
    assert not list(tmp_path.rglob("*.*"))


def test_errors_stand_at_their_fields_and_nothing_is_lost(made: Office) -> None:
    answer = signed_in(made, "grid").post("/new/issue/", form())
    assert answer.status_code == 422 and answer.context["wrong"] >= 1
    text = "说" * 60
    answer = signed_in(made, "section").post("/new/enterprise/", form(name=text, status="nonsense", code="E9"))
    errors = {i.name: i.error for i in answer.context["form"].inputs if i.error}
    assert answer.status_code == 422 and "status" in errors
    assert next(i.value for i in answer.context["form"].inputs if i.name == "name") == text
    assert not Entry.objects.filter(business_key="E9").exists()


def test_places_out_of_sight_cannot_be_named(made: Office) -> None:
    other = office("410181006000", "别处街道")
    answer = signed_in(made, "grid").post("/new/issue/", issue_values(made, place=f"#{other.places['第一网格'].pk}"))
    assert answer.status_code == 422 and Case.objects.count() == 0


# Correcting


def test_a_correction_is_journalled(made: Office, enterprise: Entry) -> None:
    answer = signed_in(made, "section").post(
        f"/records/register/{enterprise.pk}/edit/", fill(enterprise, status="exiting")
    )
    assert answer.status_code == 302, answer.content.decode()
    enterprise.refresh_from_db()
    assert enterprise.fields["status"] == "exiting"
    assert JournalEntry.objects.filter(verb="registers.entry.change", subject_id=enterprise.pk).count() == 1


def test_sending_the_form_unchanged_changes_nothing(made: Office, enterprise: Entry) -> None:
    before = enterprise.revision
    assert (
        signed_in(made, "section").post(f"/records/register/{enterprise.pk}/edit/", fill(enterprise)).status_code == 302
    )
    enterprise.refresh_from_db()
    assert enterprise.revision == before


def test_two_corrections_at_once_show_both_values(made: Office, enterprise: Entry) -> None:
    mine = fill(enterprise, name="我的名")
    correct_entry(actor=made.actor("section"), at=moment(MONDAY, 11), entry=enterprise, values={"name": "他的名"})
    answer = signed_in(made, "project_office").post(f"/records/register/{enterprise.pk}/edit/", mine)
    shown = next(i for i in answer.context["form"].inputs if i.name == "name")
    assert answer.status_code == 409 and (shown.value, shown.now) == ("我的名", "他的名")
    assert "他的名" in answer.content.decode()
    enterprise.refresh_from_db()
    assert enterprise.title == "他的名"
    again = fill(enterprise, name="我的名")
    assert signed_in(made, "project_office").post(f"/records/register/{enterprise.pk}/edit/", again).status_code == 302


@pytest.mark.parametrize(
    ("role", "status"), [("section", 200), ("community", 403), ("community2", 404), ("county", 403)]
)
def test_who_may_correct(made: Office, enterprise: Entry, role: str, status: int) -> None:
    assert signed_in(made, role).get(f"/records/register/{enterprise.pk}/edit/").status_code == status


def test_what_is_out_of_use_is_not_corrected(made: Office, enterprise: Entry) -> None:
    retire_entry(actor=made.actor("section"), at=moment(MONDAY, 11), entry=enterprise, reason="关")
    assert signed_in(made, "section").get(f"/records/register/{enterprise.pk}/edit/").status_code == 403


# Files


def test_a_file_is_seen_by_whoever_sees_its_record(made: Office, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    target = project(made)
    at, system = moment(MONDAY), made.system
    file = store(actor=system, at=at, sent=Upload(picture(), "a.jpg"))
    assert signed_in(made, "secretary").get(f"/files/{file.pk}/").status_code == 404
    attach(actor=system, at=at, subject=target.entry, file=file, part="near")
    client = signed_in(made, "team")
    answer = client.get(f"/files/{file.pk}/")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"] == "sandbox"
    assert client.get(f"/files/{file.pk}/", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert (
        signed_in(made, "team2").get(f"/files/{file.pk}/", headers={"if-none-match": answer["ETag"]}).status_code == 404
    )
    assert signed_in(made, "community2").get(f"/files/{file.pk}/").status_code == 404
    assert Client().get(f"/files/{file.pk}/").status_code == 302


def test_a_document_is_downloaded_never_shown(made: Office, settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    target = project(made)
    file = store(actor=made.system, at=moment(MONDAY), sent=Upload(b"%PDF-1.4", "a.pdf"))
    attach(actor=made.system, at=moment(MONDAY), subject=target.entry, file=file, part="document")
    answer = signed_in(made, "secretary").get(f"/files/{file.pk}/?size=small")
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_in_both_languages(made: Office, enterprise: Entry, language: str) -> None:
    client = signed_in(made, "section", language=language)
    for address in (
        f"/records/register/{enterprise.pk}/",
        f"/records/register/{enterprise.pk}/edit/",
        "/new/enterprise/",
    ):
        assert client.get(address).status_code == 200


def test_activities_can_be_entered(made: Office) -> None:
    kind = Kind.objects.get(key="inspection")
    assert signed_in(made, "section").get("/new/inspection/").status_code == 200
    assert Activity.objects.filter(kind=kind).count() == 0
