"""The phone of whoever works on the ground, without a network: its pages, what waits, and exactly once afterwards."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import FLAGS, PHONE, Hand, Site, Visit, Watch
from tests.browser.founding import TODAY
from tests.browser.test_cases import press
from tests.browser.test_ground import sign_in
from tests.records.test_exif import taken_at

KEPT = "#phone-line[data-keeps=yes]"


def photo(size: tuple[int, int] = (2400, 1800)) -> dict[str, Any]:
    """A photo that says where and by whom it was taken."""
    exif = Image.open(BytesIO(taken_at((34.0, 45.0, 36.0), (113.0, 0.0, 36.0)))).getexif()
    exif[0x010E] = "taken by Wang"
    out = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", exif=exif)
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@dataclass
class Phone:
    """A phone whose browser can be closed and opened again."""

    site: Site
    chromium: Browser
    folder: Path
    faults: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    def open(self) -> Hand:
        self.close()
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder, executable_path=shutil.which("chromium"), args=FLAGS, locale="zh-CN",
            timezone_id="Asia/Shanghai", **PHONE,
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        self.context.on("weberror", lambda e: self.faults.append(f"script: {e.error}"))
        self.context.on("response", lambda r: r.status >= 500 and self.faults.append(f"{r.status}: {r.url}"))
        return Hand(self.context.pages[0], Watch(self.site.url))

    def close(self) -> None:
        if self.context:
            self.context.close()
            self.context = None

    def offline(self, away: bool = True) -> None:
        assert self.context
        self.context.set_offline(away)


@pytest.fixture
def phone(site: Site, chromium: Browser, tmp_path: Path) -> Iterator[Phone]:
    one = Phone(site, chromium, tmp_path / "profile")
    yield one
    one.close()
    assert not one.faults, one.faults


def enter(hand: Hand, role: str = "grid") -> None:
    """Sign in and wait until the phone has kept its pages."""
    hand.go("/")
    hand.tap(f"form[action='/demo/as/{role}/'] .role-card")
    hand.page.wait_for_url("**/today/")
    hand.page.wait_for_selector(KEPT, state="attached")


def reload(hand: Hand, address: str) -> Page:
    """Open an address, whether there is a network or not."""
    hand.page.goto(hand.watch.url + address)
    return hand.page


def report(hand: Hand, what: str, **files: Any) -> None:
    """Fill in the form of a problem and press the button."""
    page = reload(hand, "/new/issue/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    page.locator("#f-what").fill(what)
    page.locator("select[name=class]").select_option("other")
    for name, file in files.items():
        page.locator(f"#f-{name}").set_input_files(file)
        page.wait_for_selector(".phone-photo")
    hand.tap(".record-form .btn-primary")


def done(hand: Hand, case: int, reason: str, **photos: Any) -> None:
    """Report a case as done, with photos by what they show."""
    page = reload(hand, f"/cases/{case}/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    form = page.locator(f"form[action='/cases/{case}/submit/']")
    form.locator("[name=reason]").fill(reason)
    for part, file in photos.items():
        form.locator(f"[name='photo.{part}']").set_input_files(file)
        form.locator(".phone-photo").wait_for()
    form.locator("button").last.tap()


def waits(hand: Hand) -> Any:
    """What waits to be sent, on its page."""
    reload(hand, "/waiting/").wait_for_selector(".phone-items[data-ready=yes]", state="attached")
    return hand.page.locator(".phone-item")


@pytest.fixture
def count(site: Site) -> Callable[..., int]:
    """Counts rows of the office's database."""

    def count(query: str, *values: Any) -> int:
        with sqlite3.connect(f"file:{site.environ['ZIJING_DATA']}/zijing.sqlite3?mode=ro", uri=True) as database:
            return int(database.execute(f"select count(*) from {query}", values).fetchone()[0])

    return count


def gone_out(hand: Hand) -> None:
    """Wait until nothing waits any more."""
    expect(waits(hand)).to_have_count(0, timeout=20_000)


SUBMITTED = "cases_step where verb = 'submit' and case_id = ?"
PICTURED = "records_attachment where subject_type = 'cases.case' and subject_id = ? and part = ?"
FILED = "cases_case where title = ?"


