"""The map draws the office's own boundaries; the list beside it says the same."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import PAIRED, Site, Visit


def colours(page: Page) -> dict[tuple[int, ...], int]:
    """How many pixels of the map have each colour."""
    picture = Image.open(BytesIO(page.locator("#map canvas").screenshot())).convert("RGB")
    found = picture.getcolors(picture.width * picture.height) or []
    return {colour: n for n, colour in found}  # type: ignore[misc]


@PAIRED
def test_boundaries_are_drawn_and_places_chosen(site: Site, visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    page = hand.page
    hand.go("/map/")
    expect(page.locator("#map[data-ready=yes]")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(300)
    drawn = colours(page)
    whole = sum(drawn.values())
    areas = [n for n in drawn.values() if n > whole / 20]
    assert len(areas) >= 2, "the ground and the communities on it"
    expect(page.locator(".map-label-community, .map-label-village")).to_have_count(2)
    community = site.known["places"]["示例社区01"]
    row = page.locator(f"[data-place='{community}']")
    row.locator("th").click()
    expect(page.locator(".maplibregl-popup a")).to_have_count(4)
    expect(row).to_have_class("is-chosen")
    said = row.locator("td").all_inner_texts()
    assert page.locator(".maplibregl-popup b").all_inner_texts() == said
    page.wait_for_timeout(300)
    assert colours(page) != drawn, "the chosen place is marked"


@pytest.mark.parametrize("language", ["zh"])
def test_a_grid_worker_sees_the_own_community_near(site: Site, visit: Visit, language: str) -> None:
    hand = visit("grid", "phone", language)
    hand.go("/map/")
    expect(hand.page.locator("#map[data-ready=yes]")).to_be_visible(timeout=20_000)
    expect(hand.page.locator(f"[data-place='{site.known['places']['示例社区01']}']")).to_be_visible()
