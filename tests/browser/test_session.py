"""Ends: of a session, of a post, of a visit; each says so and loses nothing that was to be kept."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Site, Visit
from tests.browser.test_ground import sign_in


@pytest.fixture
def in_the_section(site: Site, visit: Visit, language: str) -> Hand:
    hand = visit("", "desktop", language)
    sign_in(hand, "section01", site.known["password"])
    return hand


@PAIRED
def test_after_the_session_one_signs_in_and_goes_on_where_one_was(
    site: Site, visit: Visit, device: str, language: str
) -> None:
    hand = visit("", device, language)
    sign_in(hand, "community02", site.known["password"])
    hand.watch.expected.add(401)  # the worker of a phone may just be asking for what it keeps
    hand.page.context.clear_cookies(name="sessionid")
    hand.go("/list/issue/?open=yes")
    assert hand.at().startswith("/sign-in/?next=")
    hand.write("#username", "community02")
    hand.write("#password", site.known["password"])
    with hand.page.expect_navigation():
        hand.tap(".sign-in button")
    assert hand.at() == "/list/issue/?open=yes"


@pytest.mark.parametrize("language", ["en"])
def test_a_fragment_asked_for_after_the_session_leads_to_sign_in(in_the_section: Hand) -> None:
    hand = in_the_section
    hand.go("/list/blocker/")
    hand.page.context.clear_cookies(name="sessionid")
    hand.page.locator("#filter-open").select_option("yes")
    hand.page.wait_for_url("**/sign-in/**")


@pytest.mark.parametrize("language", ["zh"])
def test_signed_out_the_back_button_shows_nothing(in_the_section: Hand) -> None:
    hand = in_the_section
    hand.go("/list/blocker/")
    hand.tap(".top .menu > summary")
    with hand.page.expect_navigation():
        hand.tap(".top form[action='/sign-out/'] button")
    hand.page.go_back()
    assert hand.at().startswith("/sign-in/")


@PAIRED
def test_a_wrong_password_is_said_politely(visit: Visit, device: str, language: str) -> None:
    hand = visit("", device, language)
    hand.watch.expected.add(422)
    sign_in(hand, "nobody", "wrong-password-1")
    expect(hand.page.locator("#sign-in-error")).not_to_be_empty()
    expect(hand.page.locator("#username")).to_have_value("nobody")


@pytest.mark.parametrize("language", ["zh"])
def test_a_post_that_ends_amid_work_is_told_so_and_nothing_is_written(site: Site, visit: Visit, language: str) -> None:
    hand = visit("", "desktop", language)
    sign_in(hand, "director01", site.known["password"])
    hand.go("/new/issue/")
    hand.write("#f-what", "最后一件事")
    site.end_post("director")
    hand.watch.expected.add(403)
    with hand.page.expect_navigation():
        hand.tap(".record-form .btn-primary")
    expect(hand.page.locator("main .prose p").first).not_to_be_empty()
    hand.go("/today/", status=403)
    secretary = visit("secretary", "desktop", language)
    secretary.go("/list/issue/")
    assert not secretary.page.get_by_text("最后一件事").count()
    with hand.page.expect_navigation():
        hand.tap("main form[action='/sign-out/'] button")
    assert hand.at() == "/"


def test_the_dark_theme_stays_chosen(visit: Visit, device: str) -> None:
    hand = visit("secretary", device, "zh")
    hand.go("/today/")
    expect(hand.page.locator("html")).to_have_attribute("data-bs-theme", "light")
    hand.tap("[data-theme-switch]")
    hand.go("/board/")
    expect(hand.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_without_the_network_it_is_said_and_then_no_longer(visit: Visit) -> None:
    hand = visit("secretary", "desktop", "en")
    page = hand.page
    hand.go("/list/blocker/")
    hand.watch.offline = True
    page.context.set_offline(True)
    page.locator("#filter-open").select_option("yes")
    expect(page.locator("#notices [role=alert]")).to_be_visible()
    page.context.set_offline(False)
    page.locator("#filter-open").select_option("")
    expect(page.locator("#notices [role=alert]")).to_have_count(0)
