"""What acts tell of a restricted record: imports, lists kept, merges, reviews, the journal, packs."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.architecture.test_restricted_kinds import NAME, NUMBER, PLANTED, cells
from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, project
from tests.factories.sheets import workbook
from tests.web.visiting import form, signed_in
from zijing.commitments.actions import publish_review, state
from zijing.core.errors import Several
from zijing.journal.models import JournalEntry
from zijing.packs import loader
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.records.models import Kind, Record
from zijing.registers.actions import put_entries
from zijing.registers.merging import merge_entries

pytestmark = pytest.mark.django_db
SHEET = [
    ("企业编号", "企业名称", "行业", "状态", "所在区划"),
    (NUMBER, "别家", "零售", "四上", "示例社区01"),
    ("Q2", "乙商店", "零售", "培育", "第一网格"),
]


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Office:
    settings.DATA = tmp_path
    return office(packs=("mediation",))


REFUSED = f"“{PLANTED['enterprise']['code']}” cannot be used here. Take another number."


def secret(made: Office, key: str) -> Record:
    """A record of a kind that is restricted from then on, entered by the software itself."""
    kind = Kind.objects.get(key=key)
    Kind.objects.filter(pk=kind.pk).update(restricted=True)
    kind.refresh_from_db()
    return record(actor=made.system, at=moment(MONDAY), kind=kind, values=PLANTED[key])


def journal() -> str:
    return str(list(JournalEntry.objects.values_list("changes", flat=True)))


def test_an_import_refuses_the_number_and_tells_nothing_else(made: Office) -> None:
    secret(made, "enterprise")
    client = signed_in(made, "section")
    sent = {"step": "upload", "file": SimpleUploadedFile("a.xlsx", workbook(SHEET))}
    preview = client.get(client.post("/import/enterprise/", sent)["Location"])
    shown = preview.content.decode()
    assert preview.status_code == 422
    assert REFUSED in shown and "in use" not in shown and NAME not in shown
    marked = {"step": "marked", "file": preview.wsgi_request.GET["file"]}
    returned = client.post("/import/enterprise/", marked)
    assert NAME.encode() not in cells(returned.getvalue())
    made_by_hand = client.post("/new/enterprise/", form(**{**PLANTED["enterprise"], "name": "别家"}))
    refused = made_by_hand.content.decode()
    assert made_by_hand.status_code == 422 and NAME not in refused
    assert REFUSED in refused and "in use" not in refused


def test_a_kept_list_and_its_filter_do_not_name_it(made: Office) -> None:
    project(made)
    hidden = secret(made, "enterprise")
    client = signed_in(made, "secretary")
    client.post(f"/list/inspection/views/?subject={hidden.pk}", form(title="单", shared="yes"))
    pages = [client.get(f"/list/inspection/?subject={hidden.pk}"), client.get("/list/inspection/")]
    assert [p.status_code for p in pages] == [200, 200]
    assert not any(NAME in p.content.decode() for p in pages)


def test_a_merge_moves_what_its_maker_may_not_see_and_does_not_count_it(made: Office) -> None:
    rows = [{"code": f"E{n}", "name": "一家店", "place": made.places["示例社区01"].pk} for n in (1, 2)]
    kind = Kind.objects.get(key="enterprise")
    keep, double = (
        p.record for p in put_entries(actor=made.system, at=moment(MONDAY), kind=kind, rows=rows, place=made.place)
    )
    project(made)
    hidden = secret(made, "inspection")
    type(hidden).objects.filter(pk=hidden.pk).update(subject=double, fields={})
    moved = merge_entries(actor=made.actor("section"), at=moment(MONDAY), keep=keep, double=double, reason="同一家")
    hidden.refresh_from_db()
    assert (hidden.subject_id, moved) == (keep.pk, 0)  # type: ignore[attr-defined]
    told = JournalEntry.objects.get(verb="registers.entry.merge", subject_id=keep.pk).changes
    assert told["moved"] == [None, 0]


def test_a_review_does_not_publish_it_and_the_journal_does_not_know_its_value(made: Office) -> None:
    hidden = secret(made, "indicator")
    state(
        actor=made.system, at=moment(MONDAY), commitment=hidden, period=MONDAY, value=77123, status="actual"  # type: ignore[arg-type]
    )  # fmt: skip
    review = publish_review(actor=made.system, at=moment(MONDAY), office=made.place)
    assert review.values["lines"] == []
    assert "77123" not in journal()


@pytest.mark.parametrize("key", PLANTED)
def test_the_journal_has_neither_number_nor_value(made: Office, key: str) -> None:
    target = project(made)
    hidden = secret(made, key)
    told = list(JournalEntry.objects.filter(subject_type=hidden._meta.label_lower, subject_id=hidden.pk))
    assert told
    assert {name for e in told for name in e.changes} <= {"stage", "place_id", "unit_id"}
    assert target.entry.business_key in journal(), "of other kinds it has"


def folder_of_packs(tmp_path: Path, *keys: str) -> Path:
    for key in keys:
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / "packs" / key)
    return tmp_path / "packs"


def restrict(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('\nkey = "', '\nrestricted = true\nkey = "', 1), encoding="utf-8")


def test_a_kind_that_names_a_restricted_one_is_restricted_too(made: Office, tmp_path: Path) -> None:
    kinds = folder_of_packs(tmp_path, "base", "project-drive") / "project-drive" / "kinds"
    restrict(kinds / "project.toml")
    with pytest.raises(Several, match=r"kinds/blocker.toml:\d+ \[fields.\d+.kind\]") as caught:
        loader.load(kinds.parent)
    for path in kinds.glob("*.toml"):
        if f"kinds/{path.name}" in str(caught.value):
            restrict(path)
    assert loader.load(kinds.parent)


def test_a_kind_does_not_become_restricted_while_another_pack_shows_its_names(made: Office, tmp_path: Path) -> None:
    folder = folder_of_packs(tmp_path, "base")
    kind, visit = Kind.objects.get(key="enterprise"), Kind.objects.get(key="inspection")
    changed = {
        **visit.definition,
        "fields": [{**f, "kind": kind.key} if f.get("kind") else f for f in visit.definition["fields"]],
    }
    Kind.objects.filter(pk=visit.pk).update(definition=changed)
    restrict(folder / "base" / "kinds" / "enterprise.toml")
    with pytest.raises(Several, match="inspection"):
        apply(at=FOUNDED, pack=loader.load(folder / "base"), offices=[made.place])


def test_what_a_pack_would_lose_is_not_named(made: Office, tmp_path: Path) -> None:
    folder = folder_of_packs(tmp_path, "base")
    secret(made, "enterprise")
    restrict(folder / "base" / "kinds" / "enterprise.toml")
    path = folder / "base" / "kinds" / "enterprise.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('key = "retail"', 'key = "shops"'), encoding="utf-8")
    with pytest.raises(Several) as caught:
        apply(at=FOUNDED, pack=loader.load(folder / "base"), offices=[made.place])
    assert NAME not in str(caught.value) and NUMBER not in str(caught.value)