def test_what_is_written_without_a_network_arrives_exactly_once(site: Site, phone: Phone, count: Any) -> None:
    case = site.known["given"].pop()
    hand = phone.open()
    enter(hand)
    phone.offline()
    page = reload(hand, "/today/")
    expect(page.locator("#phone-line")).to_be_visible()
    expect(page.locator(f".day-block a[href='/cases/{case}/']").first).to_be_visible()
    report(hand, "离线上报的积水", photo=photo())
    page.wait_for_url("**/waiting/")
    expect(page.locator(".phone-item")).to_have_count(1)
    done(hand, case, "护栏已加固", after=photo((1800, 1200)))
    page.wait_for_url("**/waiting/")
    expect(page.locator(".phone-item")).to_have_count(2)
    expect(page.locator(".phone-item img")).to_have_count(2)
    assert count(FILED, "离线上报的积水") == count(SUBMITTED, case) == 0
    hand = phone.open()
    phone.offline()
    expect(waits(hand)).to_have_count(2)
    expect(reload(hand, "/list/issue/").locator("h1")).not_to_be_empty()
    phone.offline(False)
    gone_out(hand)
    filed = count(FILED, "离线上报的积水"), count(SUBMITTED, case), count(PICTURED, case, "after")
    assert filed == (1, 1, 1)
    expect(hand.page.locator("#phone-line")).to_be_hidden()
    look = reload(hand, "/list/issue/?open=yes")
    look.get_by_text("离线上报的积水").first.click()
    picture = look.locator(".photos a").first.get_attribute("href")
    kept = Image.open(BytesIO(look.context.request.get(f"{site.url}{picture}").body()))
    assert max(kept.size) == 1600 and not kept.getexif()
    assert "113.01, 34.76" in look.locator(".facts").first.inner_text(), "the kind asks where the photo was taken"


def test_an_answer_lost_on_the_way_is_no_second_report(phone: Phone, count: Any) -> None:
    hand = phone.open()
    enter(hand)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.fallback()
        lost.append(route.fetch().status)
        return route.abort()

    hand.page.context.route("**/new/issue/", lose)
    report(hand, "答复丢失的问题")
    hand.page.wait_for_url(re.compile("/waiting/$"))
    gone_out(hand)
    assert lost == [200] and count(FILED, "答复丢失的问题") == 1


def test_two_tabs_send_each_thing_once(phone: Phone, count: Any) -> None:
    hand = phone.open()
    enter(hand)
    other = Hand(hand.page.context.new_page(), hand.watch)
    phone.offline()
    for n in range(3):
        report(hand, f"两个窗口{n}")
        hand.page.wait_for_url("**/waiting/")
    reload(other, "/waiting/")
    posts: list[str] = []
    hand.page.context.on("request", lambda r: r.method == "POST" and posts.append(r.url))
    phone.offline(False)
    expect(other.page.locator(".phone-item")).to_have_count(0, timeout=20_000)
    expect(hand.page.locator(".phone-item")).to_have_count(0)
    assert len(posts) == 3
    assert [count(FILED, f"两个窗口{n}") for n in range(3)] == [1, 1, 1]


def test_after_the_session_it_waits_and_goes_out_as_the_same_account_only(site: Site, phone: Phone, count: Any) -> None:
    hand = phone.open()
    sign_in(hand, "community02", site.known["password"])
    hand.page.wait_for_selector(KEPT, state="attached")
    phone.offline()
    report(hand, "会话过期前写的")
    hand.page.wait_for_url("**/waiting/")
    hand.page.context.clear_cookies(name="sessionid")
    phone.offline(False)
    expect(hand.page.locator(".phone-can")).to_have_text("登录后发送，内容都在。", timeout=20_000)
    expect(hand.page.locator("#phone-line")).to_contain_text("登录后发送")
    enter(hand)
    expect(waits(hand)).to_have_count(0)
    phone.offline()
    expect(reload(hand, "/today/").locator(".heading")).to_contain_text("grid岗")
    phone.offline(False)
    hand.tap(".top .menu > summary")
    with hand.page.expect_navigation():
        hand.tap(".top form[action='/sign-out/'] button")
    assert count(FILED, "会话过期前写的") == 0
    sign_in(hand, "community02", site.known["password"])
    gone_out(hand)
    assert count(FILED, "会话过期前写的") == 1
    assert count("cases_case c join people_post p on p.id = c.recorded_by_id where c.title = ? and p.code = 'P-grid'",
                 "会话过期前写的") == 0  # fmt: skip


