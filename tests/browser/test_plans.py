"""Plans in a browser: from Today to what slipped and why in three clicks; the tree and an indicator on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Site, Visit


@PAIRED
def test_from_today_to_what_slipped_and_why_in_three_clicks(
    visit: Visit, site: Site, device: str, language: str
) -> None:
    hand = visit("leader", device, language)
    hand.go("/today/")
    hand.did = 0
    hand.tap("main a[href='/plans/']")
    hand.page.wait_for_url("**/plans/")
    hand.fits()
    hand.tap(f"main a[href='/plans/{site.known['plan']}/slipped/']")
    hand.page.wait_for_url("**/slipped/")
    hand.fits()
    worst = hand.page.locator("main tbody tr").first
    expect(worst).to_contain_text("Z01")
    reasons = worst.locator(".why a")
    said = reasons.all_inner_texts()
    assert any("市场回暖慢" in text for text in said) and any("2020-08" in text for text in said)
    hand.tap("main tbody tr:first-child .why a[href^='/cases/']")
    expect(hand.page.locator("h1")).to_contain_text("四上企业入统滞后")
    assert hand.did == 3


@pytest.mark.parametrize("reason", ["市场回暖慢", "2020-08"])
def test_the_reason_and_the_missing_month_lead_to_the_indicator(visit: Visit, site: Site, reason: str) -> None:
    hand = visit("leader", "desktop", "zh")
    hand.go(f"/plans/{site.known['plan']}/slipped/")
    hand.page.locator(".why a", has_text=reason).first.click()
    hand.page.wait_for_url("**/indicators/**")
    expect(hand.page.locator("#m8 .badge-yellow")).to_be_visible()


@PAIRED
def test_the_tree_and_its_indicator(visit: Visit, site: Site, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page = hand.page
    hand.go(f"/plans/{site.known['plan']}/")
    hand.fits()
    branch = page.locator(".plan-tree > li > details")
    expect(branch).to_have_attribute("open", "")
    expect(page.locator(".plan-leaf", has_text="Z01")).to_be_visible()
    hand.tap(".plan-tree > li > details > summary")
    expect(page.locator(".plan-leaf", has_text="Z01")).to_be_hidden()
    page.locator("select[name=state]").select_option("slipped")
    page.wait_for_url("**state=slipped**")
    expect(page.locator(".plan-leaf")).to_have_count(1)
    hand.fits()
    hand.go("/indicators/")
    hand.fits()
    page.locator("main td a", has_text="Z01").click()
    expect(page.locator("svg.curve-svg").first).to_be_visible()
    hand.fits()
