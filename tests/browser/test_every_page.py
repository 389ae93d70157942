"""Every page of every role's navigation: it fits, it is in one language, nothing fails and nothing is asked elsewhere.

The watch of ``conftest`` judges requests, console and content policy on these pages and on all that the tests visit.
"""

import csv
import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Site, Visit
from tests.browser.reading import get, hrefs
from zijing.demo.roles import ROLES

# A key such as “town-report” is no word.
ENGLISH_LEFT = re.compile(r"(?<!-)\b(?:the|and|of|is|not|this|with|from|report|open|project)\b(?!-)")
SHOWN_ONLY = """() => {
  const left = document.body.cloneNode(true);
  for (const e of left.querySelectorAll("script, [lang=en], code, noscript, svg")) e.remove();
  return left.innerText;
}"""
PAGES = [
    "/",
    "/sign-in/",
    "/projects/1/",
    "/projects/15/",
    "/records/activity/1/",
    "/records/register/1/",
    "/cases/1/",
    "/unattended/",
    "/burden/",
    "/sheets/wanted/",
]
ADDRESSES = [
    "/mine/",
    "/calendar/",
    "/plans/",
    "/plans/read/",
    "/indicators/",
    "/indicators/month/",
    "/board/contests/hundred-days/",
    "/board/contests/investment-third-quarter/",
]


def entries_of(role: str, packs: list[str]) -> int:
    """How many pages these packs put into the navigation of a role."""
    rails = ((settings.PACKS / pack / "rail.csv").read_text(encoding="utf-8") for pack in packs)
    return sum(role in row["role"].split() for rail in rails for row in csv.DictReader(rail.splitlines()))


@PAIRED
@pytest.mark.parametrize("role", [key for key, *_rest in ROLES])
def test_the_pages_of_a_role(visit: Visit, site: Site, role: str, device: str, language: str) -> None:
    hand = visit(role, device, language)
    hand.go("/today/")
    selector = ".tabs a" if device == "phone" else ".rail a"
    addresses = hrefs(hand.page.locator(selector))
    assert addresses[0] == "/today/" and len(addresses) == len(set(addresses)) == entries_of(role, site.known["packs"])
    for address in addresses:
        hand.page.goto(hand.watch.url + address)
        look(hand, language)


@pytest.mark.parametrize(("device", "language"), [("phone", "en"), ("desktop", "zh")])
def test_the_pages_of_records(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    for address in PAGES:
        hand.page.goto(hand.watch.url + address)
        look(hand, language)


@pytest.mark.parametrize(("device", "language"), [("phone", "en"), ("phone", "zh"), ("desktop", "zh")])
def test_the_pages_of_plans_and_schedules(visit: Visit, site: Site, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page, plan = hand.page, f"/plans/{site.known['plan']}/"
    hand.go("/indicators/")
    indicator = next(a for a in hrefs(page.locator("main td a")) if re.fullmatch(r"/indicators/\d+/", a))
    named = [indicator, *(plan + part for part in ("", "slipped/", "orders/", "against/", "change/"))]
    for address in (*named, *ADDRESSES, f"/projects/{site.known['projects']['X01']}/schedule/"):
        page.goto(hand.watch.url + address)
        look(hand, language)


def look(hand: Hand, language: str) -> None:
    """What holds of any page."""
    page = hand.page
    if page.locator("#map").count():  # a phone's service worker calls what a map left early still loads a failure
        expect(page.locator("#map[data-ready=yes]")).to_be_attached(timeout=20_000)
    hand.fits()
    assert page.locator("h1").first.inner_text().strip() and page.title().strip(" ·")
    assert (page.locator("html").get_attribute("lang") or "").startswith(language)
    missing = page.locator("svg use").evaluate_all(
        "all => all.filter(u => u.getBoundingClientRect().width === 0 && u.closest('svg').checkVisibility())"
        ".map(u => u.getAttribute('href'))"
    )  # fmt: skip
    assert not missing, f"{hand.at()}: pictures without a drawing {missing}"
    if language == "zh":
        words = ENGLISH_LEFT.findall(page.evaluate(SHOWN_ONLY))
        assert not words, f"{hand.at()} says {words} in English"


def test_every_picture_of_the_pages_is_in_the_sprite(visit: Visit) -> None:
    hand = visit("secretary")
    hand.go("/today/")
    used = set(hrefs(hand.page.locator("svg use")))
    sprite = get(hand, next(iter(used)).partition("#")[0])[1]
    assert all(f'id="{href.partition("#")[2]}"' in sprite for href in used)
