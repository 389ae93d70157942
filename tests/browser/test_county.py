"""The county: offices side by side, a case put on its list and struck off again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Site, Visit
from tests.browser.reading import hrefs
from tests.browser.test_cases import press, step


@PAIRED
def test_offices_stand_side_by_side(visit: Visit, device: str, language: str) -> None:
    hand = visit("county", device, language)
    hand.go("/today/")
    rows = hand.page.locator("section[aria-labelledby=offices] tbody tr")
    expect(rows).to_have_count(2)
    first, second = ([int(t) for t in row.locator("a.opens").all_inner_texts()] for row in rows.all())
    assert {first[0], second[0]} == {15, 1} and max(first[1], second[1]) >= 3
    hand.go("/board/")
    assert hand.page.locator("td.rank a").count() >= 13, "the projects of both offices"


@pytest.mark.parametrize("device", ["desktop"])
def test_a_case_on_the_countys_list_and_off_it(site: Site, visit: Visit, device: str, language: str) -> None:
    case = site.spare_case()
    hand = visit("county", device, language)
    page = hand.page
    hand.go(f"/cases/{case}/")
    press(hand, case, "supervise", until="2020-09-30", reason="重点督办")
    expect(page.locator(".listed")).to_contain_text("重点督办")
    hand.go("/today/")
    assert f"/cases/{case}/" in hrefs(page.locator(".day-items a"))
    office = visit("secretary", device, language)
    office.go(f"/cases/{case}/")
    expect(office.page.locator(".listed")).to_contain_text("重点督办")
    hand.go(f"/cases/{case}/")
    press(hand, case, "strike-off", reason="已解决")
    expect(page.locator(".listed")).to_have_count(0)
    expect(page.locator(step(case, "strike-off"))).to_have_count(0)
    hand.go("/today/")
    assert f"/cases/{case}/" not in hrefs(page.locator(".day-block").first.locator(".day-items a"))


def test_a_day_past_is_refused_and_what_was_said_stays(site: Site, visit: Visit, language: str) -> None:
    case = site.known["running"]
    hand = visit("county", "desktop", language)
    hand.go(f"/cases/{case}/")
    hand.watch.expected.add(422)
    press(hand, case, "supervise", until="2020-09-01", reason="重点督办")
    expect(hand.page.locator(".notice-error")).to_be_visible()
    expect(hand.page.locator(f"{step(case, 'supervise')} [name=reason]")).to_have_value("重点督办")
    expect(hand.page.locator(".listed")).to_have_count(0)
