"""What a page says, read from its own markup and not from its words."""

import re
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page

from tests.browser.conftest import Hand

FIRST_NUMBER = re.compile(r"\d[\d,]*")
TOTAL = re.compile(r'class="totals"><strong>\D*(\d[\d,]*)')


def number(text: str) -> int:
    """The first whole number in a text."""
    found = FIRST_NUMBER.search(text)
    assert found, f"no number in {text!r}"
    return int(found[0].replace(",", ""))


def hrefs(found: Locator) -> list[str]:
    return [str(a) for a in found.evaluate_all("all => all.map(a => a.getAttribute('href'))")]


def numbers(found: Locator) -> list[tuple[str, int]]:
    """Counts on a page with the addresses they open."""
    return [(href, number(text)) for href, text in zip(hrefs(found), found.all_inner_texts(), strict=True)]


def get(hand: Hand, href: str) -> tuple[int, str]:
    """The status and text of an address, asked for with the visitor's own cookies, without drawing it."""
    answer = hand.page.context.request.get(urljoin(hand.watch.url, href))
    return answer.status, answer.text()


def listed(hand: Hand, href: str) -> int:
    """How many records the list behind an address says it holds."""
    status, text = get(hand, href)
    assert status == 200, f"{href}: {status}"
    found = TOTAL.search(text)
    assert found, f"{href} is no list"
    return number(found[1])


def rows(page: Page) -> Locator:
    """The rows of a list."""
    return page.locator("#results tbody tr")
