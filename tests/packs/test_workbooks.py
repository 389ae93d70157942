"""A workbook with several sheets: everything lands in the order it is needed, or nothing."""

import io

import pytest
import xlsxwriter

from tests.factories import office as offices
from tests.factories.office import MONDAY, moment
from tests.web.visiting import signed_in
from zijing.core.errors import Invalid, Refused
from zijing.journal.models import JournalEntry
from zijing.packs.workbooks import bring_in_workbook
from zijing.people.models import Post, Unit
from zijing.registers.models import Entry

AT = moment(MONDAY, 10)
UNITS = [("单位编号", "单位名称", "单位类型", "区划代码"), ("N1", "新科室", "科室", "410181005000")]
POSTS = [
    ("岗位编号", "岗位名称", "单位编号", "角色", "开始日期", "账号"), ("NP1", "新岗位", "N1", "section", "2020-01-02", "new01"),
]  # fmt: skip
FIRMS = [("企业编号", "企业名称", "行业", "状态", "所在区划"), ("E1", "示例企业", "工业", "一般", "410181005001")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return offices.office()


def book(**sheets):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as written:
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return out.getvalue()


def bring_in(made, content, actor=None, **more):
    return bring_in_workbook(actor=actor or made.system, at=AT, source=io.BytesIO(content), **more)


def test_sheets_land_in_the_order_they_need_each_other(made):
    done = bring_in(made, book(企业=FIRMS, 岗位=POSTS, 单位=UNITS))
    assert [s.name for s in done] == ["单位", "岗位", "企业"]
    assert all(s.result.landed for s in done)
    assert Post.objects.get(code="NP1").unit.code == "N1"
    assert [s.result.outcomes for s in bring_in(made, book(企业=FIRMS, 岗位=POSTS, 单位=UNITS))] == [["same"]] * 3


def test_one_wrong_cell_takes_everything_back(made):
    before = JournalEntry.objects.count()
    wrong = [FIRMS[0], ("E1", "示例企业", "不知道", "一般", "410181005001")]
    done = bring_in(made, book(单位=UNITS, 企业=wrong))
    assert [s.result.landed for s in done] == [True, False]
    assert done[-1].result.errors
    assert not Unit.objects.filter(code="N1").exists()
    assert JournalEntry.objects.count() == before


def test_a_dry_run_says_what_would_happen_and_writes_nothing(made):
    before = JournalEntry.objects.count()
    done = bring_in(made, book(单位=UNITS, 岗位=POSTS), dry_run=True)
    assert [s.result.created for s in done] == [1, 1]
    assert not Unit.objects.filter(code="N1").exists() and JournalEntry.objects.count() == before


def test_a_sheet_without_a_ledger_is_refused_before_anything_is_read(made):
    with pytest.raises(Invalid, match="随便"):
        bring_in(made, book(单位=UNITS, 随便=[("甲",), ("乙",)]))
    assert not Unit.objects.filter(code="N1").exists()


def test_a_ledger_the_post_may_not_write_is_refused_whole(made):
    with pytest.raises(Refused):
        bring_in(made, book(单位=UNITS, 企业=FIRMS), actor=made.actor("system_admin"))
    assert not Unit.objects.filter(code="N1").exists()
    assert not Entry.objects.filter(business_key="E1").exists()


def test_on_the_page_it_is_looked_at_first_and_then_confirmed(made):
    client = signed_in(made, "system_admin")
    upload = io.BytesIO(book(单位=UNITS, 岗位=POSTS))
    upload.name = "../../=cmd.xlsx"
    looked = client.post("/import/all/", {"file": upload})
    assert looked.status_code == 200, looked.content.decode()
    assert not Unit.objects.filter(code="N1").exists()
    token = looked.context["token"]
    assert client.post("/import/all/", {"file": token, "step": "confirm"}).status_code == 302
    assert Post.objects.filter(code="NP1").exists()
    assert client.post("/import/all/", {"file": token, "step": "confirm"}).status_code == 404
