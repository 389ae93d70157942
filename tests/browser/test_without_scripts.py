"""Without JavaScript the daily work goes on: signing in, board, list, report, a case's step."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Site, Visit
from tests.browser.reading import listed, rows
from tests.browser.test_cases import press, where
from tests.browser.test_daily_report import SENT, todays
from tests.browser.test_ground import sign_in


@PAIRED
def test_signing_in_and_the_board(site: Site, visit: Visit, device: str, language: str) -> None:
    hand = visit("", device, language, scripts=False)
    page = hand.page
    hand.go("/")
    hand.tap("form[action='/demo/as/secretary/'] .role-card")
    page.wait_for_url("**/today/")
    hand.go("/board/")
    assert page.locator("td.rank a").count() >= 12
    page.locator(".week input[name=week]").fill("2020-09-10")
    hand.tap(".week form button")
    page.wait_for_url(re.compile("week=2020-09-10"))
    hand.tap(".top .menu > summary")
    hand.tap(".top form[action='/sign-out/'] button")
    page.wait_for_url(re.compile(r"/$"))
    sign_in(hand, "community02", site.known["password"])
    assert hand.at() == "/today/"


def test_a_report_with_its_blocker(site: Site, visit: Visit) -> None:
    project = site.spare_project()
    hand = visit("team", "phone", "zh", scripts=False)
    page = hand.page
    hand.go(f"/projects/{project}/report/")
    expect(page.locator("#what")).to_be_hidden()
    hand.tap("label[for=blocked-yes]")
    hand.tap("label[for=class-weather]")
    hand.write("#what", "暴雨停工")
    hand.write("#amount", "97")
    hand.tap(".send button")
    page.wait_for_url(SENT)
    assert listed(hand, todays(project)) == 1


def test_a_list_is_filtered_and_a_case_moved_on(site: Site, visit: Visit) -> None:
    case = site.spare_case()
    hand = visit("project_office", "desktop", "en", scripts=False)
    page = hand.page
    hand.go("/list/blocker/?stage=filed,reopened")
    page.locator("#filter-text").fill("审批")
    hand.tap(".filter-go")
    page.wait_for_url(re.compile(r"text="))
    assert rows(page).count() >= 1
    hand.go(f"/cases/{case}/")
    press(hand, case, "dispatch", unit=str(site.known["unit"]))
    assert where(hand) == 1


def test_the_wall_turns_by_itself_and_the_map_is_a_list(visit: Visit) -> None:
    hand = visit("secretary", "hall", "zh", scripts=False)
    hand.go("/board/wall/")
    assert "page=2" in (hand.page.locator("noscript meta").first.get_attribute("content") or "")
    hand.go("/map/")
    expect(hand.page.locator("#map")).to_be_hidden()
    assert hand.page.locator(".map-list tbody tr").count() == 3
