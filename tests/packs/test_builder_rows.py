"""Wanted sheets whose rows are units or months: each number is the list's it opens, what is not known stays empty."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import workbook
from zijing.cases.actions import dispatch
from zijing.core.errors import Refused
from zijing.packs.builder.asking import fill_sheet
from zijing.packs.builder.counts import counted
from zijing.packs.builder.plan import Choices, Plan, look
from zijing.packs.builder.rows import rows_of
from zijing.packs.intake import record
from zijing.records.kinds import kind_of

pytestmark = pytest.mark.django_db
AT = moment(MONDAY, 10)
FILED = "issues.filed"


@pytest.fixture
def made() -> Office:
    made = office()
    for day, role in ((date(2020, 7, 6), "team"), (MONDAY, "team"), (MONDAY, "team2")):
        values = {"class": "safety", "what": "井盖破损", "place": "第一网格"}
        case: Any = record(actor=made.system, at=moment(day, 9), kind=kind_of("issue"), values=values)
        dispatch(actor=made.system, at=moment(day, 9, 30), case=case, unit=made.posts[role].unit)
    return made


def filled(made: Office, *lines: Any, about: str, **chosen: Any) -> tuple[Plan, Any, Any]:
    actor = made.actor("section")
    plan = look(actor=actor, at=AT, source=workbook(lines), choices=Choices(subject=about, **chosen))
    done = fill_sheet(actor=actor, at=AT, plan=plan)
    return plan, done, load_workbook(BytesIO(done.content))[plan.sheet.name]


def column(page: Any, letter: str, last: int) -> list[Any]:
    return [page[f"{letter}{n}"].value for n in range(2, last + 1)]


def test_units_have_the_figures_of_their_own_records(made: Office) -> None:
    named = (
        ("科室", "本月数", "属相"),
        ("team单位", None, None),
        ("U-team2", None, None),
        ("无此科室", None, None),
        ("合计", None, None),
    )
    plan, done, page = filled(made, *named, about="units", mapping={1: "unit-name", 2: f"{FILED}@month"})
    assert column(page, "B", 5) == [1, 1, None, 2] and done.strange == [(4, "无此科室")]
    assert [c.heading for c in plan.unknown] == ["属相"] and column(page, "C", 5) == [None] * 4
    assert f"unit={made.posts['team'].unit_id}" in page["B2"].hyperlink.target


def test_a_blank_sheet_of_units_gets_a_row_for_each(made: Office) -> None:
    mapping = {1: "unit-name", 2: f"{FILED}@2020-07"}
    _plan, done, page = filled(made, ("科室", "7月数"), about="units", mapping=mapping)
    told = {page[f"A{n}"].value: page[f"B{n}"].value for n in range(2, done.rows + 2)}
    assert told["team单位"] == 1 and told["team2单位"] == 0 and "grid单位" in told


def test_units_are_counted_in_as_many_queries_as_figures(made: Office, django_assert_num_queries: Any) -> None:
    actor = made.actor("section")
    for lines in (1, 3):
        rows = [(made.posts[role].unit.name, None) for role in ("team", "team2", "grid")[:lines]]
        content = workbook([("科室", "数"), *rows])
        plan = look(
            actor=actor, at=AT, source=content, choices=Choices(subject="units", mapping={1: "unit-name", 2: FILED})
        )
        known = rows_of(plan, actor, AT).lines
        with django_assert_num_queries(4):
            assert len(list(counted(plan, known, actor, AT))) == lines


def test_units_are_for_who_sees_the_whole_office(made: Office) -> None:
    with pytest.raises(Refused):
        look(actor=made.actor("community"), at=AT, source=workbook([("科室", "数")]), choices=Choices(subject="units"))


def test_months_have_their_own_days_and_the_year_so_far(made: Office) -> None:
    named = (
        ("月份", "当月", "累计"),
        ("7月", None, None),
        ("2020年8月份", None, None),
        ("2020-09", None, None),
        ("12月", None, None),
    )
    mapping = {1: "month-name", 2: FILED, 3: f"{FILED}@year"}
    _plan, _done, page = filled(made, *named, about="months", mapping=mapping)
    assert column(page, "B", 5) == [1, 0, 2, None] and column(page, "C", 5) == [1, 1, 3, None]
    assert page["B5"].comment, "December has not begun: no number, and it says so"
    assert "2020-07-01..2020-07-31" in page["B2"].hyperlink.target


def test_a_blank_sheet_of_months_ends_with_the_running_one(made: Office) -> None:
    mapping = {1: "month-name", 2: FILED}
    _plan, done, page = filled(made, ("月份", "数"), about="months", mapping=mapping)
    assert done.rows == 9 and page["A2"].value == "2020年1月" and column(page, "B", 10) == [0] * 6 + [1, 0, 2]
    _plan, done, _page = filled(made, ("月份", "数"), about="months", mapping=mapping, period="2019")
    assert done.rows == 12


@pytest.mark.parametrize("text", ["13月", "0月", "上月", "2020年", "一月"])
def test_what_is_no_month_is_strange_and_gets_no_number(made: Office, text: str) -> None:
    mapping = {1: "month-name", 2: FILED}
    _plan, done, page = filled(made, ("月份", "数"), ("7月", None), (text, None), about="months", mapping=mapping)
    assert done.strange == [(3, text)] and page["B3"].value is None


def test_a_total_of_months_is_the_year(made: Office) -> None:
    mapping = {1: "month-name", 2: FILED}
    _plan, _done, page = filled(made, ("月份", "数"), ("7月", None), ("合计", None), about="months", mapping=mapping)
    assert column(page, "B", 3) == [1, 3]


@pytest.mark.parametrize(("heading", "about"), [("月份", "months"), ("科室", "units"), ("社区", "places")])
def test_the_heading_says_what_the_rows_are(made: Office, heading: str, about: str) -> None:
    from zijing.figures.known import find

    title = find(FILED).title_zh
    plan = look(actor=made.actor("section"), at=AT, source=workbook([(heading, title)]), choices=Choices())
    assert plan.subject.key == about
