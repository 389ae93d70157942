"""works.csv: what a template of works may say, and what is found wrong with it before it is applied."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from zijing.core.errors import Several
from zijing.packs import loader

HEAD = "template,order,work,work_zh,work_en,stage,part,days,days_per_floor,days_per_flat,crew,after,halted_by\n"
ROW = "housing,{n},{work},{work}工,{work},{stage},building,{days},0,0,{crew},{after},{halted}\n"


@pytest.fixture
def folder(tmp_path):
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    return tmp_path / "project-drive"


def faults(folder: Path, *rows: dict[str, object]) -> str:
    usual = {"stage": "structure", "days": 5, "crew": "", "after": "", "halted": ""}
    text = HEAD + "".join(ROW.format(n=n, **(usual | row)) for n, row in enumerate(rows, 1))
    (folder / "works.csv").write_text(text, encoding="utf-8")
    with translation.override("en"), pytest.raises(Several) as refused:
        loader.load(folder)
    return str(refused.value)


@pytest.mark.parametrize(
    "rows, said",
    [
        ([{"work": "a", "days": -3}], "works.csv:2 [days]"),
        ([{"work": "a", "stage": "nowhere"}], "housing/nowhere"),
        ([{"work": "a", "crew": "magicians"}], "magicians"),
        ([{"work": "a", "halted": "moonlight"}], "moonlight"),
        ([{"work": "a", "after": "b"}], "waits for “b”"),
        ([{"work": "a", "after": "b"}, {"work": "b", "after": "a"}], "circle"),
        ([{"work": "a"}, {"work": "a"}], "stands twice"),
        ([{"work": "a", "after": "b:-2"}], "works.csv:2 [after"),
    ],
)
def test_what_is_wrong_is_named_by_row(folder, rows, said):
    assert said in faults(folder, *rows)


def test_the_works_of_the_repository_are_sound():
    pack = loader.load(Path(settings.PACKS) / "project-drive")
    assert {w.template for w in pack.works} == {s.template for s in pack.stages}
    assert next(w for w in pack.works if w.template == "housing" and w.work == "facade").links == {"masonry": 5}
