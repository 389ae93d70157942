"""Whatever is in a sheet, the answer is a result or a refusal in words; and importing twice is importing once."""

# ruff: noqa: DTZ001  # sheets know no time zones

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import NOBODY, Ledger, workbook
from zijing.core.errors import DomainError
from zijing.packs import intake
from zijing.records import sheets
from zijing.records.sheets import Options
from zijing.records.sheets.book import read
from zijing.records.sheets.intake import prepare, shown_rows
from zijing.records.sheets.marking import annotate

EXAMPLES = 60
QUICK = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

words = st.sampled_from(
    ["企业编号", "企业名称", "行业", "入统日期", "总投资（亿元）", "总投资", "占地面积（万平方米）", "完成比例", "职工人数", "本地企业", "合计",
     "注：略", "单位：万元", "工业", "1.5万", "３２亿元", "50%", "2020-02-30", "2020年13月1日", "=1/0", "#N/A", "-", "/", "∞", "１e5", "是"]
)  # fmt: skip
texts = st.text(max_size=12).map(lambda t: ILLEGAL_CHARACTERS_RE.sub("", t))
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
days = (
    st.dates(date(1900, 3, 1), date(9999, 12, 30))
    | st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30))
    | st.times()
)
cells: st.SearchStrategy[Any] = words | texts | numbers | days | st.booleans() | st.none()
lines = st.lists(cells, max_size=8)
tables = st.lists(lines, max_size=8)
headed = st.builds(
    lambda before, head, after: [*before, ["企业编号", "企业名称", *head], *after],
    st.lists(lines, max_size=2), st.lists(words, max_size=6), tables,
)  # fmt: skip
merges = st.lists(st.tuples(*[st.integers(1, 9)] * 4), max_size=2)
formats = st.lists(
    st.tuples(st.integers(1, 9), st.integers(1, 8), st.sampled_from(["0%", "yyyy-mm-dd", '0!.0,"万"', "h:mm", "@"])),
    max_size=4,
)
hidden = st.lists(st.integers(1, 9), max_size=2)
choices = st.builds(
    Options, header=st.integers(0, 5), hidden=st.sampled_from(["", "with", "without"]),
    mapping=st.none() | st.dictionaries(st.integers(0, 9), st.sampled_from(["", "code", "name", "investment", "joined_on", "x"]), max_size=5),
)  # fmt: skip


def shaped(rows: list[list[Any]], merged: Any, formatted: Any, away: list[int]) -> bytes:
    def shape(sheet: Worksheet) -> None:
        for row, column, code in formatted:
            sheet.cell(row, column).number_format = code
        for row in away:
            sheet.row_dimensions[row].hidden = True
        for r1, c1, r2, c2 in merged:
            sheet.merge_cells(
                start_row=min(r1, r2), end_row=max(r1, r2), start_column=min(c1, c2), end_column=max(c1, c2)
            )

    return workbook(rows, shape=shape)


@QUICK
@given(tables | headed, merges, formats, hidden, choices)
def test_any_sheet_is_answered_in_words(rows: Any, merged: Any, formatted: Any, away: Any, options: Options) -> None:
    content = shaped(rows, merged, formatted, away)
    result = prepare(read(content), Ledger(), NOBODY, options)
    assert all(e.message.strip() for e in result.errors)
    assert not result.rows or len({r.values["code"] for r in result.rows}) == len(result.rows) or result.errors
    shown_rows(result)
    read(annotate(content, result))


@QUICK
@given(st.binary(max_size=200), st.integers(0, 10**6), st.booleans())
def test_any_bytes_are_refused_in_words(noise: bytes, at: int, cut: bool) -> None:
    """A workbook with noise written into it, or cut short there."""
    at %= len(GOOD)
    content = GOOD[:at] + noise + (b"" if cut else GOOD[at + len(noise) :])
    with suppress(DomainError):
        prepare(read(content), Ledger(), NOBODY, Options())


GOOD = workbook([["企业编号", "企业名称", "总投资"], *([f"Q{n}", "甲", n] for n in range(20))])

codes = st.text("ABC123甲", min_size=1, max_size=3)
names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=8)
records = st.dictionaries(
    codes,
    st.tuples(names, st.sampled_from(["工业", "零售", "industry"]), st.sampled_from(["四上", "一般"]), st.just("第一网格"),
              st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.none() | names),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.fixture
def made(db: None) -> Office:
    return office()


@settings(parent=QUICK, max_examples=25)
@given(first=records, second=records)
@pytest.mark.django_db
def test_importing_twice_is_importing_once(made: Office, first: Any, second: Any) -> None:
    actor = made.actor("section")
    target = intake.target("enterprise", actor)
    for given_ in (first, second):
        rows = [
            ["企业编号", "企业名称", "行业", "状态", "所在区划", "入统日期", "备注"],
            *([code, *more] for code, more in given_.items()),
        ]
        arguments = {
            "target": target, "actor": actor, "at": moment(MONDAY), "source": workbook(rows), "options": Options(confirmed=True)
        }  # fmt: skip
        expected = sheets.preview(**arguments)
        once = sheets.bring_in(**arguments)
        assert (once.outcomes, once.errors) == (expected.outcomes, expected.errors)
        if once.landed:
            again = sheets.bring_in(**arguments)
            assert again.same == again.read == once.read and again.landed
