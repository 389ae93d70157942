"""The first page: languages, one click into each role, and the tour from a number down to the journal."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.reading import hrefs, rows
from zijing.demo.roles import ROLES

PATHS = [r"/board/#project-\d+", r"/projects/\d+/", r"/list/daily-report/\?subject=\d+", r"/records/activity/\d+/"]


def test_every_role_is_one_click_away(visit: Visit, device: str, language: str) -> None:
    hand = visit("", device, language)
    hand.go("/")
    actions = hand.page.locator(".roles form").evaluate_all("all => all.map(f => f.getAttribute('action'))")
    assert actions == [f"/demo/as/{key}/" for key, *_rest in ROLES]
    for card in hand.page.locator(".role-card").all():
        assert all(card.locator(part).inner_text().strip() for part in ("strong", "small"))


def test_the_browsers_language_is_spoken_and_another_one_press_away(visit: Visit, device: str) -> None:
    said = {}
    for language, other in (("zh", "en"), ("en", "zh-hans")):
        hand = visit("", device, language)
        hand.go("/")
        said[language] = hand.page.locator("h1").inner_text()
        assert (hand.page.locator("html").get_attribute("lang") or "").startswith(language)
        hand.tap(f".top button[name=language][value={other}]")
        expect(hand.page.locator("html")).to_have_attribute("lang", other)
        said[f"{language} switched"] = hand.page.locator("h1").inner_text()
        hand.go("/sign-in/")
        expect(hand.page.locator("html")).to_have_attribute("lang", other)
    assert said["zh"] == said["en switched"] and said["en"] == said["zh switched"] != said["zh"]
    assert re.search("[一-鿿]", said["zh"]) and not re.search("[一-鿿]", said["en"])


def test_the_tour_leads_from_the_board_to_the_journal(visit: Visit, device: str, language: str) -> None:
    hand = visit("", device, language)
    page = hand.page
    hand.go("/")
    hand.tap(".tour-offer button")
    for step, path in enumerate(PATHS, 1):
        page.wait_for_url(re.compile(path))
        expect(page.locator(".tour")).to_have_count(1)
        assert re.findall(r"\d+", page.locator(".tour strong").inner_text()) == [str(step), "5"]
        expect(page.locator(".tour-go a[href='/tour/0/']")).to_be_visible()
        if step == 1:
            expect(page.locator(hand.at().partition("/board/")[2])).to_be_in_viewport()
        if step == 4:
            picture = page.locator(".photos img").first
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", value=True)
            assert picture.evaluate("i => i.naturalWidth") > 0
        hand.tap(f".tour-go a[href='/tour/{step + 1}/']")
    page.wait_for_url(re.compile(r"/records/activity/\d+/\?tour=5"))
    expect(page.locator("#journal .chain").first).to_be_in_viewport()
    expect(page.locator(".tour-go a")).to_have_count(1)
    hand.tap(".tour-go a")
    page.wait_for_url("**/today/")
    expect(page.locator(".tour")).to_have_count(0)


@pytest.mark.parametrize("device", ["desktop"])
def test_the_tour_follows_when_the_numbers_themselves_are_pressed(visit: Visit, device: str, language: str) -> None:
    hand = visit("", device, language)
    page = hand.page
    hand.go("/")
    hand.tap(".tour-offer button")
    page.wait_for_url(re.compile(PATHS[0]))
    hand.tap(f"{hand.at().partition('/board/')[2]} .points a.opens")
    page.wait_for_url(re.compile(PATHS[1]))
    hand.tap(".head-pair > a.opens")
    page.wait_for_url(re.compile(PATHS[2]))
    assert rows(page).count() >= 2
    assert re.findall(r"\d+", page.locator(".tour strong").inner_text())[0] == "3"
    page.goto(page.url.partition("/list/")[0] + next(h for h in hrefs(rows(page).locator("a")) if "/activity/" in h))
    assert re.findall(r"\d+", page.locator(".tour strong").inner_text())[0] == "4"
