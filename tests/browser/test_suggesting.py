"""Suggestions below the form: asked for with a button, filled in with a click, never by themselves."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit


@PAIRED
def test_a_suggestion_is_asked_for_and_chosen(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page = hand.page
    hand.go("/new/city-case/")
    page.locator("#f-what").fill("示例社区01第一网格路口井盖丢失")
    assert page.locator("#f-class").input_value() == ""
    hand.tap(".suggest > .btn")
    offered = page.locator(".suggested [data-fill=class]")
    expect(offered.first).to_have_text("上水井盖缺失" if language == "zh" else "water manhole cover missing")
    assert page.locator("#f-class").input_value() == "", "nothing is filled in before the click"
    hand.fits()
    offered.first.click()
    page.locator(".suggested [data-fill=place]").first.click()
    expect(page.locator("#f-class")).to_have_value("c0101-missing")
    assert page.locator("#f-place option:checked").inner_text() == "第一网格"
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/cases/*/")


def test_without_scripts_there_is_no_button(visit: Visit) -> None:
    hand = visit("secretary", "phone", "zh", scripts=False)
    hand.go("/new/city-case/")
    expect(hand.page.locator(".suggest")).to_be_hidden()
