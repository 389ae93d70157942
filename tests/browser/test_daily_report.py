"""The task team on its phone: a daily report in a few taps, once however often it is sent, photo and blocker with it."""

import re
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Hand, Site, Visit
from tests.browser.founding import TODAY
from tests.browser.reading import get, hrefs, listed

SENT = re.compile(r"/projects/\d+/report/\d+/$")
SEND = ".send button"
pytestmark = pytest.mark.parametrize("device", ["phone"])


def todays(project: int) -> str:
    return f"/list/daily-report/?subject={project}&happened={TODAY}"


def photo() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (640, 480), "#886644").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_from_sign_in_to_a_sent_report_in_six_taps(site: Site, visit: Visit, device: str, language: str) -> None:
    project = site.spare_project()
    hand = visit("", device, language)
    page = hand.page
    hand.go("/")
    hand.tap("form[action='/demo/as/team/'] .role-card")
    page.wait_for_url("**/today/")
    if not page.locator(f".day-action[href='/projects/{project}/report/']").count():
        hand.tap(".tabs a[href='/report/']")
    hand.tap(f"main a[href='/projects/{project}/report/']")
    before = float(page.locator("#amount").input_value())
    hand.tap(".ask:has(#amount) [data-by='1']")
    assert float(page.locator("#amount").input_value()) == before + 1
    hand.tap(SEND)
    page.wait_for_url(SENT)
    assert hand.did <= 6
    assert page.locator(".sent-now").inner_text() == f"{before + 1:.1f}%"
    standing = page.locator(".standing dd").all_inner_texts()
    board = visit("secretary", "desktop", language)
    board.go("/board/")
    row = board.page.locator(f"#project-{project}")
    assert row.locator(".pair a.opens").all_inner_texts() == standing[:2]
    assert row.locator(".points").inner_text() == standing[2]
    assert hrefs(row.locator("td:last-child a")) and row.locator("td:last-child").inner_text() == "0"
    assert listed(board, todays(project)) == 1


def test_sent_again_it_is_one_report(site: Site, visit: Visit, device: str) -> None:
    project = site.spare_project()
    hand = visit("team", device, "zh")
    page = hand.page
    hand.go(f"/projects/{project}/report/")
    form = page.locator("form.daily")
    sent = dict(form.evaluate("f => Object.fromEntries([...new FormData(f)].filter(([, v]) => typeof v === 'string'))"))
    assert UUID(sent["client_id"])
    page.locator(SEND).dblclick()
    page.wait_for_url(SENT)
    first = hand.at()
    again = page.context.request.post(
        f"{site.url}/projects/{project}/report/", form=sent, headers={"referer": site.url}
    )
    assert again.url == site.url + first and listed(hand, todays(project)) == 1
    hand.watch.expected |= {409, 422}
    page.go_back()
    hand.tap(SEND)
    expect(page.locator(".sent, .phone-why").first).not_to_be_empty()
    assert listed(hand, todays(project)) == 1


def test_a_blocker_unfolds_is_asked_for_and_files_a_case(site: Site, visit: Visit, device: str, language: str) -> None:
    project = site.spare_project()
    hand = visit("team", device, language)
    page = hand.page
    blockers = f"/list/blocker/?subject={project}&open=yes"
    before = listed(hand, blockers)
    hand.go(f"/projects/{project}/report/")
    expect(page.locator("#what")).to_be_hidden()
    hand.tap("label[for=blocked-yes]")
    expect(page.locator("#what")).to_be_visible()
    hand.write("#amount", "150")
    hand.watch.expected.add(422)
    hand.tap(SEND)
    expect(page.locator("#amount[aria-invalid=true]")).to_have_value("150")
    expect(page.locator(".ask.has-error .error").first).to_be_in_viewport()
    expect(page.locator("#blocked-yes")).to_be_checked()
    hand.write("#amount", "99")
    hand.tap(SEND)
    expect(page.locator(".blocked.has-error .error").first).to_be_visible()
    assert listed(hand, todays(project)) == 0 and listed(hand, blockers) == before, "nothing half done"
    hand.tap("label[for=class-approval]")
    hand.write("#what", "审批未下")
    hand.tap(SEND)
    page.wait_for_url(SENT)
    assert listed(hand, todays(project)) == 1 and listed(hand, blockers) == before + 1
    hand.go(blockers)
    filed = next(h for h in hrefs(page.locator("#results a")) if "/cases/" in h or "/records/case/" in h)
    status, text = get(hand, filed)
    assert status == 200 and 'aria-current="step"' in text


def test_a_photo_goes_along_without_where_it_was_taken(site: Site, visit: Visit, device: str) -> None:
    project = site.spare_project()
    hand = visit("team", device, "en")
    page = hand.page
    hand.go(f"/projects/{project}/report/")
    page.locator("#photo").set_input_files({"name": "工地.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(page.locator("[data-photo-name]")).to_have_text("工地.jpg")
    hand.tap(SEND)
    page.wait_for_url(SENT)
    hand.tap(".sent-now")
    shown = page.locator(".photos img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", value=True)
    assert shown.evaluate("i => i.naturalWidth") > 0
    [href] = hrefs(page.locator(".photos a"))
    kept = Image.open(BytesIO(page.context.request.get(site.url + href).body()))
    assert kept.size == (640, 480) and not kept.getexif()


def test_what_is_no_picture_is_said_at_the_photo(site: Site, visit: Visit, device: str, language: str) -> None:
    project = site.known["projects"]["X10"]
    hand = visit("team", device, language)
    hand.go(f"/projects/{project}/report/")
    hand.page.locator("#photo").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    hand.watch.expected.add(422)
    hand.tap(SEND)
    expect(hand.page.locator(".ask.has-error:has(#photo) .error")).to_be_visible()
    assert listed(hand, todays(project)) == 0


def test_a_number_held_down_goes_on(site: Site, visit: Visit, device: str) -> None:
    hand = visit("team", device, "en")
    hand.go(f"/projects/{site.known['projects']['X11']}/report/")
    crew = Held(hand, ".ask:has(#crew) [data-by='1']", "#crew")
    assert crew.after(1200) > crew.begun + 3


class Held:
    """A stepper's button pressed and held."""

    def __init__(self, hand: Hand, button: str, amount: str) -> None:
        self.hand, self.button, self.amount = hand, hand.page.locator(button), hand.page.locator(amount)
        self.begun = int(self.amount.input_value() or 0)

    def after(self, milliseconds: int) -> int:
        self.button.dispatch_event("pointerdown")
        self.hand.page.wait_for_timeout(milliseconds)
        self.button.dispatch_event("pointerup")
        return int(self.amount.input_value())
