"""A blocker on its way: dispatched by the office, handled by the team, closed by somebody else; and two at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Hand, Site, Visit

STRIP = ["filed", "dispatched", "handling", "checking", "closed"]


def step(case: int, verb: str) -> str:
    return f"form[action='/cases/{case}/{verb}/']"


def where(hand: Hand) -> int:
    """The position of the case on its strip."""
    states = hand.page.locator(".strip li").evaluate_all("all => all.map(i => i.className)")
    assert len(states) == len(STRIP) and states.count("now") <= 1
    return states.index("now") if "now" in states else len(states) - 1


def press(hand: Hand, case: int, verb: str, **said: str) -> None:
    """Take a step: unfold it if folded, say what it asks, press its button."""
    form = hand.page.locator(step(case, verb))
    if not form.is_visible():
        hand.tap(f"details:has({step(case, verb)}) summary")
    for name, value in said.items():
        field = form.locator(f"[name={name}]")
        field.select_option(value) if field.evaluate("f => f.tagName") == "SELECT" else field.fill(value)
    with hand.page.expect_navigation():
        form.locator("button").click()


@pytest.fixture
def at(visit: Visit, language: str) -> Callable[[str, str, int], Hand]:
    """A visitor of a role at the page of a case."""

    def look(role: str, device: str, case: int) -> Hand:
        hand = visit(role, device, language)
        hand.go(f"/cases/{case}/")
        return hand

    return look


@pytest.mark.parametrize("language", ["zh"])
def test_from_filed_to_closed_through_four_hands(site: Site, at: Callable[[str, str, int], Hand]) -> None:
    case = site.spare_case()
    office = at("project_office", "desktop", case)
    assert where(office) == 0
    press(office, case, "dispatch", unit=str(site.known["unit"]))
    assert where(office) == 1 and not office.page.locator(step(case, "accept")).count()
    team = at("team", "phone", case)
    press(team, case, "accept")
    assert where(team) == 2
    press(team, case, "submit", reason="管线已迁改")
    assert where(team) == 3 and not team.page.locator(step(case, "close")).count(), "not closed by who handled it"
    office.go(f"/cases/{case}/")
    press(office, case, "rework", reason="照片未附")
    assert where(office) == 2
    team.go(f"/cases/{case}/")
    press(team, case, "submit", reason="已补照片")
    office.go(f"/cases/{case}/")
    press(office, case, "close")
    assert where(office) == 4 and not office.page.locator(".strip .now").count()
    assert office.page.locator(".record-columns .timeline-list").first.locator("li").count() >= 7
    expect(office.page.locator(".due-sentence")).to_have_count(0)


def test_the_deadline_explains_itself_and_lateness_is_said(site: Site, at: Callable[[str, str, int], Hand]) -> None:
    late, running = at("secretary", "desktop", site.known["overdue"]), at("secretary", "phone", site.known["running"])
    expect(late.page.locator(".turn .late")).to_be_visible()
    expect(running.page.locator(".turn .late")).to_have_count(0)
    for hand in (late, running):
        assert re.search(r"\d", hand.page.locator(".due-sentence").inner_text()), "how many days, until when"


@pytest.mark.parametrize("language", ["en"])
def test_who_was_slower_is_told_and_sees_how_it_stands(site: Site, at: Callable[[str, str, int], Hand]) -> None:
    case, unit = site.spare_case(), str(site.known["unit"])
    first, second = at("project_office", "desktop", case), at("secretary", "desktop", case)
    press(first, case, "dispatch", unit=unit)
    second.watch.expected.add(409)
    press(second, case, "dispatch", unit=unit)
    expect(second.page.locator(".notice-error")).to_be_visible()
    assert where(second) == 1
    second.go(f"/cases/{case}/")
    assert second.page.locator(".timeline-list").first.locator("li").count() == 2, "dispatched once"


@pytest.mark.parametrize("language", ["zh"])
def test_a_reason_is_kept_when_the_step_is_refused(site: Site, at: Callable[[str, str, int], Hand]) -> None:
    case = site.spare_case()
    office, secretary = at("project_office", "desktop", case), at("secretary", "desktop", case)
    press(secretary, case, "void", reason="重复立案")
    office.watch.expected.add(409)
    press(office, case, "void", reason="我也作废")
    expect(office.page.locator(".notice-error")).to_be_visible()
    expect(office.page.locator(".strip")).to_have_count(0)
