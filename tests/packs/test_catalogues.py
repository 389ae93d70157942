"""Catalogues of classes: a table beside the kind, checked line by line, compared class by class."""

import csv
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.office import FOUNDED, MONDAY, moment, office
from zijing.core.errors import Several
from zijing.packs import loader
from zijing.packs.actions import apply, diff
from zijing.packs.intake import record
from zijing.records.models import Kind

KEY = "city-cases"


@pytest.fixture
def folder(tmp_path):
    for key in ("base", KEY):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    return tmp_path


@pytest.fixture
def table(folder):
    return folder / KEY / "catalogues/city-2021.csv"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(table: Path, key: str) -> int:
    return 1 + next(n for n, x in enumerate(table.read_text("utf-8").splitlines()) if x.startswith(f"{key},"))


def faults(folder) -> str:
    with translation.override("en"), pytest.raises(Several) as caught:
        loader.load(folder / KEY)
    return str(caught.value)


def said(folder) -> list[str]:
    with translation.override("en"):
        return [str(line).partition("field “Class” (class): ")[2] for line in diff(loader.load(folder / KEY))]


class TestTheCatalogueOfTheCity:
    @pytest.fixture
    def classes(self):
        kind = next(k for k in loader.load(Path(settings.PACKS) / KEY).kinds if k.key == "city-case")
        return {c.zh: c for f in kind.fields for c in f.choices if f.key == "class"}

    @pytest.mark.parametrize(
        ("title", "amount", "clock"),
        [
            ("上水井盖缺失", 2, "continuous_hours"), ("上水井盖破损", 4, "office_hours"),
            ("上水井盖与路面不平", 5, "working_days"), ("私搭乱建（已建成）", 15, "calendar_days"),
            ("路面塌陷", 2, "continuous_hours"), ("道路积水", 2, "continuous_hours"),
            ("暴露生活垃圾", 4, "office_hours"), ("工地扬尘", 2, "office_hours"), ("非法小广告", 1, "working_days"),
        ],
    )  # fmt: skip
    def test_limits_of_the_citys_standard(self, classes, title, amount, clock):
        limit = classes[title].limit
        assert (limit.amount, limit.clock) == (amount, clock) and classes[title].condition and classes[title].remedy

    def test_codes_of_the_standard(self, classes):
        codes = {"雨水箅子": "0104", "路灯": "0137", "户外健身设施": "0146", "公共厕所": "0301", "垃圾箱": "0305",
                 "行道树": "0402", "露天烧烤": "0129", "渣土车未密闭": "0311", "店外经营": "0405", "占用消防通道": "0696"}  # fmt: skip
        assert {title: classes[title].code for title in codes} == codes

    def test_the_streets_own_count_down_from_99(self, classes):
        own = ["安全隐患", "消防通道", "扬尘油烟", "污水河道", "楼院设施", "违法建设", "居民诉求", "企业诉求", "矛盾纠纷",
               "项目堵点", "拆迁安置", "创建发现问题"]  # fmt: skip
        assert [classes[title].code for title in own] == [
            "9999", "9998", "9899", "9898", "9799", "9798", "9699", "9698", "9697", "9599", "9598", "9499",
        ]  # fmt: skip
        assert all(classes[title].limit and classes[title].source == "本街道" for title in own)

    def test_every_row_says_where_it_comes_from_and_a_photo_why(self, classes):
        assert all(c.source for c in classes.values())
        assert all("照片" in c.remedy for c in classes.values() if c.photos)


