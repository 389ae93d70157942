"""The leader in charge, on a phone: what was asked for stands on Today, and is granted by one button."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_cases import press


def test_more_time_asked_for_by_the_team_and_granted_on_the_way(site: Site, visit: Visit) -> None:
    case = site.spare_case()
    office, team = visit("project_office", "desktop", "en"), visit("team", "desktop", "en")
    office.go(f"/cases/{case}/")
    press(office, case, "dispatch", unit=str(site.known["unit"]))
    team.go(f"/cases/{case}/")
    press(team, case, "accept")
    asks = "details:has(input[value=extension])"
    team.tap(f"{asks} summary")
    team.page.locator(f"{asks} [name=reason]").fill("管线权属单位未批复")
    team.tap(f"{asks} form .btn")
    hand = visit("leader", "phone", "zh")
    hand.go("/today/")
    expect(hand.page.locator(".day-items")).to_contain_text(["管线权属单位未批复"])
    hand.tap("a.opens[href='/queue/?step=decide']")
    line = f".queue-line:has(a[href='/cases/{case}/'])"
    expect(hand.page.locator(line)).to_contain_text("管线权属单位未批复")
    with hand.page.expect_navigation():
        hand.tap(f"{line} button[value=grant]")
    expect(hand.page.locator(line)).to_have_count(0)
    team.go(f"/cases/{case}/")
    expect(team.page.locator(".timeline-list").first).to_contain_text("granted")