def test_signed_out_nothing_of_it_is_shown(phone: Phone) -> None:
    hand = phone.open()
    enter(hand)
    hand.tap(".top .menu > summary")
    with hand.page.expect_navigation():
        hand.tap(".top form[action='/sign-out/'] button")
    phone.offline()
    for address in ("/today/", "/waiting/", "/new/issue/"):
        expect(reload(hand, address).locator(".rail, .tabs")).to_have_count(0)
    assert hand.page.evaluate("caches.keys()") == [
        name for name in hand.page.evaluate("caches.keys()") if name.startswith("assets-")
    ]


def test_another_post_has_other_pages(site: Site, phone: Phone, count: Any) -> None:
    hand = phone.open()
    sign_in(hand, "community02", site.known["password"])
    hand.page.wait_for_selector(KEPT, state="attached")
    mine = hand.page.locator("#phone-line").get_attribute("data-whose")
    phone.offline()
    report(hand, "换岗前写的")
    hand.page.wait_for_url("**/waiting/")
    lost = lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    hand.page.context.route("**/new/issue/", lost)
    phone.offline(False)
    reload(hand, "/today/")
    hand.tap(".top .menu > summary")
    with hand.page.expect_navigation():
        hand.page.locator(".top form[action^='/act-as/'] button").first.tap()
    hand.page.wait_for_selector(KEPT, state="attached")
    assert hand.page.locator("#phone-line").get_attribute("data-whose") != mine
    assert not [n for n in hand.page.evaluate("caches.keys()") if n.endswith(f"-{mine}")]
    hand.page.context.unroute("**/new/issue/")
    expect(waits(hand).locator(".phone-can")).to_have_text("是用您的另一个岗位填写的，切换到该岗位后发送。")
    assert count(FILED, "换岗前写的") == 0
    hand.tap(".top .menu > summary")
    with hand.page.expect_navigation():
        hand.page.locator(".top form[action^='/act-as/'] button").first.tap()
    gone_out(hand)
    assert count(FILED, "换岗前写的") == 1


def test_a_conflict_is_told_plainly_and_nothing_is_lost_until_it_is_dropped(
    site: Site, phone: Phone, visit: Visit, count: Any
) -> None:
    case = site.known["given"].pop()
    hand = phone.open()
    enter(hand)
    phone.offline()
    done(hand, case, "已经修好", after=photo())
    hand.page.wait_for_url("**/waiting/")
    secretary = visit("secretary", "desktop", "zh")
    secretary.go(f"/cases/{case}/")
    press(secretary, case, "void", reason="重复")
    phone.offline(False)
    page, item = hand.page, hand.page.locator(".phone-item")
    expect(item.locator(".phone-why")).to_contain_text("“作废”", timeout=20_000)
    expect(item.locator(".phone-can")).not_to_be_empty()
    hand.tap(".phone-said > summary")
    expect(item.locator("dd").first).to_have_text("已经修好")
    expect(item.locator("img")).to_have_count(1)
    expect(page.locator("#phone-line.is-refused")).to_be_visible()
    assert item.locator("a[data-do=open]").get_attribute("href") == f"/cases/{case}/"
    expect(waits(hand)).to_have_count(1)
    expect(page.locator("[data-do=drop]")).to_be_hidden()
    hand.tap(".phone-drop > summary")
    hand.tap("[data-do=drop]")
    expect(item).to_have_count(0)
    assert count(SUBMITTED, case) == 0


