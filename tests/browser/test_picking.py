"""Choosing among many: a few characters or initials are enough, with the keyboard, with a finger, and without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit

FITTING = ".field:has(#f-class) .pick-list li"


@PAIRED
def test_two_letters_bring_the_class_with_its_limit(visit: Visit, device: str, language: str) -> None:
    hand = visit("grid", device, language)
    page = hand.page
    hand.go("/new/city-case/")
    box = page.locator(".field:has(#f-class) [role=combobox]")
    box.press_sequentially("jg")
    expect(page.locator(FITTING)).to_have_count(3)
    shown = page.locator(FITTING).first
    expect(shown).to_contain_text("上水井盖缺失" if language == "zh" else "water manhole cover missing")
    expect(shown).to_contain_text("井盖缺失")
    hand.fits()
    if device == "phone":
        page.locator(FITTING).nth(1).tap()
    else:
        box.press("ArrowDown")
        expect(page.locator(f"{FITTING}[aria-selected=true]")).to_contain_text("broken")
        box.press("Enter")
    expect(page.locator("#f-class")).to_have_value("c0101-broken")
    expect(page.locator(".pick-list").first).to_be_hidden()
    expect(page.locator(".field:has(#f-class) .pick-hint")).to_contain_text("25")
    page.locator("#f-what").fill("路口井盖裂了")
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/cases/*/")
    named = "上水井盖破损" if language == "zh" else "water manhole cover broken"
    expect(page.locator(".due-sentence").first).to_contain_text(named)


def test_nothing_fits_and_escape_leaves_it(visit: Visit) -> None:
    hand = visit("grid", "desktop", "zh")
    page = hand.page
    hand.go("/new/city-case/")
    box = page.locator(".field:has(#f-class) [role=combobox]")
    box.fill("<b>%'\"")
    expect(page.locator(FITTING)).to_have_text("没有符合的，请在下面的完整列表中选择。")
    box.press("Enter")
    box.press("Escape")
    expect(page.locator(FITTING)).to_be_hidden()
    assert hand.at() == "/new/city-case/" and page.locator("#f-class").input_value() == ""


def test_without_scripts_the_whole_list_stands_in_groups(visit: Visit) -> None:
    hand = visit("grid", "phone", "zh", scripts=False)
    page = hand.page
    hand.go("/new/city-case/")
    assert page.locator("[role=combobox]").count() == 0
    groups = page.locator("#f-class optgroup").evaluate_all("all => all.map(g => g.label)")
    assert groups[0] == "部件 / 公用设施 / 上水井盖" and groups[-1] == "街道事项 / 创建督查"
    page.locator("#f-class").select_option(label="楼院设施")
    page.locator("#f-what").fill("单元门坏了")
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/cases/*/")
