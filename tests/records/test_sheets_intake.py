"""Workbooks into real ledgers: all or nothing, who is to blame, again the same, two people at once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from tests.factories.office import MONDAY, Office, moment, office, project
from tests.factories.sheets import Ledger, remarks, said, workbook
from zijing.core.errors import Invalid, Refused
from zijing.core.identifiers import new_id
from zijing.journal.models import JournalEntry, Receipt
from zijing.packs import intake
from zijing.places.models import Place
from zijing.projects.models import Building, Project, Stage
from zijing.records import sheets
from zijing.records.sheets import Options, Result
from zijing.records.sheets.outcome import TypedRow
from zijing.records.sheets.trial import land, rehearse
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划", "备注")
Q1, Q2, Q3 = (
    ("Q1", "甲公司", "工业", "四上", "示例社区01", None), ("Q2", "乙商店", "零售", "培育", "410181005201", "新"),
    ("Q3", "丙饭店", "住宿餐饮", "一般", "第一网格", ""),
)  # fmt: skip


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def imported(made: Office, rows: Any, key: str = "enterprise", role: str = "section", **more: Any) -> Result:
    actor = made.actor(role)
    options = more.pop("options", Options())
    return sheets.bring_in(
        target=intake.target(key, actor), actor=actor, at=moment(MONDAY), source=workbook(rows), options=options, **more
    )


def previewed(made: Office, rows: Any, key: str = "enterprise", role: str = "section", **more: Any) -> Result:
    actor = made.actor(role)
    return sheets.preview(
        target=intake.target(key, actor), actor=actor, at=moment(MONDAY), source=workbook(rows), **more
    )


def standing(kind: str = "enterprise") -> list[tuple[str, str]]:
    return list(Entry.objects.of_kind(kind).order_by("business_key").values_list("business_key", "title"))


def traces() -> tuple[int, int, int]:
    """How much stands in the tables an import touches."""
    return Entry.objects.count(), JournalEntry.objects.count(), Project.objects.count()


def test_rows_land_with_their_journal_entries(made: Office) -> None:
    before = JournalEntry.objects.count()
    result = imported(made, [HEAD, Q1, Q2, Q3])
    assert result.landed and result.counts == {"read": 3, "created": 3, "changed": 0, "same": 0}
    assert standing() == [("Q1", "甲公司"), ("Q2", "乙商店"), ("Q3", "丙饭店")]
    assert JournalEntry.objects.count() == before + 3
    assert Entry.objects.get(business_key="Q3").place == made.places["第一网格"]


def test_again_changes_nothing(made: Office) -> None:
    imported(made, [HEAD, Q1, Q2])
    before = traces()
    assert imported(made, [HEAD, Q1, Q2]).counts == {"read": 2, "created": 0, "changed": 0, "same": 2}
    assert traces() == before


def test_one_wrong_row_keeps_all_out(made: Office) -> None:
    before = traces()
    result = imported(made, [HEAD, Q1, ("Q2", "乙", "零售", "培育", "无此社区", None), Q3])
    assert not result.landed and traces() == before
    assert said(result) == [("E3", "“无此社区” was not found. Write its code or its full name.")]


def test_a_preview_says_exactly_what_would_happen_and_writes_nothing(made: Office) -> None:
    imported(made, [HEAD, Q1, Q2])
    before = traces()
    rows = [HEAD, Q1, ("Q2", "乙商店", "零售", "四上", "第一网格", None), Q3]
    result = previewed(made, rows)
    assert result.outcomes == ["same", "changed", "created"] and not result.landed
    assert [(c.row, c.key, c.fields) for c in result.changes] == [
        (3, "Q2", (("Status", "in cultivation", "above scale"), ("Place", "示例村02", "第一网格"), ("Note", "新", "")))
    ]
    assert traces() == before
    assert imported(made, rows).outcomes == result.outcomes


def test_columns_that_are_not_in_the_sheet_stay_as_they_are(made: Office) -> None:
    imported(made, [HEAD, Q2])
    imported(made, [HEAD[:-1], ("Q2", "乙商店改", "零售", "培育", "410181005201")])
    entry = Entry.objects.get(business_key="Q2")
    assert (entry.title, entry.fields["note"]) == ("乙商店改", "新")


def test_a_post_without_the_right_is_refused_before_anything_is_read(made: Office) -> None:
    for call in (imported, previewed):
        with pytest.raises(Refused):
            call(made, [HEAD, Q1], role="grid")
        with pytest.raises(Refused):
            call(made, [HEAD, Q1], key="place", role="section")


def test_another_offices_places_are_not_found(made: Office) -> None:
    other = office("410181006000", "别处街道")
    result = imported(other, [HEAD, ("Q1", "甲", "工业", "四上", "410181005201", None)])
    assert said(result) == [("E2", "“410181005201” was not found. Write its code or its full name.")]


def test_questions_must_be_confirmed_first(made: Office) -> None:
    rows = [HEAD, Q1, ("合计", None, None, None, None, "1家")]
    result = imported(made, rows)
    assert not result.landed and not result.errors and result.outcomes == ["created"] and not standing()
    assert imported(made, rows, options=Options(confirmed=True)).landed


def test_a_form_sent_twice_is_one_import(made: Office) -> None:
    kind = "inspection"
    actor = made.actor("section")
    target = intake.target(kind, actor)
    assert target.business_key == ""
    sent = new_id()
    ledger = Ledger(
        key="enterprise", right="registers.write", business_key="", put=intake.target("enterprise", actor).put
    )
    ledger.fields = intake.target("enterprise", actor).fields
    for _n in range(2):
        result = sheets.bring_in(
            target=ledger, actor=actor, at=moment(MONDAY), source=workbook([HEAD, Q1]), client_id=sent,
            options=Options(confirmed=True),
        )  # fmt: skip
        assert result.landed and result.counts["created"] == 1
    assert len(standing()) == 1 and Receipt.objects.count() == 1


def test_the_same_id_with_other_rows_is_refused(made: Office) -> None:
    sent = new_id()
    imported(made, [HEAD, Q1], client_id=sent)
    result = imported(made, [HEAD, Q2], client_id=sent)
    assert not result.landed and "already sent with other content" in result.errors[0].message
    assert len(standing()) == 1


def test_kinds_without_a_key_ask_first(made: Office) -> None:
    result = previewed(made, [("说明", "日期"), ("a", "2020-09-01")], key="inspection")
    assert "Rows of this kind have no key: importing them again adds them again." in [
        q.message for q in result.questions
    ]


def test_two_people_import_the_same_file(made: Office) -> None:
    first = imported(made, [HEAD, Q1, Q2], role="section")
    second = imported(made, [HEAD, Q1, Q2], role="project_office")
    assert (first.created, second.created, second.same) == (2, 0, 2) and len(standing()) == 2


def test_somebody_else_was_faster_between_reading_and_writing(made: Office) -> None:
    """The database's own constraint speaks last; it is told as a refusal, with nothing half done."""
    actor = made.actor("section")
    real = intake.target("enterprise", actor)

    def late(who: Any, at: Any, rows: Any) -> Any:
        done = real.put(who, at, rows)
        kind = Entry.objects.get(business_key="Q1").kind
        copy = Entry.objects.get(business_key="Q1")
        copy.pk = None
        copy.kind = kind
        copy.save(force_insert=True)
        return done

    before = traces()
    ledger = Ledger(fields=real.fields, put=late)
    result = sheets.bring_in(target=ledger, actor=actor, at=moment(MONDAY), source=workbook([HEAD, Q1]))
    assert not result.landed and "somebody else" in result.errors[0].message and traces() == before