def test_what_the_server_refuses_is_put_right_and_sent_again(phone: Phone, count: Any) -> None:
    hand = phone.open()
    enter(hand)
    phone.offline()
    page = reload(hand, "/new/issue/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    page.locator("#f-what").fill("位置写错的问题")
    page.locator("select[name=class]").select_option("other")
    page.locator("#f-photo").set_input_files(photo())
    page.wait_for_selector(".phone-photo")
    page.locator("#f-spot").fill("不是位置")
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/waiting/")
    phone.offline(False)
    expect(page.locator(".phone-item.is-refused")).to_have_count(1, timeout=20_000)
    hand.tap(".phone-item a[data-do=open]")
    page.wait_for_url("**/new/issue/?queued=*")
    expect(page.locator("#f-what")).to_have_value("位置写错的问题")
    expect(page.locator(".phone-photo img")).to_have_count(1)
    page.locator("#f-spot").fill("")
    hand.tap(".record-form .btn-primary")
    page.wait_for_url("**/cases/*/")
    gone_out(hand)
    assert count(FILED, "位置写错的问题") == 1


def test_what_is_half_written_is_there_again(phone: Phone) -> None:
    hand = phone.open()
    enter(hand)
    page = reload(hand, "/new/issue/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    page.locator("#f-what").fill("写到一半")
    page.locator("#f-photo").set_input_files(photo())
    page.wait_for_selector(".phone-photo")
    page.locator("select[name=class]").select_option("safety")
    page.wait_for_timeout(1000)
    hand = phone.open()
    phone.offline()
    page = reload(hand, "/new/issue/")
    expect(page.locator(".phone-draft")).to_be_visible()
    expect(page.locator("#f-what")).to_have_value("写到一半")
    expect(page.locator("select[name=class]")).to_have_value("safety")
    expect(page.locator(".phone-photo img")).to_have_count(1)
    hand.tap(".phone-draft button")
    expect(page.locator("#f-what")).to_have_value("")
    expect(page.locator(".phone-draft")).to_have_count(0)


def test_a_new_release_lets_go_of_the_old_one_when_its_own_pages_are_there(phone: Phone) -> None:
    hand = phone.open()
    enter(hand)
    mine = hand.page.locator("#phone-line").get_attribute("data-whose")
    hand.page.evaluate("whose => Promise.all(['assets-old', `pages-old-${whose}`].map(n => caches.open(n)))", mine)
    hand.page.evaluate("document.getElementById('phone-line').removeAttribute('data-keeps')")
    hand.page.evaluate("keep => navigator.serviceWorker.controller.postMessage({keep, lang: 'xx'})", mine)
    hand.page.wait_for_selector(KEPT, state="attached")
    names = hand.page.evaluate("caches.keys()")
    assert len(names) == 2 and not [n for n in names if "old" in n]


def accepted_and_done_offline(phone: Phone, case: int, said: str) -> Hand:
    """Somebody who is now without a network, with both steps of a case waiting."""
    hand = phone.open()
    enter(hand)
    phone.offline()
    accept(hand, case)
    done(hand, case, said)
    hand.page.wait_for_url("**/waiting/")
    return hand


def test_two_steps_of_one_case_go_out_in_their_order_and_a_file_with_them(site: Site, phone: Phone, count: Any) -> None:
    case = site.known["dispatched"].pop()
    hand = accepted_and_done_offline(phone, case, "到场后已处理")
    page = reload(hand, f"/cases/{case}/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    form = page.locator(f"form[action='/cases/{case}/evidence/']")
    page.locator("details.case-step", has=form).locator("summary").tap()
    form.locator("[name=file]").set_input_files(photo())
    form.locator(".phone-photo").wait_for()
    form.locator("button").last.tap()
    page.wait_for_url("**/waiting/")
    expect(page.locator(".phone-item")).to_have_count(3)
    phone.offline(False)
    gone_out(hand)
    assert count("cases_step where case_id = ? and verb in ('accept', 'submit')", case) == 2
    assert count("cases_case where id = ? and stage = 'checking'", case) == 1 and count(PICTURED, case, "after") == 1


def test_a_refused_step_holds_back_what_was_written_upon_it(site: Site, phone: Phone, visit: Visit, count: Any) -> None:
    case = site.known["dispatched"].pop()
    hand = accepted_and_done_offline(phone, case, "写在被退回的一步之后")
    secretary = visit("secretary", "desktop", "zh")
    secretary.go(f"/cases/{case}/")
    press(secretary, case, "void", reason="重复")
    phone.offline(False)
    items = hand.page.locator(".phone-item")
    expect(items.first.locator(".phone-why")).to_contain_text("“作废”", timeout=20_000)
    expect(items.last.locator(".phone-can")).to_have_text("这一件前面的一步没有被接受，请先处理那一步。")
    expect(items.last.locator("[data-do=again]")).to_be_hidden()
    expect(items).to_have_count(2)
    assert count(SUBMITTED, case) == 0


def accept(hand: Hand, case: int) -> None:
    """Accept a case that was dispatched; what can be done after it then stands in its place."""
    page = reload(hand, f"/cases/{case}/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    assert not page.locator(f"form[action='/cases/{case}/submit/']").count()
    page.locator(f"form[action='/cases/{case}/accept/'] button").tap()
    page.wait_for_url("**/waiting/")


DAILY = "projects_report where project_id = ? and not void and day = ?"


def daily(hand: Hand, project: int, share: str, **more: Any) -> None:
    """Fill in a project's daily report and press the button."""
    page = reload(hand, f"/projects/{project}/report/")
    page.wait_for_selector("#phone-line[data-ready=yes]", state="attached")
    page.locator("#amount").fill(share)
    page.locator("#crew").fill("31")
    if "photo" in more:
        page.locator("#photo").set_input_files(more["photo"])
        page.wait_for_selector(".phone-photo")
    if "what" in more:
        hand.tap("label[for=blocked-yes]")
        hand.tap("label[for=class-approval]")
        page.locator("#what").fill(more["what"])
    hand.tap(".send button")


def test_a_reporter_on_the_site_files_without_a_network(site: Site, phone: Phone, count: Any) -> None:
    project, blocker = site.spare_project(), "离线上报的堵点"
    hand = phone.open()
    enter(hand, "team")
    phone.offline()
    page = reload(hand, f"/projects/{project}/report/")
    expect(page.locator("#phone-line")).to_be_visible()
    daily(hand, project, "99", what=blocker, photo=photo())
    page.wait_for_url("**/waiting/")
    expect(page.locator(".phone-item h2")).to_contain_text("报日报: 示例项目")
    expect(page.locator(".phone-item img")).to_have_count(1)
    assert count(DAILY, project, str(TODAY)) == count(FILED, blocker) == 0
    reload(hand, f"/projects/{project}/report/")
    expect(page.locator("#notices")).to_contain_text("已有一条待发送")
    phone.offline(False)
    gone_out(hand)
    assert (count(DAILY, project, str(TODAY)), count(FILED, blocker)) == (1, 1)
    share = "projects_report where project_id = ? and day = ? and share = 99 and crew = 31"
    assert count(share, project, str(TODAY)) == 1


def test_a_day_that_somebody_reported_meanwhile_is_said_in_words(
    site: Site, phone: Phone, visit: Visit, count: Any
) -> None:
    project = site.spare_project()
    hand = phone.open()
    enter(hand, "team")
    phone.offline()
    daily(hand, project, "98")
    hand.page.wait_for_url("**/waiting/")
    office = visit("project_office", "desktop", "zh")
    office.go(f"/projects/{project}/report/")
    office.page.locator("#amount").fill("97")
    office.tap(".send button")
    office.page.wait_for_url(re.compile(r"/report/\d+/$"))
    phone.offline(False)
    item = hand.page.locator(".phone-item.is-refused")
    expect(item.locator(".phone-why")).to_contain_text("已有这个节点的日报", timeout=20_000)
    expect(item.locator(".phone-can")).not_to_be_empty()
    assert count(DAILY, project, str(TODAY)) == 1
    hand.tap(".phone-item a[data-do=open]")
    hand.page.wait_for_url("**/report/?stage=*queued=*")
    expect(hand.page.locator("#amount")).to_have_value("98")
    expect(hand.page.locator(".notice a[href*='/correct/']")).to_be_visible()


def test_without_a_network_another_stage_can_be_chosen(site: Site, phone: Phone) -> None:
    project = site.known["projects"]["X10"]
    hand = phone.open()
    enter(hand, "team")
    phone.offline()
    page = reload(hand, f"/projects/{project}/report/")
    before = page.locator(".stage-now").inner_text()
    hand.tap(".stage-other > summary")
    hand.tap(".stage-other a >> nth=0")
    page.wait_for_url("**stage=*")
    expect(page.locator(".stage-now")).not_to_have_text(before)
