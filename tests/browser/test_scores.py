"""A grid worker's own score on a phone: read down to a record, appealed, decided by another post, and answered."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit


@pytest.mark.parametrize("language", ["zh"])
def test_she_reads_it_down_to_a_record_appeals_and_is_answered(site: Site, visit: Visit, language: str) -> None:
    own = f"/assessment/scores/{site.known['score']}/"
    worker = visit("grid", "phone", language)
    page = worker.page
    worker.go("/assessment/")
    worker.fits()
    worker.tap(f"a.opens[href='{own}']")
    page.wait_for_url(f"**{own}")
    worker.fits()
    worker.tap(f"a.opens[href='{own}on_time/']")
    page.wait_for_url(f"**{own}on_time/")
    worker.fits()
    records = page.locator("main a[href^='/cases/']")
    expect(records).to_have_count(5)
    records.first.tap()
    page.wait_for_url(re.compile(r"/cases/\d+/"))
    expect(page.locator("h1")).to_contain_text("窨井盖松动")

    worker.go(own)
    worker.write("#f-text", "其中两件是供电部门的责任")
    worker.tap("form:has(#f-text) button")
    expect(page.locator("main")).to_contain_text("其中两件是供电部门的责任")
    expect(page.locator("#f-text")).to_have_count(0)
    assert worker.did <= 4, "two taps to the records, a sentence and a tap to appeal"

    chief = visit("secretary", "desktop", language)
    chief.go("/assessment/decisions/")
    chief.tap(f"a[href='{own}']")
    chief.write("#f-ruling", "供电部门已说明,属实")
    chief.tap("button[value=accept]")
    expect(chief.page.locator("main")).to_contain_text("供电部门已说明")

    worker.go(own)
    worker.fits()
    expect(page.locator("main")).to_contain_text("供电部门已说明,属实")
    expect(page.locator(".totals")).to_contain_text("免予计入")
