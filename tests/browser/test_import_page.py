"""A ledger from a workbook in the browser: one bad cell stops all of it, the corrected one lands, again is nothing."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Download, expect

from tests.browser.conftest import Hand, Visit
from tests.browser.reading import listed
from tests.factories.sheets import workbook

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划")
LIST = "/list/enterprise/"


def rows(mark: str, sector: str) -> list[tuple[str, ...]]:
    return [
        HEAD,
        (f"{mark}1", "甲公司", "工业", "四上", "示例社区01"),
        (f"{mark}2", "乙商店", sector, "培育", "第一网格"),
    ]


def upload(hand: Hand, content: bytes) -> None:
    hand.go("/import/enterprise/")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    hand.page.locator("#f-file").set_input_files({"name": "企业.xlsx", "mimeType": mime, "buffer": content})
    with hand.page.expect_navigation():
        hand.tap("main form .btn-primary")


def comments(download: Download) -> dict[str, str]:
    """The cells of a workbook that carry a comment."""
    sheet = load_workbook(BytesIO(download.path().read_bytes()))["Sheet1"]
    return {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}


@pytest.mark.parametrize("device", ["desktop"])
def test_one_bad_cell_then_right_then_again(visit: Visit, device: str, language: str) -> None:
    hand = visit("project_office", device, language)
    page = hand.page
    before = listed(hand, LIST)
    hand.watch.expected.add(422)
    upload(hand, workbook(rows(language, "金融")))
    expect(page.locator(".notice-error")).to_be_visible()
    expect(page.locator("td", has_text="C3")).to_have_count(1)
    expect(page.locator("button[value=confirm]")).to_have_count(0)
    with page.expect_download() as marked:
        page.locator("button[value=marked]").click()
    assert list(comments(marked.value)) == ["C3"]
    assert listed(hand, LIST) == before, "nothing of it was imported"
    upload(hand, workbook(rows(language, "零售")))
    assert [int(t) for t in page.locator(".import-counts dd").all_inner_texts()] == [2, 2, 0, 0]
    assert listed(hand, LIST) == before, "nothing before it is confirmed"
    with page.expect_navigation():
        hand.tap("button[value=confirm]")
    assert hand.at() == LIST and listed(hand, LIST) == before + 2
    expect(page.locator(".notice-success")).to_be_visible()
    upload(hand, workbook(rows(language, "零售")))
    assert [int(t) for t in page.locator(".import-counts dd").all_inner_texts()] == [2, 0, 0, 2]
    expect(page.locator("button[value=confirm]")).to_have_count(0)


def test_a_column_is_mapped_by_hand(visit: Visit) -> None:
    hand = visit("project_office", "desktop", "en")
    page = hand.page
    head = ("企业编号", "招牌", *HEAD[2:])
    hand.watch.expected.add(422)
    upload(hand, workbook([head, *rows("手", "零售")[1:]]))
    expect(page.locator("button[value=confirm]")).to_have_count(0)
    chosen = page.locator("tr", has_text="招牌").locator("select")
    chosen.select_option("name")
    with page.expect_navigation():
        hand.tap("button[value=check]")
    assert [int(t) for t in page.locator(".import-counts dd").all_inner_texts()] == [2, 2, 0, 0]


def test_what_is_no_workbook_is_said_at_the_field(visit: Visit, language: str) -> None:
    hand = visit("project_office", "desktop", language)
    hand.watch.expected |= {400, 422}
    upload(hand, b"no workbook")
    expect(hand.page.locator("#f-file[aria-invalid=true]")).to_be_visible()
    expect(hand.page.locator("#f-file-error")).not_to_be_empty()