class TestFaults:
    def test_a_parent_stands_above(self, folder, table):
        edit(table, "c0101-step,c0101,", "c0101-step,c0199,")
        assert f"{KEY}/catalogues/city-2021.csv:{line_of(table, 'c0101-step')} [parent]" in (text := faults(folder))
        assert "c0199" in text

    def test_a_key_twice(self, folder, table):
        edit(table, "c0137,c01,0137", "c0104,c01,0137")
        assert f":{line_of(table, 'c0104') + 1} [key]: “c0104” stands twice." in faults(folder)

    @pytest.mark.parametrize("code", ["137", "1037", "0104"])
    def test_a_code_that_lost_its_zero_or_is_anothers(self, folder, table, code):
        edit(table, "c0137,c01,0137", f"c0137,c01,{code}")
        assert f":{line_of(table, 'c0137')} [code]" in faults(folder)

    @pytest.mark.parametrize(
        ("old", "new", "column"),
        [
            (",2,continuous_hours,,after,GB/T 30428.2；立案处置结案标准（运城市）\nc0101-broken", ",2,,,,\nc0101-broken", ""),
            ("2,continuous_hours,,after,GB/T 30428.2；立案处置结案标准（运城市）\nc0101-broken", "2,hours,,,\nc0101-broken", "clock"),
            ("4,office_hours,,,GB/T 30428.2；立案处置结案标准（运城市）\nc0101-step", "0,office_hours,,,\nc0101-step", "amount"),
            (",,before after,", ",,sideways,", "photos"),
            ("clock,receiver", "clock,who", "receiver"),
        ],
    )  # fmt: skip
    def test_a_cell_that_cannot_be(self, folder, table, old, new, column):
        edit(table, old, new)
        assert f" [{column}" if column else "a limit has an amount and a clock" in faults(folder)

    def test_the_table_must_be_there_and_be_a_table(self, folder, table):
        (table.parent / "notes.txt").write_text("x")
        table.rename(table.with_name("city-2020.csv"))
        text = faults(folder)
        assert "there is no catalogues/city-2021.csv" in text and "catalogues/notes.txt" in text

    def test_choices_or_a_catalogue(self, folder):
        edit(folder / KEY / "kinds/city-case.toml", 'catalogue = "city-2021"', 'catalogue = "city-2021"\nchoices = [{ key = "a", zh = "a", en = "a" }]')  # fmt: skip
        assert "a field has choices or a catalogue" in faults(folder)

    @pytest.mark.parametrize(
        ("old", "new", "text"),
        [
            ("several", "several = true", "only where one is chosen"),
            ('type = "tree"', 'type = "choice"', "belongs to a tree"),
            ('limit = { amount = 5, clock = "working_days" }\n', "", "say with “limit” of the kind"),
            ('noun = "case"', 'noun = "register"', "only cases have a limit"),
        ],
    )
    def test_what_a_class_may_carry_and_where(self, folder, old, new, text):
        path = folder / KEY / "kinds/city-case.toml"
        if old == "several":
            edit(path, 'catalogue = "city-2021"', f'catalogue = "city-2021"\n{new}')
        else:
            edit(path, old, new)
        assert text in faults(folder)


@pytest.mark.django_db
class TestEditions:
    @pytest.fixture
    def made(self, folder):
        place = office()
        apply(at=FOUNDED, pack=loader.load(folder / KEY), offices=[place.place])
        assert said(folder) == []
        return place

    def test_what_changes_of_a_class_is_said_in_words(self, made, folder, table):
        edit(table, "清理干净,4,office_hours", "清理干净,1,working_days")
        edit(
            table,
            "抢修；附处置后照片，凭以确认危险已除,2,continuous_hours,,after",
            "抢修,2,continuous_hours,county_bureau,",
        )
        edit(table, "扬尘油烟,dust and fume", "油烟扬尘,fume and dust")
        assert said(folder) == [
            "choice “uncollected household waste”: limit 4 office hours → 1 working day",
            "choice “road collapse”: photos after → none",
            "choice “road collapse”: who receives it none → county_bureau",
            "choice “road collapse”: what is to be done changed",
            "choice “dust and fume” renamed “fume and dust”",
        ]
        apply(at=FOUNDED, pack=loader.load(folder / KEY), offices=[made.place])
        assert said(folder) == []

    def test_a_new_edition_of_the_catalogue_keeps_what_is_the_same(self, made, folder, table):
        table.rename(table.with_name("city-2022.csv"))
        edit(folder / KEY / "kinds/city-case.toml", "city-2021", "city-2022")
        assert said(folder) == ["catalogue changed"]

    def test_a_class_in_use_stays(self, made, folder, table):
        place = made.places["示例社区01"]
        values = {"what": "健身器材断了", "class": "户外健身设施", "place": f"#{place.pk}"}
        record(actor=made.system, at=moment(MONDAY), kind=Kind.objects.get(key="city-case"), values=values)
        rows = [row for row in csv.reader(table.open(encoding="utf-8")) if row[0] not in {"c0146", "c0137"}]
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        with translation.override("zh-hans"), pytest.raises(Several) as caught:
            apply(at=FOUNDED, pack=loader.load(folder / KEY), offices=[made.place])
        text = str(caught.value)
        assert "户外健身设施" in text and "健身器材断了" in text and "路灯" not in text