# who is to blame


def rows_of(*values: dict[str, Any]) -> list[TypedRow]:
    return [TypedRow(n, v) for n, v in enumerate(values, start=2)]


def test_blame_falls_on_each_wrong_row_in_a_long_sheet(made: Office) -> None:
    actor = made.actor("section")
    real = intake.target("enterprise", actor)

    def picky(who: Any, at: Any, rows: Any) -> Any:
        for row in rows:
            if row["code"].endswith("7"):
                raise Invalid("%(code)s is unlucky", field="code", code=row["code"])
        return real.put(who, at, rows)

    place = made.places["第一网格"].pk
    rows = rows_of(*({"code": f"C{n}", "name": "x", "sector": "industry", "place": place} for n in range(40)))
    before = traces()
    found = rehearse(target=Ledger(fields=real.fields, put=picky), actor=actor, at=moment(MONDAY), rows=rows)
    assert [(n, str(e)) for n, e in found.errors] == [
        (9, "C7 is unlucky"),
        (19, "C17 is unlucky"),
        (29, "C27 is unlucky"),
        (39, "C37 is unlucky"),
    ]
    assert traces() == before


def test_landing_takes_everything_back_with_the_journal(made: Office) -> None:
    actor = made.actor("section")
    real = intake.target("enterprise", actor)

    def half(who: Any, at: Any, rows: Any) -> Any:
        real.put(who, at, rows)
        raise Invalid("too late")

    place = made.places["第一网格"].pk
    rows = rows_of({"code": "C1", "name": "x", "sector": "industry", "place": place})
    before = traces()
    with pytest.raises(Invalid):
        land(target=Ledger(put=half), actor=actor, at=moment(MONDAY), rows=rows)
    assert traces() == before


