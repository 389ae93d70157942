"""Who checks: reads what was done, closes by one button, prints the sheet; and how the stages stand."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_cases import press, where


def test_checked_closed_and_printed(site: Site, visit: Visit) -> None:
    case, team, office = site.spare_case(), visit("team", "phone", "zh"), visit("project_office", "desktop", "en")
    for hand, verb, said in (
        (office, "dispatch", {"unit": str(site.known["unit"])}), (team, "accept", {}), (team, "submit", {"reason": "已接通临时水"}),
    ):  # fmt: skip
        hand.go(f"/cases/{case}/")
        press(hand, case, verb, **said)
    office.go("/queue/?step=close")
    line = office.page.locator(f".queue-line:has(a[href='/cases/{case}/'])")
    expect(line).to_contain_text("已接通临时水")
    press(office, case, "close")
    expect(line).to_have_count(0)
    office.go(f"/cases/{case}/")
    assert where(office) == 4
    office.tap(f"a[href='/cases/{case}/sheet/']")
    office.page.emulate_media(media="print")
    expect(office.page.locator(".sheet")).to_be_visible()
    expect(office.page.locator(".rail")).to_be_hidden()
    assert office.page.locator(".sheet-steps tbody tr").count() == 5
    office.page.emulate_media(media="screen")
    office.go("/list/blocker/stages/")
    column = office.page.locator(".stage-column:has(#stage-closed) h2 a")
    n = column.inner_text()
    column.click()
    expect(office.page.locator(".totals")).to_contain_text(n)
