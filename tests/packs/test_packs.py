"""Packs: what is wrong is named by file, row and column; applying twice changes nothing; nothing in use is lost."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.office import FOUNDED, office, project
from zijing.core.errors import Missing, Several
from zijing.outbox.models import Rhythm
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.places.models import Place
from zijing.records.models import Kind


@pytest.fixture
def folder(tmp_path):
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    return tmp_path


def faults(folder, key="project-drive") -> str:
    with pytest.raises(Several) as caught:
        loader.load(folder / key)
    return str(caught.value)


@pytest.mark.parametrize("key", ["base", "project-drive"])
def test_the_packs_of_the_repository_are_sound(key):
    assert loader.load(loader.find(Path(settings.PACKS), key)).kinds


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


class TestFaults:
    def test_an_unknown_key_is_refused_with_its_file_and_name(self, folder):
        edit(folder / "project-drive/kinds/blocker.toml", 'key = "blocker"', 'key = "blocker"\nlimits = 3')
        assert "project-drive/kinds/blocker.toml:3 [limits]" in faults(folder)

    def test_an_unknown_key_of_a_field_names_the_field(self, folder):
        edit(folder / "project-drive/kinds/blocker.toml", "required = true", "requierd = true")
        assert "fields.0.requierd" in faults(folder)

    def test_a_wrong_cell_names_its_row_and_column(self, folder):
        edit(folder / "project-drive/rhythms.csv", "week,7", "week,8")
        assert "project-drive/rhythms.csv:3" in faults(folder)

    def test_an_unknown_column_is_refused(self, folder):
        edit(folder / "project-drive/roles.csv", "sight,day,verbs", "sight,day,verbs,colour")
        edit(folder / "project-drive/roles.csv", "demo.advance\n", "demo.advance,red\n")
        assert "project-drive/roles.csv:2 [colour]" in faults(folder)

    def test_weights_that_are_no_whole(self, folder):
        edit(folder / "project-drive/stage_templates.csv", "Foundation,15", "Foundation,16")
        assert "101" in faults(folder)

    def test_an_unknown_task(self, folder):
        edit(folder / "project-drive/rhythms.csv", "projects.weekly_ranking", "projects.weekly_party")
        assert "projects.weekly_party" in faults(folder)

    def test_an_unknown_filter_of_a_figure(self, folder):
        edit(folder / "project-drive/figures.csv", "overdue=yes", "late=yes")
        assert "late" in faults(folder)

    @pytest.mark.parametrize("text", ["key = ", "\x00", "key = 'x'\nkey = 'y'", ""])
    def test_a_broken_file(self, folder, text):
        (folder / "project-drive/pack.toml").write_text(text)
        assert "project-drive/pack.toml" in faults(folder)

    def test_a_file_that_belongs_to_no_pack(self, folder):
        (folder / "project-drive/workflow.py").write_text("import os")
        assert "workflow.py" in faults(folder)

    def test_a_photo_must_say_why(self, folder):
        edit(folder / "project-drive/kinds/finding.toml", "why = {", "help = {")
        with translation.override("en"):
            assert "must say why" in faults(folder)

    def test_every_fault_is_listed_not_only_the_first(self, folder):
        edit(folder / "project-drive/rhythms.csv", "week,7", "week,8")
        edit(folder / "project-drive/kinds/blocker.toml", "required = true", "requierd = true")
        assert len(faults(folder).splitlines()) == 2

    @pytest.mark.parametrize("key", ["nonsense", "../base", "", "base/kinds"])
    def test_a_pack_that_is_not_there(self, key):
        with pytest.raises(Missing):
            loader.find(Path(settings.PACKS), key)


@pytest.mark.django_db
class TestApplying:
    def test_again_changes_nothing(self):
        office()
        offices = Place.objects.offices()
        for key in ("base", "project-drive"):
            pack = loader.load(Path(settings.PACKS) / key)
            assert diff(pack) == []
            assert apply(at=FOUNDED, pack=pack, offices=offices) == []

    def test_a_changed_title_is_said_before_and_done_after(self, folder):
        made = office()
        edit(folder / "base/kinds/issue.toml", "一般问题", "日常问题")
        pack = loader.load(folder / "base")
        assert [line for line in diff(pack) if "issue" in str(line)]
        apply(at=FOUNDED, pack=pack, offices=[made.place])
        assert Kind.objects.get(key="issue").title_zh == "日常问题"

    def test_changes_read_well_in_chinese(self, folder):
        office()
        edit(folder / "project-drive/stage_templates.csv", "基础施工,Foundation,15", "基础,Foundation,15")
        edit(folder / "project-drive/ranking.toml", "green_points = -2", "green_points = -3")
        edit(folder / "project-drive/ranking.toml", "naming_last = 3", "naming_last = 4")
        with translation.override("zh-hans"):
            assert [str(line) for line in diff(loader.load(folder / "project-drive"))] == [
                "~ 项目节点“基础”（housing/1）：名称有变化",
                "~ 排榜规则（project-drive）：绿灯界限、末位点名数有变化",
            ]

    def test_a_field_in_use_is_not_dropped(self, folder):
        made = office()
        project(made, owner="示例企业")
        text = (folder / "project-drive/kinds/project.toml").read_text(encoding="utf-8")
        start = text.index('[[fields]]\nkey = "owner"')
        end = text.index("[[fields]]", start + 1)
        (folder / "project-drive/kinds/project.toml").write_text(text[:start] + text[end:], encoding="utf-8")
        pack = loader.load(folder / "project-drive")
        with pytest.raises(Several, match="owner"):
            apply(at=FOUNDED, pack=pack, offices=[made.place])
        assert "owner" in Kind.objects.get(key="project").by_key

    def test_what_it_requires_comes_first(self):
        from zijing.places.actions import found_office

        place = found_office(code="410181005000", name="x", at=FOUNDED)
        with pytest.raises(Several, match="base"):
            apply(at=FOUNDED, pack=loader.load(Path(settings.PACKS) / "project-drive"), offices=[place])

    def test_rhythms_stand_in_the_office_and_not_in_the_county_above_it(self):
        made = office()
        assert Rhythm.objects.filter(office=made.place).count() == 4
        assert not Rhythm.objects.filter(office=made.county).exists()
