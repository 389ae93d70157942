"""The secretary's minute: three things first, and a consequence decided with a reason."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit


def test_today_says_three_things_first(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    hand.go("/today/")
    blocks = hand.page.locator(".day-block")
    expect(blocks).to_have_count(3)
    for block in blocks.all():
        assert block.locator("h2").inner_text().strip() and block.locator(".day-counts a.opens").count()
    if device == "desktop":
        for head in blocks.locator("h2").all():
            expect(head).to_be_in_viewport()
    behind = blocks.first.locator(".day-items a[href^='/projects/']")
    assert behind.count() >= 3 and blocks.first.locator(".light-red").count() >= 3


@pytest.mark.parametrize("device", ["desktop"])
def test_a_consequence_is_confirmed_with_a_reason(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page = hand.page
    hand.go("/board/")
    waiting = page.locator("#proposed .proposal-form")
    before = waiting.count()
    assert before, "last Sunday's ranking proposes"
    hand.tap("#proposed > summary")
    form = waiting.first
    action, project = form.get_attribute("action"), page.locator(".proposal a").first.get_attribute("href")
    form.locator("button[value=confirm]").click()
    assert form.locator("[name=reason]").evaluate("i => i.validity.valueMissing"), "not without a reason"
    form.locator("[name=reason]").fill("连续落后,同意")
    with page.expect_navigation():
        form.locator("button[value=confirm]").click()
    expect(page.locator(f"#proposed form[action='{action}']")).to_have_count(0)
    assert page.locator("#proposed .proposal-form").count() == before - 1
    hand.go(str(project))
    decided = page.locator("#consequences li", has=page.locator(f"form[action='{action}']"))
    expect(decided.locator(".badge-red")).to_be_visible()
    expect(decided).to_contain_text("连续落后")


@PAIRED
def test_the_board_shows_its_week_and_the_one_before(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page = hand.page
    hand.go("/board/")
    ranks = [int(t) for t in page.locator("td.rank a").all_inner_texts()]
    assert ranks == sorted(ranks) and len(ranks) >= 12
    points = [float(t.replace("−", "-")) for t in page.locator("tr:has(td.rank a) td.points").all_inner_texts()]
    assert points == sorted(points, reverse=True)
    assert {c for c in ("green", "yellow", "red") if page.locator(f"td .light-{c}").count()} == {
        "green",
        "yellow",
        "red",
    }
    expect(page.locator("#unranked tbody tr")).to_have_count(1)
    hand.tap(".week a[rel=prev]")
    page.wait_for_url(re.compile(r"week=2020-09-07"))
    expect(page.locator("#unranked")).to_have_count(0)
    hand.tap(".types a[href*='type=municipal']")
    page.wait_for_url(re.compile(r"type=municipal"))
    assert 0 < page.locator("td.rank a").count() < len(ranks)
