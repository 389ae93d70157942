"""A document from its form to what a unit replies, each at the own desk or phone; its numbers open to the records."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Hand, Site, Visit
from zijing.demo.pictures import SIZE

BULLETIN = "关于2020年9月7日至13日重点项目推进情况的通报"


def step(hand: Hand, verb: str) -> None:
    """Press one of the steps that the page offers."""
    with hand.page.expect_navigation():
        hand.tap(f"form:has(input[name=do][value={verb}]) button")


def follow(hand: Hand, selector: str) -> None:
    """Tap the first such link, and be where it leads."""
    with hand.page.expect_navigation():
        hand.tap(f"{selector} >> nth=0")


def drafted(hand: Hand) -> str:
    """The week's bulletin, begun from its form; where it stands."""
    hand.go("/documents/new/")
    hand.page.locator("#template").select_option(label="项目周通报 · 通报")
    hand.page.locator("#period").select_option("2020-W37")
    with hand.page.expect_navigation():
        hand.tap("main form .btn-primary")
    expect(hand.page.locator(".paper .title")).to_have_text(BULLETIN)
    return hand.at()


def test_a_clerk_drafts_the_secretary_signs_a_unit_replies(site: Site, visit: Visit) -> None:
    clerk = visit("project_office", "desktop", "zh")
    address = drafted(clerk)
    expect(clerk.page.locator(".paper table").first).to_contain_text("X01")
    clerk.go(f"{address}change/")
    clerk.page.get_by_label("team单位", exact=True).first.check()
    clerk.write("#reply_days", "3")
    with clerk.page.expect_navigation():
        clerk.tap("main form .btn-primary")
    step(clerk, "submit")
    leader = visit("leader", "desktop", "en")
    leader.go("/documents/")
    follow(leader, f"a[href='{address}']")
    step(leader, "check")
    secretary = visit("secretary", "phone", "zh")
    secretary.go("/documents/")
    secretary.fits()
    follow(secretary, f"a[href='{address}']")
    secretary.fits()
    step(secretary, "sign")
    clerk.go(address)
    step(clerk, "issue")
    expect(clerk.page.locator(".document-number")).to_have_text("紫办通〔2020〕1号")
    team = visit("team", "phone", "zh")
    team.go("/documents/")
    follow(team, f"a[href='{address}']")
    team.write("#reply", "已倒排工期。")
    step(team, "reply")
    clerk.go(address)
    expect(clerk.page.get_by_text("已倒排工期。")).to_be_visible()
    opens_to_its_records(secretary, address)


def opens_to_its_records(hand: Hand, address: str) -> None:
    """A printed number opens: what it was, what it is, the very record behind it, and the photo of that."""
    hand.go(address)
    follow(hand, ".paper a.opens[href*='/numbers/']")
    expect(hand.page.get_by_text("仍然属实")).to_be_visible()
    hand.fits()
    follow(hand, ".figure-number a.opens")
    assert hand.at().startswith("/list/blocker/")
    follow(hand, "main table a[href^='/cases/']")
    expect(hand.page.locator("h1")).to_contain_text("材料未到场")
    hand.fits()
    with hand.page.expect_navigation() as opened:
        hand.tap(".photos a >> nth=0")
    answer = opened.value
    assert answer.status == 200 and answer.headers["content-type"] == "image/jpeg"
    assert Image.open(BytesIO(answer.body())).size == SIZE
