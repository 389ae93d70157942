"""The complaints entrance from the menu of any page: sent without a name, followed by its code, answered."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Visit
from tests.browser.test_cases import press


@PAIRED
def test_from_the_menu_to_the_code(visit: Visit, device: str, language: str) -> None:
    hand = visit("grid", device, language)
    page = hand.page
    hand.go("/messages/")
    page.locator("details.menu summary").click()
    with page.expect_navigation():
        page.locator("a.menu-item[href^='/complain/']").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[name=what]").fill("一周要了三次人口表")
    field = page.locator("[name=class]").first
    field.select_option(index=1) if field.evaluate("e => e.tagName") == "SELECT" else field.check(force=True)
    page.wait_for_timeout(3200)
    with page.expect_navigation():
        hand.tap(".form-end .btn-primary")
    expect(page).to_have_url(re.compile(r"/follow/[0-9A-Z]{12}/"))
    followed = hand.at()
    office = visit("project_office", "desktop", "en")
    office.go("/list/complaint/?stage=reported")
    case = int(office.page.locator(".record-table tbody a").first.get_attribute("href").split("/")[2])  # type: ignore[union-attr]
    office.go(f"/cases/{case}/")
    press(office, case, "refuse", reason="该表已停用，今后从台账取数")
    hand.go(followed)
    expect(page.locator("main")).to_contain_text("该表已停用")
