"""A resident without an account, on a phone: reports, follows by the code, and rates how it was handled."""

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.test_cases import press


def test_reported_followed_and_rated(site: Site, visit: Visit) -> None:
    hand = visit("", "phone", "zh")
    page = hand.page
    hand.go(f"/public/{site.known['office']}/")
    hand.tap("a[href$='/report/request/']")
    page.wait_for_url("**/report/request/")
    page.locator("#f-what").fill("路口井盖松动，过车有响声")
    page.locator("[name=class]").first.evaluate(
        "f => { if (f.tagName === 'SELECT') f.selectedIndex = 1; else f.checked = true; }"
    )
    page.locator("select[name=place]").select_option(f"#{site.known['places']['示例社区01']}")
    page.wait_for_timeout(3500)  # what is sent within three seconds is taken for a machine's
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/follow/*/")
    followed = hand.at()
    hand.fits()
    expect(page.locator(".strip .now")).to_have_count(1)
    office, team = visit("project_office", "desktop", "en"), visit("team", "desktop", "en")
    office.go("/list/request/?stage=reported")
    case = int(office.page.locator(".record-table tbody a").first.get_attribute("href").split("/")[2])  # type: ignore[union-attr]
    unit = {"unit": str(site.known["unit"])}
    done = {"reason": "井盖已加固"}
    for who, verb, said in (
        (office, "verify", {}), (office, "dispatch", unit), (team, "accept", {}), (team, "submit", done),
        (office, "close", {"reason": "井盖已加固，欢迎再反映"}),
    ):  # fmt: skip
        who.go(f"/cases/{case}/")
        if who.page.locator(f"form[action='/cases/{case}/{verb}/']").count():
            press(who, case, verb, **said)
    hand.go(followed)
    expect(page.locator(".facts")).to_contain_text("欢迎再反映")
    for question in page.locator("#rate fieldset").all():
        question.locator("input[value=yes]").check()
    hand.tap("#rate .btn-primary")
    expect(page.locator("#rate")).to_have_count(0)
    office.go(f"/cases/{case}/")
    expect(office.page.locator(".record-columns")).to_contain_text("satisfied")
