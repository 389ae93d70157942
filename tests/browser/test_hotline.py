"""The hotline's clerk: orders pasted, seen before they are filed, never filed twice, answered in the sender's columns."""

from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Visit
from tests.browser.reading import listed
from tests.browser.test_cases import press

ADDRESS, LIST = "/import/hotline-order/", "/list/hotline-order/"
HEAD = ("序号", "工单编号", "诉求标题", "诉求内容", "诉求类型", "社区", "来电号码", "办理情况", "办理结果")
CALLER = "13800000001"


def orders(mark: str) -> list[tuple[str, ...]]:
    return [
        ("1", f"{mark}001", "夜间施工噪声", "夜里十一点还在施工", "投诉", "示例社区01", CALLER, "", ""),
        ("2", f"{mark}002", "路口井盖丢失", "井盖丢了，请尽快补上", "求助", "示例村02", "", "", ""),
    ]


def paste(hand: Hand, rows: list[tuple[str, ...]]) -> list[int]:
    """Rows of a sheet pasted; how many were read, are new, changed, unchanged."""
    hand.go(ADDRESS)
    hand.write("#f-text", "\r\n".join("\t".join(row) for row in [HEAD, *rows]))
    with hand.page.expect_navigation():
        hand.tap("form:has(#f-text) button")
    return [int(t) for t in hand.page.locator(".import-counts dd").all_inner_texts()]


@PAIRED
def test_pasted_seen_filed_and_not_again(visit: Visit, device: str, language: str) -> None:
    hand = visit("hotline_clerk", device, language)
    page, mark = hand.page, f"B{language}"
    before = listed(hand, LIST)
    assert paste(hand, orders(mark)) == [2, 2, 0, 0]
    expect(page.get_by_role("cell", name="夜间施工噪声").last).to_be_visible()
    assert listed(hand, LIST) == before, "nothing before it is confirmed"
    with page.expect_navigation():
        hand.tap("button[value=confirm]")
    assert hand.at() == LIST and listed(hand, LIST) == before + 2
    expect(page.locator(".notice-success")).to_be_visible()
    changed = [(*row[:2], "别的标题", *row[3:]) for row in orders(mark)]
    assert paste(hand, changed) == [2, 0, 0, 2]
    expect(page.locator("button[value=confirm]")).to_have_count(0)
    expect(page.locator("td a[href^='/cases/']")).to_have_count(2)
    page.locator("td a[href^='/cases/']").first.click()
    expect(page.locator("h1")).to_contain_text("夜间施工噪声")
    assert listed(hand, LIST) == before + 2


def test_an_order_is_answered_in_the_senders_columns(visit: Visit) -> None:
    hand = visit("hotline_clerk", "desktop", "zh")
    page = hand.page
    paste(hand, orders("答"))
    with page.expect_navigation():
        hand.tap("button[value=confirm]")
    page.get_by_role("link", name="路口井盖丢失").first.click()
    page.wait_for_url("**/cases/*/")
    press(hand, int(hand.at().split("/")[2]), "void", reason="不属本街道管辖")
    hand.go(LIST)
    with page.expect_download() as sheet:
        hand.tap(".list-export button[value=reply]")
    head, *rows = load_workbook(BytesIO(sheet.value.path().read_bytes())).worksheets[0].iter_rows(values_only=True)
    assert head[: len(HEAD)] == HEAD
    replies = {row[1]: row for row in rows}
    assert replies["答002"][7:9] == ("不属本街道管辖", "不予受理")
    assert replies["答001"][7:9] == (None, "办理中")
    assert CALLER not in str(rows), "the caller's number stays masked"