def test_a_number_the_database_cannot_keep_is_told(made: Office) -> None:
    head = ("项目编号", "项目名称", "项目类型", "所在村社区", "承诺完成日期", "总投资（亿元）")
    before = traces()
    result = imported(
        made,
        [head, ("X1", "甲", "市重点", "第一网格", "2020-12-31", "999999999999")],
        key="project",
        role="project_office",
    )
    assert not result.landed and result.errors and traces() == before


STAGES = ("节点编号", "所属项目", "节点名称", "权重", "计划开始", "计划完成")


def stages(*shares: Any, project: str = "X01") -> list[tuple[Any, ...]]:
    return [
        (f"{project}-S{n}", project, f"阶段{n}", share, date(2020, 3, n), date(2020, 4, n))
        for n, share in enumerate(shares, start=1)
    ]


def bare_project(made: Office, code: str) -> None:
    project(made, code)
    Stage.objects.filter(project__entry__business_key=code).delete()


def test_stages_that_do_not_sum_up_are_all_named_and_no_others(made: Office) -> None:
    for code in ("X01", "X02"):
        bare_project(made, code)
    rows = [STAGES, *stages(30, 70), *stages(30, 60, project="X02")]
    result = imported(made, rows, key="milestone", role="project_office")
    sentence = "The stages of “示例项目X02” weigh 90 percent together; they must make 100."
    assert said(result) == [("D4", sentence), ("D5", sentence)] and not Stage.objects.exists()
    assert imported(
        made, [STAGES, *stages(30, 70), *stages(30, "70%", project="X02")], key="milestone", role="project_office"
    ).landed


def test_one_wrong_stage_is_named_alone(made: Office) -> None:
    bare_project(made, "X01")
    rows = stages(30, 70)
    rows[1] = (*rows[1][:5], date(2020, 1, 1))
    result = imported(made, [STAGES, *rows], key="milestone", role="project_office")
    assert said(result) == [("F3", "A stage cannot end before it starts.")]


def test_buildings_of_what_is_no_project(made: Office) -> None:
    project(made, "X01")
    head = ("楼栋编号", "所属项目", "楼栋名称", "套数（套）", "封顶日期")
    result = imported(
        made,
        [head, ("B1", "X01", "1号楼", 64, "2020-02-30"), ("B2", "X09", "2号楼", 64.5, None)],
        key="building",
        role="project_office",
    )
    assert [e.where for e in result.errors] == ["E2", "B3", "D3"] and not Building.objects.exists()
    assert imported(
        made, [head, ("B1", "X01", "1号楼", 64, "2020-02-29")], key="building", role="project_office"
    ).landed


# places, units and posts


