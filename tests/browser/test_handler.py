"""Who handles, on a phone: takes what was sent, says what was done, each by one button of the own queue."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_cases import press, where


def test_taken_and_done_without_leaving_the_queue(site: Site, visit: Visit) -> None:
    case = site.spare_case()
    office = visit("project_office", "desktop", "en")
    office.go(f"/cases/{case}/")
    press(office, case, "dispatch", unit=str(site.known["unit"]))
    hand = visit("team", "phone", "zh")
    page = hand.page
    hand.go("/queue/")
    hand.fits()
    for verb, said in (("accept", {}), ("submit", {"reason": "管线已迁改"})):
        press(hand, case, verb, **said)
        assert hand.at() == "/queue/"
    expect(page.locator(f"form[action^='/cases/{case}/']")).to_have_count(0)
    hand.go(f"/cases/{case}/")
    assert where(hand) == 3
