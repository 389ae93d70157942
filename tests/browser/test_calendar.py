"""The calendar and the board of a past week, in a real browser: a month on a desktop, a list on a phone."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit


@PAIRED
def test_the_month_fits_and_its_entries_open(visit: Visit, device: str, language: str) -> None:
    hand = visit("leader", device, language)
    hand.go("/calendar/?scope=all")
    shown, hidden = (".month-list", ".month") if device == "phone" else (".month", ".month-list")
    expect(hand.page.locator(shown)).to_be_visible()
    expect(hand.page.locator(hidden)).to_be_hidden()
    hand.fits()
    hand.tap("a[rel=next]")
    hand.page.wait_for_url("**month=**")


@PAIRED
def test_a_past_week_of_the_board_is_one_tap_away(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    hand.go("/board/")
    hand.tap(".week a[rel=prev]")
    hand.page.wait_for_url("**week=**")
    expect(hand.page.locator(".week a[rel=next]")).to_be_visible()
    expect(hand.page.locator(".state-words")).not_to_be_empty()


@PAIRED
def test_the_list_of_projects_fits(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    hand.go("/projects/")
    expect(hand.page.locator(".projects tbody tr").first).to_be_visible()
    hand.fits()
