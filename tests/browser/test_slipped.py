"""The leader in charge: from Today to what slipped and why, in three clicks."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit


@PAIRED
def test_what_slipped_and_why_in_three_clicks(visit: Visit, device: str, language: str) -> None:
    hand = visit("leader", device, language)
    hand.go("/today/")
    hand.did = 0
    hand.tap("main a[href='/mine/']")
    first = hand.page.locator("#slipped .slips > li").first
    expect(first).to_be_visible()
    assert first.locator(".slip-name").inner_text()
    reason = first.locator(".why a").first
    said = reason.inner_text()
    assert said
    hand.tap("#slipped .slips > li:first-child .why li:first-child a")
    hand.page.wait_for_url(lambda url: "/mine/" not in url)
    assert hand.did <= 3
    hand.fits()
