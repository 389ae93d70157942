"""A sheet nobody prepared, from a bureau: other order, other words; a person settles one column and takes it filled."""

from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.factories.sheets import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = ("序号", "所属行业", "单位名称", "牌照", "法人属相")


def upload(page: Page, content: bytes) -> None:
    page.locator("#f-file").set_input_files({"name": "统计局表.xlsx", "mimeType": XLSX, "buffer": content})
    with page.expect_navigation():
        page.locator("main form .btn-primary").click()


def test_a_sheet_nobody_prepared(visit: Visit) -> None:
    hand = visit("project_office", "desktop", "en")
    hand.go("/sheets/wanted/")
    upload(hand.page, workbook([("2020年企业情况表",), HEAD]))
    page = hand.page
    expect(page.locator("select[name=subject]")).to_have_value("enterprise")
    expect(page.locator("select[name=map-2]")).to_have_value("sector")
    expect(page.locator("tr.import-asks")).to_have_count(2)
    page.locator("select[name=map-4]").select_option("code")
    with page.expect_download() as taken:
        page.locator("button[value=fill]").click()
    sheet = load_workbook(BytesIO(taken.value.path().read_bytes())).worksheets[0]
    first = [c.value for c in sheet[3]]
    assert first[0] == 1 and all(first[1:4]) and first[4] is None
    assert sheet["E2"].comment and "/records/register/" in sheet["C3"].hyperlink.target
    hand.go("/sheets/wanted/")
    upload(page, workbook([("2020年企业情况表",), tuple(reversed(HEAD))]))
    expect(page.locator("select[name=map-2]")).to_have_value("code")