PLACES = ("名称", "区划代码", "上级代码", "层级")


def test_places_with_wrong_codes(made: Office) -> None:
    rows = [
        PLACES, ("新社区", "410181005003", "410181005000", "社区"), ("错", "41018", "410181005000", "社区"),
        ("孤", "410181005004", "410181005999", "社区"), ("三网格", "410181005003001", "410181005003", "网格"),
    ]  # fmt: skip
    before = Place.objects.count()
    result = imported(made, rows, key="place", role="system_admin")
    assert said(result) == [
        ("B3", "“41018” is no division code: 12 digits, or 15 for a grid."),
        ("C4", "There is no place with code 410181005999."),
    ]
    assert Place.objects.count() == before
    assert imported(made, [rows[0], rows[1], rows[4]], key="place", role="system_admin").created == 2
    assert imported(made, [rows[0], rows[1], rows[4]], key="place", role="system_admin").same == 2


def test_a_boundary_that_is_none_is_told_at_its_row(made: Office) -> None:
    rows = [(*PLACES, "边界"), ("新社区", "410181005003", "410181005000", "社区", "{}")]
    assert said(imported(made, rows, key="place", role="system_admin")) == [
        ("E2", "The boundary is no GeoJSON polygon (RFC 7946).")
    ]


def test_codes_that_lost_digits_are_refused_not_rounded(made: Office) -> None:
    rows = [PLACES, ("三网格", 410181005001003, "410181005001", "网格")]
    assert imported(made, rows, key="place", role="system_admin").created == 1
    assert Place.objects.with_code("410181005001003").exists()


def test_units_and_posts(made: Office) -> None:
    units = [("单位编号", "单位名称", "单位类型", "所在区划"), ("U9", "经济办", "科室", "410181005000")]
    assert imported(made, units, key="unit", role="system_admin").created == 1
    posts = [
        ("岗位编号", "岗位名称", "所属单位", "角色", "开始日期"),
        ("P9", "经济办主任", "U9", "section", "2020-01-02"),
    ]
    assert imported(made, posts, key="post", role="system_admin").created == 1
    assert imported(made, posts, key="post", role="system_admin").same == 1
    wrong = [posts[0], ("P8", "x", "U9", "emperor", "2020-01-02")]
    assert said(imported(made, wrong, key="post", role="system_admin")) == [
        ("D2", "There is no role “emperor”. Apply the pack that defines it first.")
    ]


# costs


@pytest.mark.parametrize("n", [1, 3])
def test_queries_grow_with_different_references_only(made: Office, n: int, django_assert_num_queries: Any) -> None:
    """How such a sheet was read last, the place that all rows name, the savepoints of the rehearsal; the rest is the verb's."""
    actor = made.actor("section")
    ledger = Ledger(fields=intake.target("enterprise", actor).fields)
    content = workbook([HEAD, *((f"Q{i}", "甲", "工业", "四上", "第一网格", None) for i in range(n))])
    with django_assert_num_queries(2 + 7):
        sheets.preview(target=ledger, actor=actor, at=moment(MONDAY), source=content)


def test_shown_rows_are_in_words(made: Office) -> None:
    result = previewed(made, [HEAD, Q1])
    assert sheets.shown_rows(result) == [(2, ["Q1", "甲公司", "industry", "above scale", "示例社区01", ""], "created")]
    assert connection.in_atomic_block  # the test's own; nothing of the rehearsal is left open
    assert not remarks(result)


def test_title_of_built_in_ledgers(made: Office) -> None:
    actor = made.actor("system_admin")
    assert [sheets.title_of(intake.target(k, actor)) for k in ("place", "unit", "post", "enterprise")] == [
        "places", "units", "posts", "Enterprise",
    ]  # fmt: skip


def test_decimals_survive_the_way_exactly(made: Office) -> None:
    bare_project(made, "X01")
    imported(made, [STAGES, *stages(33.3, "66.7")], key="milestone", role="project_office")
    assert sorted(Stage.objects.values_list("weight", flat=True)) == [Decimal("33.3"), Decimal("66.7")]
