"""Editions: said in words before, done after, refused where something in use would be lost."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.office import FOUNDED, MONDAY, blocker, moment, office, project
from zijing.core.errors import Refused, Several
from zijing.figures.models import Figure
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.packs.intake import record
from zijing.packs.models import Adoption, Applied
from zijing.people.access import system_actor
from zijing.people.actions import put_posts, put_units
from zijing.people.models import Post, Role, Unit
from zijing.places.actions import found_office
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
EARLIER = Path(__file__).parent / "editions"


@pytest.fixture
def folder(tmp_path):
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def drop_field(path: Path, key: str) -> None:
    text = path.read_text(encoding="utf-8")
    start = text.index(f'[[fields]]\nkey = "{key}"')
    end = text.find("[[fields]]", start + 1)
    path.write_text(text[:start] + (text[end:] if end > 0 else ""), encoding="utf-8")


def drop_lines(path: Path, prefix: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith(prefix)), encoding="utf-8")


def said(pack) -> str:
    with translation.override("en"):
        return "\n".join(map(str, diff(pack)))


def refused(made, pack) -> str:
    standing = list(Kind.objects.order_by("pk").values()), Adoption.objects.count(), JournalEntry.objects.count()
    with translation.override("en"), pytest.raises(Several) as caught:
        apply(at=FOUNDED, pack=pack, offices=[made.place])
    with translation.override("en"):
        text = str(caught.value)
    assert standing == (
        list(Kind.objects.order_by("pk").values()),
        Adoption.objects.count(),
        JournalEntry.objects.count(),
    )
    return text


def issue(made, **values):
    raw = {"what": "占道", "class": "dust", "place": f"#{made.places['第一网格'].pk}", **values}
    return record(actor=made.actor("grid"), at=moment(MONDAY), kind=Kind.objects.get(key="issue"), values=raw)


class TestInWords:
    def test_fields_choices_limits_and_names(self, folder):
        office()
        kind = folder / "base/kinds/issue.toml"
        edit(kind, 'title = { zh = "一般问题", en = "Issue" }', 'title = { zh = "日常问题", en = "Problem" }')
        edit(kind, "amount = 5", "amount = 3")
        edit(kind, 'zh = "扬尘油烟", en = "dust and fume"', 'zh = "扬尘", en = "dust"')
        edit(kind, '  { key = "appearance", zh = "市容环境", en = "street appearance" },\n', "")
        edit(kind, "max_length = 120", "max_length = 100")
        drop_field(kind, "spot")
        edit(kind, 'position = "spot"\n', "")
        kind.write_text(
            kind.read_text() + '\n[[fields]]\nkey = "floor"\ntype = "integer"\ntitle = { zh = "楼层", en = "Floor" }\n'
        )
        lines = said(loader.load(folder / "base")).splitlines()
        name = "kind “Problem” (issue): "
        assert f"~ {name}renamed: 一般问题 / Issue → 日常问题 / Problem" in lines
        assert f"+ {name}field “Floor” (floor) added" in lines
        assert f"− {name}field “Position” (spot) removed" in lines
        assert f"~ {name}field “Class” (class): choice “dust and fume” renamed “dust”" in lines
        assert f"− {name}field “Class” (class): choice “street appearance” (appearance) removed" in lines
        assert f"~ {name}field “What is wrong” (what): greatest length changed" in lines
        assert f"~ {name}field “Photo” (photo): where a photo was taken changed" in lines
        assert any(x.startswith(f"~ {name}limit: 5 ") and "→ 3 " in x for x in lines)
        assert len(lines) == 8

    def test_a_figures_new_sentence_is_a_new_version(self, folder):
        made = office()
        edit(folder / "base/figures.csv", "Open issues whose deadline has passed.", "Issues past their deadline.")
        pack = loader.load(folder / "base")
        assert said(pack) == "~ figure “Overdue issues” (issues.overdue): sentence changed → version 2"
        apply(at=FOUNDED, pack=pack, offices=[made.place, made.county])
        assert Figure.objects.get(key="issues.overdue").version == 2

    def test_roles_and_rhythms(self, folder):
        made = office()
        edit(folder / "project-drive/roles.csv", "cases.supervise projects.consequence", "cases.void")
        edit(folder / "project-drive/rhythms.csv", "25,09:00", "20,09:00")
        pack = loader.load(folder / "project-drive")
        with translation.override("en"):
            lines = [str(c) for c in diff(pack, [made.place])]
        assert lines == [
            "+ role “Leader in charge” (leader): may now: cases.void",
            "− role “Leader in charge” (leader): may no longer: cases.supervise projects.consequence",
            "~ rhythm “Monthly inspection on site” (monthly-inspection): day changed",
        ]
        apply(at=FOUNDED, pack=pack, offices=[made.place])
        assert diff(pack, [made.place]) == []

    def test_in_chinese(self, folder):
        office()
        edit(folder / "base/kinds/issue.toml", "amount = 5", "amount = 3")
        with translation.override("zh-hans"):
            [line] = map(str, diff(loader.load(folder / "base")))
        assert line == "~ 类型“一般问题”（issue）：时限：5 个工作日 → 3 个工作日"


class TestWhatIsInUse:
    def test_a_field_with_values_says_how_many_and_an_example(self, folder):
        made = office()
        project(made, "X07", owner="示例企业")
        project(made, "X08", owner="示例企业")
        drop_field(folder / "project-drive/kinds/project.toml", "owner")
        text = refused(made, loader.load(folder / "project-drive"))
        assert "“Owner” (owner)" in text and "2 records" in text and "X07" in text

    def test_a_field_without_values_goes(self, folder):
        made = office()
        project(made)
        drop_field(folder / "project-drive/kinds/project.toml", "note")
        pack = loader.load(folder / "project-drive")
        apply(at=FOUNDED, pack=pack, offices=[made.place])
        assert "note" not in Kind.objects.get(key="project").by_key and diff(pack) == []

    def test_a_field_in_a_column(self, folder):
        made = office()
        project(made)
        drop_field(folder / "project-drive/kinds/project.toml", "investment")
        drop_lines(folder / "project-drive/figures.csv", "projects.investment")
        assert "investment" in refused(made, loader.load(folder / "project-drive"))

    def test_a_choice_that_was_chosen(self, folder):
        made = office()
        issue(made)
        kind = folder / "base/kinds/issue.toml"
        edit(kind, '  { key = "dust", zh = "扬尘油烟", en = "dust and fume" },\n', "")
        assert "1 records" in (text := refused(made, loader.load(folder / "base"))) and "dust and fume" in text

    def test_a_choice_that_was_not(self, folder):
        made = office()
        issue(made, **{"class": "safety"})
        edit(folder / "base/kinds/issue.toml", '  { key = "dust", zh = "扬尘油烟", en = "dust and fume" },\n', "")
        apply(at=FOUNDED, pack=loader.load(folder / "base"), offices=[made.place])
        assert "dust" not in dict(Kind.objects.get(key="issue").by_key["class"].options)

    def test_a_type_that_changes(self, folder):
        made = office()
        project(made, owner="示例企业")
        edit(
            folder / "project-drive/kinds/project.toml",
            'key = "owner"\ntype = "text"',
            'key = "owner"\ntype = "integer"',
        )
        edit(folder / "project-drive/kinds/project.toml", 'max_length = 80\naliases = ["业主"', 'aliases = ["业主"')
        text = refused(made, loader.load(folder / "project-drive"))
        assert "the type of the field “Owner” (owner)" in text

    def test_a_kind_with_records_and_one_without(self, folder):
        made = office()
        x01 = project(made)
        blocker(made, x01)
        for key in ("blocker", "finding"):
            (folder / f"project-drive/kinds/{key}.toml").unlink()
            drop_lines(folder / "project-drive/figures.csv", f"{key}s.")
            rail = folder / "project-drive/rail.csv"
            rail.write_text("".join(x for x in rail.read_text().splitlines(True) if f"list:{key}" not in x))
        text = refused(made, loader.load(folder / "project-drive"))
        assert "项目堵点" in text or "Blocker" in text
        assert "Inspection finding" not in text
        shutil.copy(
            Path(settings.PACKS) / "project-drive/kinds/blocker.toml", folder / "project-drive/kinds/blocker.toml"
        )
        apply(at=FOUNDED, pack=loader.load(folder / "project-drive"), offices=[made.place])
        assert not Kind.objects.filter(key="finding").exists()
        assert not Figure.objects.filter(key__startswith="findings.").exists()

    def test_a_role_with_posts(self, folder):
        made = office()
        drop_lines(folder / "project-drive/roles.csv", "team,")
        rail = folder / "project-drive/rail.csv"
        rows = [x for x in rail.read_text().splitlines(True) if not x.startswith("team,")]
        rail.write_text("".join(x.replace(" team", "") for x in rows))
        text = refused(made, loader.load(folder / "project-drive"))
        assert "2 posts" in text and "P-team" in text

    def test_a_rhythm_goes_with_its_pack(self, folder):
        made = office()
        drop_lines(folder / "project-drive/rhythms.csv", "monthly-inspection")
        apply(at=FOUNDED, pack=loader.load(folder / "project-drive"), offices=[made.place])
        assert set(Rhythm.objects.values_list("key", flat=True)) == {"daily-report", "replanning", "weekly-ranking"}


class TestWhoAndWhere:
    def test_each_office_notes_it_in_its_own_journal(self):
        made = office()
        noted = JournalEntry.objects.filter(verb="packs.apply")
        for place, count in ((made.county, 2), (made.place, 2)):
            assert noted.filter(office=place.pk).count() == count and verify(place.pk).sound
        again = loader.load(Path(settings.PACKS) / "base")
        assert apply(at=FOUNDED, pack=again, offices=[made.place, made.county]) == []
        assert noted.count() == 4

    def test_an_administrator_applies_in_the_own_name(self, folder):
        made = office()
        edit(folder / "project-drive/rhythms.csv", "25,09:00", "20,09:00")
        actor = made.actor("system_admin")
        apply(actor=actor, at=moment(MONDAY), pack=loader.load(folder / "project-drive"), offices=[made.place])
        last = JournalEntry.objects.filter(verb="packs.apply").latest("pk")
        assert (last.post, last.office) == (actor.post_id, made.place.pk)

    @pytest.mark.parametrize("role", ["secretary", "section", "security_admin", "grid"])
    def test_nobody_else_does(self, role):
        made = office()
        with pytest.raises(Refused):
            apply(
                actor=made.actor(role),
                at=FOUNDED,
                pack=loader.load(Path(settings.PACKS) / "base"),
                offices=[made.place],
            )

    def test_what_another_office_works_with_too_is_not_changed_from_beside_it(self, folder):
        made = office()
        edit(folder / "base/kinds/issue.toml", "amount = 5", "amount = 3")
        with pytest.raises(Refused, match="巩义市"):
            apply(actor=made.actor("system_admin"), at=FOUNDED, pack=loader.load(folder / "base"), offices=[made.place])
        assert Kind.objects.get(key="issue").definition["limit"]["amount"] == 5


def test_from_the_first_edition_to_this_one_with_data_in_place():
    """An office that worked with base 2020.1: nothing it entered is lost, and its administrator stays one."""
    place = found_office(code="410181005000", name="紫荆路街道", at=FOUNDED)
    system = system_actor(place, "test")
    apply(at=FOUNDED, pack=loader.load(EARLIER / "base"), offices=[place])
    put_units(actor=system, at=FOUNDED, rows=[{"code": "U", "name": "党政办", "kind": "section", "place": place}])
    unit = Unit.objects.get(code="U")
    put_posts(
        actor=system, at=FOUNDED,
        rows=[{"code": "A", "title": "管理员", "unit": unit, "role": "admin", "place": place, "since": FOUNDED.date()}],
    )  # fmt: skip
    kind = Kind.objects.get(key="enterprise")
    values = {"code": "Q1", "name": "示例工贸", "sector": "工业", "status": "四上", "place": f"#{place.pk}"}
    before = record(actor=system, at=FOUNDED, kind=kind, values=values)
    pack = loader.load(Path(settings.PACKS) / "base")
    with translation.override("en"):
        words = [str(c) for c in apply(at=moment(MONDAY), pack=pack, offices=[place])]
    assert "~ role “System administrator” (system_admin): was “admin” until now" in words
    assert Post.objects.get(code="A").role.key == "system_admin" and not Role.objects.filter(key="admin").exists()
    after = Entry.objects.get(pk=before.pk)
    assert (after.business_key, after.title, after.fields) == ("Q1", "示例工贸", before.fields)
    assert Applied.objects.get(key="base").edition == pack.spec.edition
    assert diff(pack) == [] and apply(at=moment(MONDAY), pack=pack, offices=[place]) == []
    assert verify(place.pk).sound and Place.objects.offices().count() == 1


class TestSeveralAndPersonal:
    """Values kept as lists, and values kept sealed."""

    @pytest.fixture
    def packs(self, tmp_path):
        shutil.copytree(settings.PACKS, tmp_path / "packs")
        return tmp_path / "packs"

    @pytest.fixture
    def made(self, packs):
        place = office()
        for key in ("hazards", "compounds"):
            apply(at=FOUNDED, pack=loader.load(packs / key), offices=[place.place])
        return place

    def test_one_of_several_chosen_values_stays(self, packs, made):
        values = {"date": FOUNDED.date(), "departments": "消防、城管", "matter": "违规住人", "result": "停业停产"}
        record(actor=made.system, at=FOUNDED, kind=Kind.objects.get(key="joint-action"), values=values)
        edit(
            packs / "hazards/kinds/joint-action.toml", '  { key = "city", zh = "城管", en = "city management" },\n', ""
        )
        edit(packs / "hazards/kinds/joint-action.toml", '"消防", "市场监管", "城管"', '"消防", "市场监管"')
        assert "city management" in (text := refused(made, loader.load(packs / "hazards"))) and "1 records" in text

    def test_one_that_nobody_chose_goes(self, packs, made):
        values = {"date": FOUNDED.date(), "departments": "消防", "matter": "违规住人", "result": "停业停产"}
        record(actor=made.system, at=FOUNDED, kind=Kind.objects.get(key="joint-action"), values=values)
        edit(packs / "hazards/kinds/joint-action.toml", '  { key = "power", zh = "供电", en = "power company" },\n', "")
        apply(at=FOUNDED, pack=loader.load(packs / "hazards"), offices=[made.place])
        assert "power" not in dict(Kind.objects.get(key="joint-action").by_key["departments"].options)

    def test_a_personal_field_in_use_neither_goes_nor_is_told(self, packs, made):
        kinds = {k.key: k for k in Kind.objects.all()}
        where = {"code": "LY-1", "name": "示例院", "place": "示例社区01", "managed": "三无", "state": "未治理"}
        record(actor=made.system, at=FOUNDED, kind=kinds["compound"], values=where)
        chief = {
            "code": "SZ-1",
            "duty": "楼院长",
            "level": "楼院长",
            "compound": "LY-1",
            "vacant": "否",
            "phone": "13912345678",
        }
        record(actor=made.system, at=FOUNDED, kind=kinds["compound-chief"], values=chief)
        path = packs / "compounds/kinds/compound-chief.toml"
        edit(path, 'key = "phone"\ntype = "phone"\ntitle = { zh = "联系电话", en = "Telephone" }\npersonal = true',
             'key = "phone"\ntype = "phone"\ntitle = { zh = "联系电话", en = "Telephone" }\npersonal = false')  # fmt: skip
        text = refused(made, loader.load(packs / "compounds"))
        assert "whether it is personal" in text and "SZ-1" in text and "13912345678" not in text
