"""Every number opens, and what opens holds as many records as the number says."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Hand, Visit
from tests.browser.reading import get, hrefs, listed, numbers

COUNTED = {
    "/today/": ".day-counts a.opens, .table a.opens",
    "/board/": ".state-light, td:nth-last-child(2) a.opens[href^='/list/blocker/']",
    "/map/": ".map-list a.opens",
}


def held(hand: Hand, href: str) -> int:
    """How many records an address opens: those of a list, or the proposals on the board."""
    if href.startswith("/list/"):
        return listed(hand, href)
    assert href == "/board/#to-decide", href
    return get(hand, href)[1].count('class="proposal"')


@pytest.mark.parametrize("role", ["secretary", "leader", "project_office", "team", "community", "grid", "county"])
def test_the_list_behind_a_count_holds_as_many(visit: Visit, role: str) -> None:
    hand = visit(role)
    checked = 0
    for address, selector in COUNTED.items():
        hand.go(address)
        for href, shown in set(numbers(hand.page.locator(selector))):
            assert held(hand, href) == shown, f"{address}: {shown} opens {href}"
            checked += 1
    assert checked >= 3


def test_every_number_of_a_page_opens(visit: Visit) -> None:
    hand = visit("secretary")
    opened: dict[str, int] = {}
    for address in ("/today/", "/board/", "/board/?week=2020-09-13", "/projects/1/", "/figures/"):
        hand.go(address)
        found = hrefs(hand.page.locator("a.opens"))
        assert len(found) > 3, address
        opened |= {href: get(hand, href)[0] for href in set(found) - opened.keys() if not href.startswith("#")}
    assert {h: s for h, s in opened.items() if s != 200} == {}
    assert len(opened) > 40


def test_no_number_of_the_days_page_stands_without_its_records(visit: Visit) -> None:
    hand = visit("secretary")
    hand.go("/today/")
    for count in hand.page.locator(".day-counts li, .figure-number").all():
        expect(count.locator("a.opens")).to_have_count(1)


def test_figures_open_as_many_records_as_they_say(visit: Visit) -> None:
    hand = visit("secretary")
    for key in ("blockers.open", "blockers.overdue", "projects.count", "reports.sent", "issues.filed"):
        hand.go(f"/figures/{key}/")
        [(href, shown)] = numbers(hand.page.locator(".figure-number a.opens"))
        assert listed(hand, href) == shown, key
