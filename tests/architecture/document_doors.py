"""Who may open the pages of documents."""

import uuid
from datetime import date

from tests.architecture.doors import Door, sent
from tests.factories.office import MONDAY, Office, moment
from zijing.documents.actions import Wanted, check, draft, issue, sign, submit
from zijing.documents.models import Template

AT = moment(MONDAY, 12)
SPOKEN = {"since": date(2020, 8, 1), "until": date(2020, 8, 31)}


def documented(made: Office) -> dict[str, int]:
    """A form, a draft of it, and a document issued to the section; their ids."""
    form = Template.objects.create(
        key="doors", title_zh="通知", title_en="Notice", sort="notice", heading_zh="关于检查的通知", pack="test",
        text_zh="堵点{{新增堵点|可为零}}。", word="门", reply_days=3,
    )  # fmt: skip
    asked = {"at": AT, "template": form, "place": made.place, **SPOKEN}
    drafted = draft(actor=made.actor("section"), client_id=uuid.uuid4(), **asked)
    units = Wanted(recipients=[made.posts["section"].unit])
    issued = draft(actor=made.actor("section"), client_id=uuid.uuid4(), wanted=units, **asked)
    submit(actor=made.actor("section"), at=AT, document=issued, seen=issued.revision)
    check(actor=made.actor("leader"), at=AT, document=issued)
    sign(actor=made.actor("secretary"), at=AT, document=issued)
    issue(actor=made.actor("section"), at=AT, document=issued)
    return {"form": form.pk, "drafted": drafted.pk, "issued": issued.pk}


NEW = sent(template="0", period="month")
EDITED = sent(seen="1", title="关于检查的通知", text="改过。", reply_days="3")
PAGES: dict[str, Door] = {
    "documents": Door("/documents/", elsewhere=200),
    "document-new": Door("/documents/new/", "section", 422, "grid", elsewhere=422, body=NEW),
    "document-templates": Door("/documents/templates/", "section", refused="grid", elsewhere=200),
    "document-template": Door("/documents/templates/{form}/", "section", refused="grid", elsewhere=200),
    "document-template-file": Door("/documents/templates/{form}/file/", "section", refused="grid", elsewhere=200),
    "document": Door("/documents/{issued}/", "section", refused="team", refusal=404, elsewhere=404),
    "document-change": Door(
        "/documents/{drafted}/change/", "section", 302, "grid", 404, elsewhere=404, body=EDITED
    ),
    "document-step": Door(
        "/documents/{drafted}/step/", "section", 302, "grid", 404, elsewhere=404, body=sent(do="submit", seen="1")
    ),
    "document-file": Door("/documents/{issued}/file/docx/", "section", refused="team", refusal=404, elsewhere=404),
    "document-answer": Door(
        "/documents/{issued}/answer/", "section", 302, "team", 404, elsewhere=404, body=sent(do="receive")
    ),
    "document-number": Door("/documents/{issued}/numbers/1/", "section", refused="team", refusal=404, elsewhere=404),
}  # fmt: skip

BEGUN = sent(form="doors", since="2020-08-01", until="2020-08-31")
CALLS: dict[str, Door] = {
    "GET documents": Door("documents", elsewhere=200),
    "POST documents": Door("documents", "section", 201, "grid", elsewhere=201, body=BEGUN),
    "GET document-forms": Door("document-forms", "section", refused="grid", elsewhere=200),
    "GET documents/{id}": Door("documents/{issued}", "section", refused="team", refusal=404, elsewhere=404),
    "PATCH documents/{id}": Door(
        "documents/{drafted}", "section", 200, "grid", 404, elsewhere=404, body=sent(seen=1, note="改过")
    ),
    "GET documents/{id}/numbers/{order}": Door(
        "documents/{issued}/numbers/1", "section", refused="team", refusal=404, elsewhere=404
    ),
    "GET documents/{id}/files/{form}": Door(
        "documents/{issued}/files/docx", "section", refused="team", refusal=404, elsewhere=404
    ),
    "POST documents/{id}/{verb}": Door(
        "documents/{drafted}/submit", "section", 200, "grid", 404, elsewhere=404, body=sent(seen=1)
    ),
}  # fmt: skip
