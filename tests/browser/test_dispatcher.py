"""Who dispatches: from Today to what waits, one by its page, several from the list by one form."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_cases import press, where


def test_one_by_its_page_and_several_from_the_list(site: Site, visit: Visit) -> None:
    one, *several = (site.spare_case() for _n in range(3))
    hand = visit("project_office", "desktop", "zh")
    page = hand.page
    hand.go("/today/")
    hand.tap(".day-block a[href='/queue/?step=dispatch']")
    line = f".queue-line:has(a[href='/cases/{one}/'])"
    expect(page.locator(line)).to_be_visible()
    hand.tap(f"{line} .queue-do .btn")
    press(hand, one, "dispatch", unit=str(site.known["unit"]))
    assert hand.at() == "/queue/?step=dispatch", "back where the work is"
    expect(page.locator(line)).to_have_count(0)
    hand.go("/list/blocker/?stage=filed")
    hand.fits()
    for case in several:
        page.locator(f"input[name=case][value='{case}']").check()
    hand.tap(".list-several button[value=dispatch]")
    page.locator("select[name=unit]").select_option(str(site.known["unit"]))
    hand.tap(".several-form .btn-primary")
    expect(page.locator(".notice-success")).to_contain_text("已办理 2 件")
    hand.go(f"/cases/{several[0]}/")
    assert where(hand) == 1
