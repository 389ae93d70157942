"""A planted citizen id and telephone number: shown on request with a reason, found nowhere else."""

import io
import logging
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.factories import office as offices
from tests.factories.calls import api
from tests.factories.office import MONDAY, moment
from tests.factories.sheets import workbook
from tests.web.visiting import form, signed_in
from zijing.core.errors import Invalid, Missing, Refused, Several
from zijing.journal.chain import export, verify
from zijing.packs import intake
from zijing.packs.entering import enter
from zijing.packs.intake import correct
from zijing.packs.kinds import KindSpec
from zijing.records import sheets
from zijing.records.filters import parse
from zijing.records.models import Kind, Look
from zijing.records.personal import looks_at, reveal
from zijing.registers.models import Entry

AT = moment(MONDAY, 10)
CITIZEN, PHONE, ALIAS = "11010519491231002X", "13812345678", "欧阳示例"
PLANTED = (CITIZEN, PHONE, ALIAS)
WORDS = {"zh": "字段", "en": "Field"}
WHY = {"zh": "发放津贴需要核对", "en": "To pay an allowance to the right person"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    made = offices.office()
    fields = [
        {
            "key": "code",
            "type": "text",
            "column": "business_key",
            "required": True,
            "title": {"zh": "编号", "en": "Number"},
        },
        {"key": "name", "type": "text", "column": "title", "title": {"zh": "称呼", "en": "Name"}},
        {"key": "citizen", "type": "citizen_id", "title": {"zh": "证件号", "en": "Citizen id"}, "why": WHY},
        {"key": "phone", "type": "phone", "title": {"zh": "电话", "en": "Phone"}, "why": WHY},
        {"key": "alias", "type": "text", "personal": True, "title": {"zh": "姓名", "en": "Full name"}, "why": WHY},
    ]
    spec = KindSpec.model_validate(
        {
            "noun": "register",
            "key": "helped",
            "edition": "2020.1",
            "title": WORDS,
            "business_key": "code",
            "fields": fields,
        }
    )
    definition = spec.model_dump(exclude_none=True, by_alias=True, exclude={"noun", "key", "edition", "title"})
    Kind.objects.create(
        noun="register", key="helped", title_zh="帮扶", title_en="Helped", pack="t", edition="1", definition=definition
    )
    return made


def kind():
    return Kind.objects.get(key="helped")


def values(code="H1", **more):
    return {"code": code, "name": "一户", "citizen": CITIZEN, "phone": "138 1234 5678", "alias": ALIAS, **more}


def planted(made, **more):
    return enter(actor=made.actor("section"), at=AT, kind=kind(), values=values(**more), uploads={})


def everything_stored():
    """Every value of every table as text, and every file of the data folder as bytes."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                yield model._meta.label, " ".join(map(repr, row))
    for path in Path(settings.DATA).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content.decode("utf-8", "replace") + content.decode("utf-16-le", "replace")


def found_in(stored):
    return [(where, word) for where, text in stored for word in PLANTED if word in text]


def test_what_was_planted_by_form_api_and_sheet_is_stored_nowhere(made, caplog):
    caplog.set_level(logging.DEBUG)
    page = signed_in(made, "section").post("/new/helped/", form(**values("H1")))
    assert page.status_code == 302, page.content.decode()
    book = workbook([["编号", "称呼", "证件号", "电话", "姓名"], ["H2", "二户", CITIZEN, PHONE, ALIAS]])
    target = intake.target("helped", made.actor("section"))
    result = sheets.bring_in(target=target, actor=made.actor("section"), at=AT, source=io.BytesIO(book))
    assert result.landed, result.errors
    wrong = signed_in(made, "section").post("/new/helped/", form(**values("H3", citizen=CITIZEN[:-1] + "1")))
    assert wrong.status_code == 422
    assert Entry.objects.filter(kind__key="helped").count() == 2
    assert found_in(everything_stored()) == []
    out = io.StringIO()
    export(made.place.pk, out)
    assert not any(word in out.getvalue() for word in PLANTED)
    own = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert not any(word in line for line in own for word in PLANTED)


def test_everywhere_else_it_is_masked(made):
    entry = planted(made)
    for role in ("secretary", "section", "community"):
        client = signed_in(made, role)
        for address in ("/list/helped/", f"/records/register/{entry.pk}/"):
            text = client.get(address).content.decode()
            assert not any(word in text for word in PLANTED), (role, address)
    text = signed_in(made, "section").get(f"/records/register/{entry.pk}/").content.decode()
    assert "138****5678" in text and "1101**********002X" in text and "欧***" in text
    told = api(made, "section").get(f"records/register/{entry.pk}").json()
    assert told["values"]["phone"] == told["shown"]["phone"] == "138****5678"
    edited = signed_in(made, "section").get(f"/records/register/{entry.pk}/edit/").content.decode()
    assert "138****5678" in edited and PHONE not in edited


def test_a_look_needs_a_right_and_a_reason_and_is_kept(made):
    entry = planted(made)
    address = f"/records/register/{entry.pk}/look/"
    section = signed_in(made, "section")
    without = section.post(address, {"field": "phone", "reason": " "})
    assert (without.status_code, PHONE in without.content.decode()) == (422, False)
    shown = section.post(address, {"field": "phone", "reason": "核对发放名单"})
    assert PHONE in shown.content.decode() and CITIZEN not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert section.get(address).status_code == 405
    assert signed_in(made, "secretary").post(address, {"field": "phone", "reason": "看看"}).status_code == 403
    assert signed_in(made, "team").post(address, {"field": "phone", "reason": "看看"}).status_code in {403, 404}
    [look] = looks_at(entry)
    assert (look.post, look.fields, look.reason) == (made.posts["section"], ["phone"], "核对发放名单")
    page = signed_in(made, "secretary").get(f"/records/register/{entry.pk}/").content.decode()
    assert "核对发放名单" in page
    assert verify(made.place.pk).sound


def test_the_log_of_looks_is_only_added_to(made):
    entry, actor = planted(made), made.actor("section")
    reveal(actor=actor, at=AT, record=entry, keys=["citizen", "alias"], reason="核对")
    for change in (Look.objects.all().delete, lambda: Look.objects.update(reason="别的")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    with pytest.raises(Missing):
        reveal(actor=actor, at=AT, record=entry, keys=["name", "nothing"], reason="核对")
    with pytest.raises(Refused):
        reveal(actor=made.actor("grid"), at=AT, record=entry, keys=["phone"], reason="核对")
    with pytest.raises(Invalid):
        reveal(actor=actor, at=AT, record=entry, keys=["phone"], reason="")
    assert Look.objects.count() == 1


def test_a_correction_keeps_what_is_not_written_anew(made):
    entry = planted(made)
    client = signed_in(made, "section")
    address, sealed = f"/records/register/{entry.pk}/edit/", entry.fields["phone"]
    blank = {"code": "H1", "name": "一户改", "citizen": "", "phone": "", "alias": "", "seen": "1"}
    assert client.post(address, form(**blank)).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.fields["phone"]) == ("一户改", sealed)
    assert correct(actor=made.system, at=AT, record=entry, values={"phone": PHONE}) is False, "the same number again"
    entry.refresh_from_db()
    assert client.post(address, form(**blank | {"phone.remove": "yes", "seen": "2"})).status_code == 302
    entry.refresh_from_db()
    assert "phone" not in entry.fields and "citizen" in entry.fields


def test_a_refusal_repeats_nothing_personal(made):
    almost = CITIZEN[:-1] + "9"
    with pytest.raises(Several) as refused:
        planted(made, citizen=almost, phone="138123456", alias="长" * 600)
    told = str(refused.value)
    assert almost not in told and "138123456" not in told and "长长" not in told
    assert {e.field for e in refused.value.errors} == {"citizen", "phone", "alias"}


def test_nobody_searches_a_list_for_a_person(made):
    planted(made)
    filtering = parse({"f.phone": PHONE}, kind(), at=AT, actor=made.actor("secretary"))
    assert filtering.errors and PHONE not in str(filtering.errors[0])


def test_importing_the_sheet_again_changes_nothing(made):
    actor = made.actor("section")
    book = workbook([["编号", "称呼", "证件号", "电话", "姓名"], ["H2", "二户", CITIZEN, PHONE, ALIAS]])
    for expected in ("created", "same"):
        result = sheets.bring_in(target=intake.target("helped", actor), actor=actor, at=AT, source=io.BytesIO(book))
        assert result.outcomes == [expected]
