"""The templates of the repository's packs: every placeholder is understood, in both languages."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from tests.documents.test_composing import AT
from tests.factories.office import office
from zijing.core.errors import Several
from zijing.documents.answers import Setting
from zijing.documents.composing import understand
from zijing.documents.layout.attendance import parted
from zijing.documents.models import Template
from zijing.documents.reading import text_of
from zijing.documents.source import Official, Paragraph, Run
from zijing.documents.words import nothing_said
from zijing.packs import loader

PACKS = ("targets", "hazards", "documents")


@pytest.mark.django_db
def test_every_template_of_the_packs_is_understood_in_both_languages():
    made = office(packs=PACKS)
    setting = Setting(
        made.system,
        AT,
        made.place,
        made.place,
        date(2020, 9, 1),
        date(2020, 9, 30),
        nothing_said(),
    )
    templates = list(Template.objects.all())
    for template in templates:
        for language in ("zh-hans", "en"):
            understand(template.text(language), setting)
            understand(template.heading(language), setting)
    assert {t.key for t in templates} >= {
        "weekly-bulletin", "supervision-notice", "monthly-assessment", "inspection-feedback", "accountability-notice",
        "minutes", "request", "official-reply", "leaders-brief",
    }  # fmt: skip


def test_every_form_has_an_english_text_too():
    for key in loader.available(Path(settings.PACKS)):
        pack = loader.load(loader.find(Path(settings.PACKS), key))
        assert {f"{d.key}.en" for d in pack.documents} <= set(pack.texts)


@pytest.mark.parametrize(
    "key, language, labels",
    [
        ("minutes", "zh-hans", ["出席：", "请假：", "列席：", "记录："]),
        ("minutes.en", "en", ["Present:", "Absent:", "Attending:", "Recorder:"]),
    ],
)
def test_the_form_of_minutes_ends_with_who_was_there(key, language, labels):
    text = text_of((Path(settings.PACKS) / "documents" / "documents" / f"{key}.docx").read_bytes())
    lines = tuple(Paragraph((Run(line),)) for line in text.splitlines())
    body, attendance = parted(Official(layout="minutes", title="纪要", body=lines, language=language))
    assert [one.label for one in attendance] == labels
    assert body == lines[: -len(labels)]


def test_a_form_without_its_text_and_a_text_without_its_form_are_faults(tmp_path):
    folder = tmp_path / "documents"
    shutil.copytree(Path(settings.PACKS) / "documents", folder)
    (folder / "documents" / "minutes.docx").rename(folder / "documents" / "stray.docx")
    with pytest.raises(Several) as refused:
        loader.load(folder)
    assert "stray.docx" in str(refused.value) and "minutes.docx" in str(refused.value)
    (folder / "documents" / "request.docx").write_bytes(b"no docx")
    with pytest.raises(Several, match=r"request\.docx"):
        loader.load(folder)
