"""Two entries that are one thing: what referred to the double refers to the kept entry, and nothing is lost."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.calls import api
from tests.factories.office import MONDAY, Office, moment, office, project
from tests.web.visiting import form, signed_in
from zijing.activities.actions import record_activity
from zijing.activities.models import Activity
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.identifiers import new_id
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.packs.kinds import KindSpec
from zijing.people.actions import assign
from zijing.people.models import Assignment
from zijing.records.files import Upload, attach, store
from zijing.records.filters import parse
from zijing.records.models import Attachment, Kind
from zijing.registers.actions import correct_entry, put_entries, restore_entry, retire_entry
from zijing.registers.doubles import likely_doubles, plain_name, plain_number
from zijing.registers.merging import merge_entries
from zijing.registers.models import Entry
from zijing.registers.references import resolve_entry
from zijing.web.records.forms import options_of

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 11)
WHY = {"zh": "核对", "en": "To check"}


@pytest.fixture
def made() -> Office:
    return office()


def kind_of(key: str, noun: str = "register", *fields: dict[str, Any], number: bool = True) -> Kind:
    words = {"zh": "字段", "en": "Field"}
    code = {"key": "code", "type": "text", "column": "business_key", "required": True, "title": words}
    name = {"key": "name", "type": "text", "column": "title", "title": {"zh": "名称", "en": "Name"}}
    own = [code, name, *({"title": words, **f} for f in fields)] if number else [{"title": words, **f} for f in fields]
    told = {"noun": noun, "key": key, "edition": "2020.1", "title": words, "fields": own}
    spec = KindSpec.model_validate(told | ({"business_key": "code"} if number else {}))
    definition = spec.model_dump(exclude_none=True, by_alias=True, exclude={"noun", "key", "edition", "title"})
    return Kind.objects.create(
        noun=noun, key=key, title_zh=key, title_en=key, pack="t", edition="2020.1", definition=definition
    )


@pytest.fixture
def shops(made: Office) -> Kind:
    return kind_of(
        "shop", "register", {"key": "credit", "type": "credit_code"}, {"key": "phone", "type": "phone", "why": WHY},
        {"key": "floor", "type": "integer"},
    )  # fmt: skip


def put(made: Office, kind: Kind, code: str, name: str, **values: Any) -> Entry:
    row = {"code": code, "name": name, **values}
    found: Entry = put_entries(actor=made.system, at=moment(MONDAY), kind=kind, rows=[row], place=made.place)[0].record
    return found


def merge(made: Office, keep: Entry, double: Entry, **more: Any) -> int:
    actor = more.pop("actor", made.actor("section"))
    return merge_entries(actor=actor, at=AT, keep=keep, double=double, **{"reason": "同一家店", **more})


def test_what_refers_to_the_double_refers_to_the_kept_entry(made: Office, shops: Kind) -> None:
    keep, double, third = (put(made, shops, f"S{n}", f"店{n}") for n in (1, 2, 3))
    visits = kind_of(
        "visit", "activity", {"key": "shop", "type": "entry", "column": "subject", "kind": "shop"},
        {"key": "next_to", "type": "entry", "kind": "shop"},
        {"key": "seen", "type": "entry", "kind": "shop", "several": True}, number=False,
    )  # fmt: skip
    values = {"shop": double.pk, "next_to": double.pk, "seen": [third.pk, double.pk, keep.pk]}
    visit = record_activity(actor=made.system, at=AT, kind=visits, values=values, subject=double)
    assign(actor=made.system, at=AT, subject=double, path=double.path, part="lead", to=[made.posts["team"]])
    file = store(actor=made.system, at=AT, sent=Upload(b"%PDF-1.4 x", "x.pdf"))
    attach(actor=made.system, at=AT, subject=double, file=file, part="document")
    assert merge(made, keep, double) == 5
    visit.refresh_from_db()
    assert (visit.subject_id, visit.fields["next_to"], visit.fields["seen"]) == (keep.pk, keep.pk, [third.pk, keep.pk])
    assert Assignment.objects.get(subject_type="registers.entry", post=made.posts["team"]).subject_id == keep.pk
    assert Attachment.objects.get().subject_id == keep.pk
    double.refresh_from_db()
    assert (double.stage, double.merged_into_id, double.ended_because) == ("merged", keep.pk, "同一家店")
    assert Activity.objects.get(pk=visit.pk).revision > 1
    verbs = JournalEntry.objects.filter(verb="registers.entry.merge").values_list("subject_id", flat=True)
    assert set(verbs) == {keep.pk, double.pk}
    assert verify(made.place.pk).sound


def test_the_kept_entry_takes_what_it_does_not_say_and_what_is_chosen(made: Office, shops: Kind) -> None:
    keep = put(made, shops, "S1", "店", floor=1)
    double = put(made, shops, "S2", "店名", floor=2, phone="13812345678")
    merge(made, keep, double, take=["name"])
    keep.refresh_from_db()
    phone = shops.by_key["phone"]
    assert (keep.title, keep.fields["floor"]) == ("店名", 1)
    assert phone.restored(keep.fields["phone"]) == "13812345678"


def test_a_sheet_with_the_doubles_number_still_finds_the_kept_entry(made: Office, shops: Kind) -> None:
    keep, double = put(made, shops, "S1", "店"), put(made, shops, "S2", "店")
    merge(made, keep, double, take=["code"])
    keep.refresh_from_db()
    assert keep.business_key == "S2"
    again = put(made, shops, "S1", "店改名")
    assert (again.pk, again.title, again.business_key) == (keep.pk, "店改名", "S2")
    assert Entry.objects.filter(kind=shops, stage="open").count() == 1


def test_the_double_counts_nowhere(made: Office) -> None:
    enterprises = Kind.objects.get(key="enterprise")
    base = {"sector": "retail", "status": "ordinary", "place": made.places["示例社区01"].pk}
    keep, double = (put(made, enterprises, code, "示例企业", **base) for code in ("E1", "E2"))
    actor = made.actor("secretary")
    merge(made, keep, double)
    found = parse({}, enterprises, at=AT, actor=actor).apply(Entry.objects.visible_to(actor))
    assert [e.pk for e in found] == [keep.pk]
    kept = parse({"stage": "merged"}, enterprises, at=AT, actor=actor).apply(Entry.objects.visible_to(actor))
    assert [e.pk for e in kept] == [double.pk]


def test_the_double_is_chosen_by_nobody_any_more(made: Office, shops: Kind) -> None:
    keep, double = put(made, shops, "S1", "同名店"), put(made, shops, "S2", "同名店")
    merge(made, keep, double)
    near = shops.by_key["name"]
    by_name = replace(near, type="entry", kind="shop", column="")
    assert resolve_entry("同名店", by_name, made.actor("section")) == keep.pk
    assert [o[:2] for o in options_of(by_name, made.actor("section"))] == [(f"#{keep.pk}", str(keep))]


def test_a_chain_of_merges_ends_at_one_entry(made: Office, shops: Kind) -> None:
    first, second, third = (put(made, shops, f"S{n}", "店") for n in (1, 2, 3))
    merge(made, second, third)
    merge(made, first, second)
    third.refresh_from_db()
    assert third.merged_into_id == first.pk


def test_what_is_not_the_same_is_refused(made: Office, shops: Kind) -> None:
    one, two = put(made, shops, "S1", "店"), put(made, shops, "S2", "店")
    other = put(made, kind_of("yard"), "Y1", "院")
    for keep, double in ((one, one), (one, other)):
        with pytest.raises(Invalid):
            merge(made, keep, double)
    with pytest.raises(Invalid):
        merge(made, one, two, reason=" ")
    with pytest.raises(Refused):
        merge(made, one, two, actor=made.actor("grid"))
    Entry.objects.filter(pk=two.pk).update(subject=one)
    two.refresh_from_db()
    with pytest.raises(Invalid):
        merge(made, one, two)
    projects = [project(made, code).entry for code in ("X01", "X02")]
    with pytest.raises(Invalid):
        merge(made, *projects)
    assert not Entry.objects.filter(stage="merged").exists()


def test_who_is_slower_is_told(made: Office, shops: Kind) -> None:
    keep, double = put(made, shops, "S1", "店"), put(made, shops, "S2", "店")
    stale = Entry.objects.select_related("kind").get(pk=double.pk)
    correct_entry(actor=made.system, at=AT, entry=double, values={"floor": 3})
    with pytest.raises(Conflict):
        merge(made, keep, stale)
    merge(made, keep, double)
    with pytest.raises(Conflict):
        merge(made, keep, double)


def test_doubles_are_suggested_the_surest_first(made: Office, shops: Kind) -> None:
    code = "91350100M000100Y43"
    a = put(made, shops, "S-001", "紫荆路老王饭店有限公司", credit=code)
    b = put(made, shops, "K7", "完全别的名字", credit=code)
    c = put(made, shops, "Ｓ１", "别的店", phone="13812345678")
    d = put(made, shops, "K9", "紫荆路 老王饭店")
    e = put(made, shops, "K8", "再一家", phone="13812345678")
    put(made, shops, "K10", "独一家")
    found = [(p.first, p.second) for p in likely_doubles(made.actor("section"), shops)]
    assert found == [(a.pk, b.pk), (c.pk, e.pk), (a.pk, c.pk), (a.pk, d.pk)]
    merge(made, a, b)
    assert (a.pk, b.pk) not in [(p.first, p.second) for p in likely_doubles(made.actor("section"), shops)]
    assert likely_doubles(made.actor("community2"), shops) == []


def test_names_and_numbers_are_compared_without_what_differs_by_habit() -> None:
    assert plain_name("（紫荆）老王 饭店·有限公司") == plain_name("紫荆老王饭店")
    assert plain_name("有限公司") == "有限公司"
    assert plain_number("ＱＹ－001") == plain_number("qy1") != plain_number("qy10")


def test_the_pages_compare_merge_and_lead_on(made: Office, shops: Kind) -> None:
    keep, double = put(made, shops, "S1", "店", floor=1), put(made, shops, "S2", "店", floor=2)
    section = signed_in(made, "section")
    assert f"/records/register/{keep.pk}/merge/{double.pk}/" in section.get("/list/shop/doubles/").content.decode()
    address = f"/records/register/{keep.pk}/merge/{double.pk}/"
    assert 'name="take.floor"' in section.get(address).content.decode()
    without = section.post(address, form(**{"take.floor": "second"}))
    assert without.status_code == 422 and "checked" in without.content.decode()
    sent = form(**{"take.floor": "second", "reason": "同一家"})
    for _again in range(2):
        assert section.post(address, sent).status_code == 302
    keep.refresh_from_db()
    assert keep.fields["floor"] == 2
    led = section.get(f"/records/register/{double.pk}/")
    assert (led.status_code, led["Location"]) == (302, f"/records/register/{keep.pk}/")
    assert "同一家" in section.get(f"/records/register/{double.pk}/?own=1").content.decode()
    page = section.get(f"/records/register/{keep.pk}/").content.decode()
    assert f"/records/register/{double.pk}/?own=1" in page
    assert signed_in(made, "secretary").get(address).status_code == 200
    assert signed_in(made, "leader").get(address).status_code == 403
    assert signed_in(made, "community2").get(address).status_code == 404


def test_out_of_use_with_a_reason_and_back(made: Office, shops: Kind) -> None:
    entry = put(made, shops, "S1", "店")
    section, address = signed_in(made, "section"), f"/records/register/{entry.pk}/retire/"
    assert section.post(address, form(reason="")).status_code == 422
    assert section.post(address, form(reason="关门歇业")).status_code == 302
    assert "关门歇业" in section.get(f"/records/register/{entry.pk}/").content.decode()
    assert "关门歇业" not in str(list(JournalEntry.objects.values_list("changes", flat=True)))
    with pytest.raises(Conflict):
        retire_entry(actor=made.system, at=AT, entry=entry, reason="再次")
    assert section.post(address, form(do="restore")).status_code == 302
    entry.refresh_from_db()
    assert (entry.stage, entry.closed_at, entry.ended_because) == ("open", None, "")
    with pytest.raises(Conflict):
        restore_entry(actor=made.system, at=AT, entry=entry)


def test_a_file_is_added_from_the_page_of_a_record(made: Office, shops: Kind) -> None:

    entry = put(made, shops, "S1", "店")
    address = f"/records/register/{entry.pk}/file/"
    section = signed_in(made, "section")
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")
    assert section.post(address, form(part="document", file=file)).status_code == 302
    assert section.post(address, form(part="document")).status_code == 422
    assert Attachment.objects.filter(subject_id=entry.pk).count() == 1
    file.seek(0)
    assert signed_in(made, "leader").post(address, form(part="document", file=file)).status_code in {403, 422}
    assert Attachment.objects.count() == 1


def test_the_api_enters_corrects_and_retires_with_personal_values_masked(made: Office, shops: Kind) -> None:
    section, body = api(made, "section"), {"client_id": str(new_id()), "values": {"code": "A1", "name": "店"}}
    body["values"]["phone"] = "138 1234 5678"
    first, again = section.post("lists/shop", body), section.post("lists/shop", body)
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.json()["values"]["phone"] == "138****5678" and b"13812345678" not in first.content
    address = f"records/register/{first.json()['id']}"
    corrected = section.patch(address, {"values": {"floor": "3"}, "seen": 1})
    assert (corrected.status_code, corrected.json()["values"]["floor"]) == (200, 3)
    assert section.patch(address, {"values": {"floor": "4"}, "seen": 1}).status_code == 409
    assert section.patch(address, {"values": {"none": "4"}}).status_code == 422
    assert section.post(f"{address}/retire", {"reason": " "}).status_code == 422
    assert section.post(f"{address}/retire", {"reason": "关门"}).json()["stage"] == "retired"
    assert section.patch(address, {"values": {"floor": "5"}}).status_code == 409
    assert section.post("lists/blocker", body).status_code == 404
