"""A grid worker reports a problem; the own community sees it, the other one does not."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Site, Visit
from tests.browser.reading import get, hrefs, listed
from tests.browser.test_daily_report import photo


def sign_in(hand: Hand, username: str, password: str) -> None:
    hand.go("/sign-in/")
    hand.write("#username", username)
    hand.write("#password", password)
    with hand.page.expect_navigation():
        hand.tap(".sign-in button")


@pytest.mark.parametrize("device", ["phone"])
def test_three_taps_and_a_sentence_and_what_became_of_it(site: Site, visit: Visit, device: str, language: str) -> None:
    hand = visit("grid", device, language)
    page = hand.page
    hand.go("/today/")
    hand.tap(".day-action[href='/new/issue/']")
    page.locator("#f-what").fill("路口积水")
    page.locator("#f-photo").set_input_files({"name": "积水.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    if page.locator("input[name=class]").count():
        hand.tap("label:has(input[name=class][value=other])")
    else:
        hand.did += 1
        page.locator("select[name=class]").select_option("other")
    assert page.locator("[name=place]").input_value().startswith("#"), "the own grid is filled in"
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/cases/*/")
    assert hand.did <= 3
    filed = hand.at()
    expect(page.locator(".strip [aria-current=step]")).to_have_count(1)
    [picture] = hrefs(page.locator(".photos a"))
    hand.go("/today/")
    expect(page.locator(f".day-block a[href='{filed}'] .day-badge").first).to_be_visible()
    community = visit("community", device, language)
    assert [get(community, a)[0] for a in (filed, picture)] == [200, 200]
    other = visit("", device, language)
    sign_in(other, "community02", site.known["password"])
    assert other.at() == "/today/"
    assert [get(other, a)[0] for a in (filed, picture)] == [404, 404]
    assert filed not in get(other, "/list/issue/")[1]


@pytest.mark.parametrize("device", ["phone"])
def test_a_problem_without_words_is_said_at_its_field(visit: Visit, device: str, language: str) -> None:
    hand = visit("grid", device, language)
    before = listed(hand, "/list/issue/")
    hand.go("/new/issue/")
    hand.watch.expected.add(422)
    hand.tap(".record-form .btn-primary")
    expect(hand.page.locator("#f-what[aria-invalid=true]")).to_be_visible()
    expect(hand.page.locator("#f-what-error")).not_to_be_empty()
    assert listed(hand, "/list/issue/") == before


@PAIRED
def test_hidden_is_not_found(site: Site, visit: Visit, device: str, language: str) -> None:
    hand = visit("community", device, language)
    hand.go(f"/cases/{site.known['issue']}/")
    hand.go(f"/cases/{site.known['issue2']}/", status=404)
    expect(hand.page.locator("main h1")).not_to_be_empty()
    expect(hand.page.locator("main a[href='/today/']")).to_be_visible()
    hand.go("/no-such-page/", status=404)
