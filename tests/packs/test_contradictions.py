"""What a pack says against itself, its requirements, and the packs that are applied: named, and nothing is changed."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.office import FOUNDED, office
from zijing.core.errors import Several
from zijing.journal.models import JournalEntry
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.packs.models import Applied
from zijing.records.models import Kind


@pytest.fixture
def folder(tmp_path):
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(path: Path, line: str) -> int:
    """Append a line; returns its number."""
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + line + "\n", encoding="utf-8")
    return len(path.read_text(encoding="utf-8").splitlines())


def faults(folder, key="project-drive") -> str:
    with pytest.raises(Several) as caught:
        loader.load(folder / key)
    return str(caught.value)


FIGURE = "{key},题,Title,句,Sentence,{kind},{filter},{measure},{of},,个,0,{measures},科,2020-01-01"


def figure(**columns) -> str:
    default = {"key": "x.y", "kind": "blocker", "filter": "", "measure": "count", "of": "", "measures": "outcome"}
    return FIGURE.format(**default | columns)


class TestOneFolder:
    def test_an_entry_of_an_unknown_kind(self, folder):
        edit(folder / "project-drive/kinds/finding.toml", 'kind = "project"', 'kind = "projekt"')
        assert "kinds/finding.toml:12 [fields.0.kind]" in (said := faults(folder)) and "projekt" in said

    def test_an_entry_of_something_that_is_no_register(self, folder):
        edit(folder / "project-drive/kinds/finding.toml", 'kind = "project"', 'kind = "blocker"')
        assert "fields.0.kind" in (said := faults(folder)) and "blocker" in said

    @pytest.mark.parametrize(
        ("columns", "column", "word"),
        [
            ({"filter": "f.colour=red"}, "filter", "colour"),
            ({"filter": "f.class=moon"}, "filter", "moon"),
            ({"filter": "stage=finished"}, "filter", "finished"),
            ({"filter": "open=perhaps"}, "filter", "yes"),
            ({"filter": "deadline=2020-01-01"}, "filter", "deadline"),
            ({"filter": "place=7"}, "filter", "place"),
            ({"filter": "f.project=7"}, "filter", "f.project"),
            ({"filter": "late=yes"}, "filter", "late"),
            ({"filter": "happened=someday"}, "filter", "someday"),
            ({"kind": "bloker"}, "kind", "bloker"),
            ({"kind": "", "measure": "share", "of": "blockers.open/blockers.all"}, "of", "blockers.all"),
            ({"measure": "sum", "of": "quantity"}, "of", "quantity"),
            ({"measures": "effort"}, "sentence_zh", "duty rule"),
        ],
    )
    def test_a_figure_that_could_not_be_counted(self, folder, columns, column, word):
        line = add(folder / "project-drive/figures.csv", figure(**columns))
        with translation.override("en"):
            said = faults(folder)
        assert f"project-drive/figures.csv:{line} [{column}]" in said and word in said

    def test_a_share_of_a_figure_of_a_required_pack(self, folder):
        add(folder / "project-drive/figures.csv", figure(kind="", measure="share", of="issues.open/blockers.open"))
        assert loader.load(folder / "project-drive")

    def test_figures_in_a_circle(self, folder):
        table = folder / "project-drive/figures.csv"
        add(table, figure(key="a.a", kind="", measure="share", of="b.b/blockers.open"))
        line = add(table, figure(key="b.b", kind="", measure="share", of="blockers.open/a.a"))
        said = faults(folder)
        assert "a.a → b.b → a.a" in said and f"figures.csv:{line} [of]" in said

    def test_a_role_that_grants_what_nobody_asks_for(self, folder):
        edit(folder / "project-drive/roles.csv", "projects.correct", "projects.correkt")
        assert "project-drive/roles.csv:3 [verbs]" in (said := faults(folder)) and "projects.correkt" in said

    @pytest.mark.parametrize(
        ("old", "new", "word"),
        [
            ('business_key = "code"', 'business_key = "number"', "number"),
            ('column = "business_key"\n', "", "business_key"),
        ],
    )
    def test_a_business_key_that_is_no_field(self, folder, old, new, word):
        edit(folder / "base/kinds/enterprise.toml", old, new)
        assert word in faults(folder, "base")

    def test_a_stage_template_with_two_names_or_a_stage_twice(self, folder):
        edit(
            folder / "project-drive/stage_templates.csv",
            "housing,保障房,Resettlement housing,2,structure",
            "housing,安置房,Resettlement housing,2,foundation",
        )
        said = faults(folder)
        assert "stage_templates.csv:3 [template_zh]" in said and "stage_templates.csv:3 [stage]" in said

    def test_a_navigation_to_a_kind_nobody_defines(self, folder):
        line = add(folder / "project-drive/rail.csv", "team,9,list:moon,月,Moon,flag")
        assert f"rail.csv:{line} [to]" in faults(folder)

    def test_a_kind_under_the_name_of_another(self, folder):
        shutil.copy(folder / "base/kinds/issue.toml", folder / "base/kinds/issues.toml")
        assert "issue" in faults(folder, "base")

    def test_an_example_must_fit_its_fields(self, folder):
        kind = folder / "base/kinds/enterprise.toml"
        add(
            kind,
            '[[examples]]\ncode = "Q1"\nname = "示例工贸"\nsector = "moon"\nstatus = "四上"\nplace = "x"\ncolour = "red"',
        )
        said = faults(folder, "base")
        assert "examples.0.sector" in said and "examples.0.colour" in said and len(said.splitlines()) == 2

    def test_an_example_lacks_what_is_needed(self, folder):
        add(
            folder / "base/kinds/enterprise.toml",
            '[[examples]]\ncode = "Q1"\nsector = "工业"\nstatus = "四上"\nplace = "x"',
        )
        assert "examples.0.name" in faults(folder, "base")

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_in_words_of_both_languages(self, folder, language):
        edit(folder / "project-drive/rhythms.csv", "18:00", "six")
        with translation.override(language):
            said = faults(folder)
        assert ("时间" in said or "时刻" in said) if language == "zh-hans" else "18:00" in said


class TestBetweenFolders:
    @pytest.mark.parametrize(
        ("file", "line"),
        [
            ("roles.csv", "secretary,书记,Secretary,office,,figures.read"),
            ("figures.csv", figure(key="issues.open")),
        ],
    )
    def test_a_key_of_a_required_pack(self, folder, file, line):
        if file == "roles.csv":
            line = "secretary,书记,Secretary,office,leading,figures.read"
        add(folder / "project-drive" / file, line)
        assert "“base”" in faults(folder)

    def test_a_kind_of_a_required_pack(self, folder):
        shutil.copy(folder / "base/kinds/issue.toml", folder / "project-drive/kinds/issue.toml")
        assert "“base”" in (said := faults(folder)) and "issue" in said

    def test_requirements_in_a_circle(self, folder):
        edit(folder / "base/pack.toml", "requires = []", 'requires = ["project-drive"]')
        assert "project-drive → base → project-drive" in faults(folder)

    def test_an_edition_that_is_not_there_yet(self, folder):
        edit(folder / "project-drive/pack.toml", '["base"]', '["base>=2099.1"]')
        assert "2099.1" in faults(folder)

    def test_editions_are_numbers(self, folder):
        edit(folder / "base/pack.toml", '"2021.1"', '"2021.10"')
        edit(folder / "project-drive/pack.toml", '["base"]', '["base>=2021.9"]')
        assert loader.load(folder / "project-drive")

    def test_a_required_pack_that_has_faults_or_is_nowhere(self, folder):
        edit(folder / "project-drive/pack.toml", '["base"]', '["base", "moon"]')
        edit(folder / "base/roles.csv", "cases.*", "cases.everything")
        said = faults(folder)
        assert "moon" in said and "cases.everything" in said


@pytest.mark.django_db
class TestAgainstWhatIsApplied:
    @pytest.fixture
    def stranger(self, folder):
        """A pack that requires nothing and gives a name that an applied pack gives already."""
        made = folder / "stranger"
        (made / "kinds").mkdir(parents=True)
        (made / "pack.toml").write_text(
            'key = "stranger"\nedition = "2021.1"\ntitle = {zh = "客", en = "Stranger"}\nsummary = {zh = "客", en = "Stranger"}\n'
        )
        return made

    def refused(self, made, folder) -> str:
        before = list(Kind.objects.order_by("pk").values()), JournalEntry.objects.count()
        with pytest.raises(Several) as caught:
            apply(at=FOUNDED, pack=loader.load(folder), offices=[made.place])
        assert before == (list(Kind.objects.order_by("pk").values()), JournalEntry.objects.count())
        assert not Applied.objects.filter(key="stranger").exists()
        return str(caught.value)

    @pytest.mark.parametrize("file", ["kinds/blocker.toml", "roles.csv", "figures.csv", "rhythms.csv"])
    def test_two_packs_that_give_the_same_name(self, folder, stranger, file):
        made = office()
        lines = {
            "kinds/blocker.toml": 'noun = "register"\nkey = "blocker"\nedition = "2021.1"\ntitle = {zh = "堵", en = "B"}\nfields = []',
            "roles.csv": "key,title_zh,title_en,sight,verbs\nteam,队,Team,office,cases.file",
            "figures.csv": "key,title_zh,title_en,sentence_zh,sentence_en,kind,filter,measure,of,time,unit,decimals,measures,owner,since\n"
            + figure(key="blockers.open", kind="own"),
            "rhythms.csv": "key,task,every,on,at,title_zh,title_en\ndaily-report,projects.weekly_ranking,week,1,08:00,周,Week",
        }
        (stranger / file).write_text(lines[file], encoding="utf-8")
        if file == "figures.csv":
            (stranger / "kinds/own.toml").write_text(
                'noun = "register"\nkey = "own"\nedition = "2021.1"\ntitle = {zh = "自", en = "O"}\nfields = []'
            )
        said = self.refused(made, stranger)
        assert "project-drive" in said and "stranger" in said

    def test_a_requirement_applied_in_too_old_an_edition(self, folder):
        made = office()
        Applied.objects.filter(key="base").update(edition="2020.1")
        edit(folder / "project-drive/pack.toml", '["base"]', '["base>=2021.1"]')
        assert "2020.1" in self.refused(made, folder / "project-drive")

    def test_a_step_back(self, folder):
        made = office()
        edit(folder / "base/pack.toml", '"2021.1"', '"2020.9"')
        assert "2020.9" in self.refused(made, folder / "base")

    def test_a_figure_of_another_pack_keeps_what_it_counts(self, folder):
        made = office()
        add(folder / "project-drive/figures.csv", figure(key="issues.dust", kind="issue", filter="f.class=dust"))
        apply(at=FOUNDED, pack=loader.load(folder / "project-drive"), offices=[made.place])
        edit(folder / "base/kinds/issue.toml", '  { key = "dust", zh = "扬尘油烟", en = "dust and fume" },\n', "")
        said = self.refused(made, folder / "base")
        assert "issues.dust" in said and "project-drive" in said

    def test_a_kind_that_another_packs_field_names(self, folder, stranger):
        made = office()
        edit(stranger / "pack.toml", "edition", 'requires = ["project-drive"]\nedition')
        (stranger / "kinds/own.toml").write_text(
            'noun = "register"\nkey = "own"\nedition = "2021.1"\ntitle = {zh = "自", en = "O"}\n[[fields]]\nkey = "house"\n'
            'type = "entry"\nkind = "building"\ntitle = {zh = "楼", en = "House"}\n'
        )
        apply(at=FOUNDED, pack=loader.load(stranger), offices=[made.place])
        (folder / "project-drive/kinds/building.toml").unlink()
        table = folder / "project-drive/figures.csv"
        table.write_text("".join(x for x in table.read_text().splitlines(True) if not x.startswith("buildings.")))
        with pytest.raises(Several, match="own"):
            apply(at=FOUNDED, pack=loader.load(folder / "project-drive"), offices=[made.place])
        assert diff(loader.load(Path(settings.PACKS) / "project-drive")) == []
