"""A mapping that was put right once need not be put right again; and it is never applied in silence."""

from typing import Any

import pytest
from django.utils import translation

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import remarks, workbook
from zijing.packs import intake
from zijing.records import sheets
from zijing.records.models import Kind, Reading
from zijing.records.sheets import Options, Result
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

HEAD = ("企业编号", "企业名称", "行当", "状态", "坐落", "行业")
ROW = ("Q1", "甲公司", "工业", "四上", "第一网格", "旧分类")
MAPPING = {1: "code", 2: "name", 3: "sector", 4: "status", 5: "place", 6: ""}
CHOSEN = Options(mapping=MAPPING)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def imported(made: Office, rows: Any, options: Options = Options(), role: str = "section") -> Result:  # noqa: B008
    actor = made.actor(role)
    return sheets.bring_in(
        target=intake.target("enterprise", actor), actor=actor, at=moment(MONDAY), source=workbook(rows), options=options
    )  # fmt: skip


def sectors() -> dict[str, Any]:
    return {e.business_key: e.fields.get("sector") for e in Entry.objects.order_by("pk")}


def test_the_second_sheet_is_read_like_the_first_and_says_so(made: Office) -> None:
    assert not imported(made, [HEAD, ROW]).landed, "行业 is taken for the sector, as it is called so"
    assert imported(made, [HEAD, ROW], CHOSEN).landed
    again = imported(made, [HEAD, ("Q2", *ROW[1:])])
    assert again.landed and sectors() == {"Q1": "industry", "Q2": "industry"}
    assert [m for m in remarks(again) if "last time" in m] == [
        "Column C “行当”: Sector, as last time.", "Column E “坐落”: Place, as last time.",
        "Column F “行业”: not imported, as last time.",
    ]  # fmt: skip


def test_the_order_of_the_columns_and_their_dress_do_not_matter(made: Office) -> None:
    imported(made, [HEAD, ROW], CHOSEN)
    turned = [tuple(reversed(("企业编号*", *HEAD[1:]))), tuple(reversed(("Q2", *ROW[1:])))]
    assert imported(made, turned).landed and sectors()["Q2"] == "industry"


def test_what_somebody_else_decided_must_be_confirmed(made: Office) -> None:
    imported(made, [HEAD, ROW], CHOSEN)
    others = imported(made, [HEAD, ROW], role="project_office")
    assert not others.landed and {q.column for q in others.questions} == {3, 5, 6}
    assert imported(made, [HEAD, ROW], Options(confirmed=True), role="project_office").landed


def test_what_is_chosen_now_goes_first_and_is_what_is_remembered_next(made: Office) -> None:
    imported(made, [HEAD, ROW], CHOSEN)
    row = ("Q1", "甲公司", "x", "四上", "第一网格", "零售")
    assert imported(made, [HEAD, row], Options(mapping=MAPPING | {3: "", 6: "sector"})).landed
    assert imported(made, [HEAD, row]).landed and sectors() == {"Q1": "retail"}
    assert Reading.objects.count() == 1


def test_choosing_what_is_guessed_anyway_forgets(made: Office) -> None:
    plain = ("企业编号", "企业名称", "行业", "状态", "所在区划", "备注一")
    rows = [plain, ("Q1", "甲", "工业", "四上", "第一网格", None)]
    guessed = {1: "code", 2: "name", 3: "sector", 4: "status", 5: "place", 6: ""}
    imported(made, rows, Options(mapping=guessed | {6: "note"}))
    assert Reading.objects.count() == 1
    imported(made, rows, Options(mapping=guessed))
    assert Reading.objects.count() == 0 and not [m for m in remarks(imported(made, rows)) if "last time" in m]


@pytest.mark.parametrize(
    ("rows", "mapping"),
    [
        ([HEAD, ("Q1", "甲", "金融", "四上", "第一网格", "")], MAPPING),  # refused
        ([HEAD, ROW], {1: "code", 2: "name", 3: "sector", 5: "place", 4: "status"}),  # some columns, this one time
        ([(*HEAD[:5], "坐落"), ROW], MAPPING),  # two columns of one name
    ],
)
def test_what_is_not_remembered(made: Office, rows: Any, mapping: dict[int, str]) -> None:
    imported(made, rows, Options(mapping=mapping))
    assert not Reading.objects.exists()


def test_a_field_that_a_later_edition_dropped_is_guessed_anew(made: Office) -> None:
    imported(made, [HEAD, ROW], CHOSEN)
    kind = Kind.objects.get(key="enterprise")
    kept = [f for f in kind.definition["fields"] if f["key"] != "status"]
    Kind.objects.filter(pk=kind.pk).update(definition=dict(kind.definition) | {"fields": kept})
    again = imported(made, [HEAD, ("Q2", *ROW[1:])])
    assert again.landed and [c.heading for c in again.columns if not c.field] == ["状态", "行业"]


def test_another_ledger_and_another_office_know_nothing_of_it(made: Office) -> None:
    imported(made, [HEAD, ROW], CHOSEN)
    other = office("410181006000", "别处街道")
    refused = imported(other, [HEAD, ROW])
    assert not refused.landed and not [m for m in remarks(refused) if "last time" in m]


def test_a_preview_and_a_refused_sheet_leave_no_trace(made: Office) -> None:
    actor = made.actor("section")
    sheets.preview(
        target=intake.target("enterprise", actor), actor=actor, at=moment(MONDAY), source=workbook([HEAD, ROW]), options=CHOSEN
    )  # fmt: skip
    assert not Reading.objects.exists()
