"""The wall in the hall: one dark screen without scrolling, every ranked project on its pages, refreshing itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Hand, Site, Visit
from tests.browser.test_daily_report import SEND, SENT

TURN = 21_000
WATCHED = """() => {
    const root = document.documentElement
    delete root.dataset.turned
    document.addEventListener("htmx:afterSettle", () => { root.dataset.turned = "yes" }, {once: true})
}"""


@pytest.fixture
def wall(visit: Visit, language: str) -> Iterator[Hand]:
    hand = visit("secretary", "hall", language)
    hand.page.clock.install()
    hand.go("/board/wall/")
    return hand


def projects(page: Page) -> list[str]:
    return [str(a) for a in page.locator(".hall-table tbody th a").evaluate_all("all => all.map(a => a.pathname)")]


def turn(hand: Hand) -> None:
    """Let the wall's time pass until the page it fetched has settled: only then does it wait for its next turn."""
    hand.page.evaluate(WATCHED)
    hand.page.clock.fast_forward(TURN)
    expect(hand.page.locator("html[data-turned]")).to_have_count(1, timeout=30_000)


def dark(page: Page) -> bool:
    colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return all(int(part) < 40 for part in colour.removeprefix("rgb(").removesuffix(")").split(","))


def test_it_fits_the_screen_and_turns_through_every_ranked_project(visit: Visit, wall: Hand) -> None:
    page = wall.page
    pages = page.locator(".hall-field li").count()
    assert pages >= 2
    seen: list[str] = []
    for n in range(1, pages + 1):
        expect(page.locator(".hall-field li.here .visually-hidden")).to_have_text(str(n))
        shape = wall.shape()
        assert shape["w"] <= 1920 and shape["h"] <= 1080 and dark(page)
        assert page.locator(".hall-body").evaluate("b => b.scrollHeight <= b.clientHeight"), f"page {n} is cut off"
        for row in page.locator(".hall-table tbody tr").all():
            expect(row).to_be_in_viewport(ratio=1)
        seen += projects(page)
        turn(wall)
    expect(page.locator(".hall-field li.here .visually-hidden")).to_have_text("1")
    board = visit("secretary", "desktop", "en")
    board.go("/board/")
    ranked = board.page.locator("tr:has(td.rank a) th a").evaluate_all("all => all.map(a => a.pathname)")
    assert seen[: len(ranked)] == ranked, "all of them, in their order"


@pytest.mark.parametrize("language", ["zh"])
def test_a_report_just_sent_shows_when_it_turns(site: Site, visit: Visit, wall: Hand) -> None:
    project = site.known["projects"]["X12"]
    shown = f"tr:has(a[href='/projects/{project}/'])"
    pages = wall.page.locator(".hall-field li").count()
    before = done_of(wall, shown, pages)
    team = visit("team", "phone", "zh")
    team.go(f"/projects/{project}/report/")
    team.write("#amount", "95")
    team.tap(SEND)
    team.page.wait_for_url(SENT)
    turn(wall)
    assert done_of(wall, shown, pages) != before


def done_of(hand: Hand, row: str, pages: int) -> str:
    """What the wall says of a project, on whichever page it stands."""
    for _n in range(pages):
        if hand.page.locator(row).count():
            return hand.page.locator(f"{row} .hall-done").inner_text()
        turn(hand)
        expect(hand.page.locator(".hall-table, .hall-names").first).to_be_visible()
    raise AssertionError(row)


@pytest.mark.parametrize("language", ["zh"])
def test_without_the_server_it_says_that_it_is_late_and_recovers(wall: Hand) -> None:
    page = wall.page
    wall.watch.offline = True
    page.context.set_offline(True)
    for _n in range(10):
        page.clock.fast_forward(TURN)
    expect(page.locator("#notices")).to_be_hidden()
    expect(page.locator("[data-clock]")).to_have_class("hall-clock late")
    assert projects(page), "the last ranking stays"
    page.context.set_offline(False)
    turn(wall)
    page.clock.run_for(1500)
    expect(page.locator("[data-clock]")).to_have_class("hall-clock")
    expect(page.locator("#notices p")).to_have_count(0)
    assert wall.shape()["h"] <= 1080
