"""The administrators' pages, and the pages beside records: each opens, fits, is in one language, and its main path works."""

import base64
import re
import time

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Site, Visit
from tests.browser.reading import rows
from tests.browser.test_every_page import look

PAGES = {
    "system_admin": [
        "/admin/", "/admin/units/", "/admin/posts/", "/admin/posts/2/", "/admin/places/", "/admin/places/3/", "/packs/",
        "/packs/base/", "/machinery/", "/jobs/", "/account/",
    ],
    "security_admin": ["/admin/", "/admin/accounts/", "/admin/accounts/2/", "/admin/screens/"],
    "audit_admin": ["/admin/journal/", "/admin/journal/?verify=1", "/admin/sign-ins/", "/admin/looks/"],
    "secretary": [
        "/records/register/1/assignments/", "/records/register/1/?own=1", "/search/?q=示例", "/list/enterprise/",
        "/jobs/", "/list/blocker/",
    ],
    "project_office": ["/list/enterprise/doubles/", "/account/password/", "/account/second-factor/"],
}  # fmt: skip


def press(hand: Hand, selector: str) -> None:
    """Press a button that leads to another page."""
    with hand.page.expect_navigation():
        hand.tap(selector)


@PAIRED
@pytest.mark.parametrize("role", PAGES)
def test_the_pages_fit_and_speak_one_language(visit: Visit, role: str, device: str, language: str) -> None:
    hand = visit(role, device, language)
    for address in PAGES[role]:
        hand.go(address)
        look(hand, language)


@PAIRED
def test_an_account_is_opened_with_a_password_shown_once(visit: Visit, device: str, language: str) -> None:
    hand = visit("security_admin", device, language)
    hand.go("/admin/accounts/")
    hand.write("#username", f"new-{language}")
    hand.write("#label", "新同事")
    hand.tap("main form[method=post] .btn-primary")
    expect(hand.page.locator(".once code")).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    look(hand, language)
    hand.go("/today/")
    expect(hand.page.locator(".day-action").first).to_be_visible()


@PAIRED
def test_a_place_gets_another_code_and_a_wrong_one_is_said(visit: Visit, device: str, language: str) -> None:
    hand = visit("system_admin", device, language)
    hand.go("/admin/places/")
    press(hand, "a:text-is('村一网格')")
    hand.watch.expected.add(422)
    hand.write("#code", "12")
    press(hand, "form:has(#code) .btn-primary")
    expect(hand.page.locator(".notice-error")).to_be_visible()
    code = "410181005201101" if language == "zh" else "410181005201102"
    hand.write("#code", code)
    hand.write("#since", "2020-09-17" if language == "zh" else "2020-09-18")
    press(hand, "form:has(#code) .btn-primary")
    expect(hand.page.locator(".plain-rows code").first).to_have_text(code)
    look(hand, language)


@PAIRED
def test_a_look_needs_a_reason_and_stands_in_the_auditors_log(
    visit: Visit, site: Site, device: str, language: str
) -> None:
    hand, phone = visit("governance_office", device, language), site.known["phone"]
    hand.go(f"/records/register/{site.known['person']}/")
    expect(hand.page.locator("body")).not_to_contain_text(phone)
    hand.tap(".look summary")
    hand.write(".look input[name=reason]", f"回访 {language}")
    press(hand, ".look button")
    expect(hand.page.locator(".looked strong")).to_have_text(phone)
    look(hand, language)
    auditor = visit("audit_admin", device, language)
    auditor.go("/admin/looks/")
    expect(auditor.page.locator("tbody tr").first).to_contain_text(f"回访 {language}")
    look(auditor, language)
    with auditor.page.expect_download() as taken:
        auditor.tap("button[formaction]")
    text = taken.value.path().read_text(encoding="utf-8-sig")
    assert f"回访 {language}" in text and phone not in text


@pytest.mark.parametrize(
    ("role", "device", "language"), [("safety_office", "phone", "zh"), ("governance_office", "desktop", "en")]
)
def test_a_second_factor_is_set_up(visit: Visit, role: str, device: str, language: str) -> None:
    hand = visit(role, device, language)
    hand.go("/account/second-factor/")
    hand.tap(".setup-steps summary")
    secret = hand.page.locator("code.secret").inner_text().replace(" ", "")
    hand.watch.expected.add(422)
    hand.write("#code", "000000")
    press(hand, ".setup-steps .btn-primary")
    expect(hand.page.locator(".notice-error")).to_be_visible()
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # as RFC 6238 has it
    hand.write("#code", totp.generate(int(time.time())).decode())
    press(hand, ".setup-steps .btn-primary")
    expect(hand.page.locator(".codes li")).to_have_count(10)
    look(hand, language)


@PAIRED
def test_a_record_is_given_and_taken_back(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    hand.go("/records/register/2/assignments/")
    before = hand.page.locator(".plain-rows form").count()
    hand.page.locator("#to").select_option(label="section单位")
    hand.page.locator("#part").select_option("joint" if language == "zh" else "assisting")
    press(hand, "form:has(#to) .btn-primary")
    expect(hand.page.locator(".plain-rows form")).to_have_count(before + 1)
    look(hand, language)
    press(hand, "li:has-text('section单位') form .btn")
    expect(hand.page.locator(".plain-rows form")).to_have_count(before)


@PAIRED
def test_packs_machinery_and_a_finished_job(visit: Visit, site: Site, device: str, language: str) -> None:
    hand = visit("system_admin", device, language)
    hand.go("/packs/")
    press(hand, "a[href='/packs/base/']")
    look(hand, language)
    hand.go("/machinery/")
    assert hand.page.locator("tbody tr").count() >= 3
    expect(hand.page.locator(".badge-red")).to_have_count(0)
    secretary = visit("secretary", device, language)
    secretary.go("/jobs/")
    press(secretary, f"a[href='/jobs/{site.known['job']}/']")
    expect(secretary.page.locator(f"a[href='/jobs/{site.known['job']}/result/']")).to_be_visible()
    look(secretary, language)


@PAIRED
def test_search_leads_to_what_was_meant(visit: Visit, device: str, language: str) -> None:
    hand = visit("secretary", device, language)
    hand.go("/search/")
    hand.write("#asked", "X03")
    press(hand, ".search-page button")
    look(hand, language)
    press(hand, ".search-group a.search-hit >> nth=0")
    expect(hand.page.locator("h1").first).to_contain_text("X03")


@pytest.mark.parametrize(("device", "language"), [("phone", "zh")])
def test_a_double_is_compared_and_merged(visit: Visit, device: str, language: str) -> None:
    hand = visit("project_office", device, language)
    hand.go("/list/enterprise/doubles/")
    look(hand, language)
    press(hand, ".doubles li:has-text('示例双胞商店') .btn")
    look(hand, language)
    hand.write("#merge-reason", "同一家店")
    press(hand, ".merge-form .btn-primary")
    expect(hand.page.locator(".notice-success")).to_be_visible()
    hand.go("/list/enterprise/doubles/")
    expect(hand.page.locator("li:has-text('示例双胞商店')")).to_have_count(0)


@PAIRED
def test_a_list_is_kept_under_a_name_and_removed(visit: Visit, device: str, language: str) -> None:
    hand, name = visit("leader", device, language), f"我的 {language}"
    hand.go("/list/blocker/?stage=filed")
    assert rows(hand.page).count()
    hand.tap(".view-tools > summary")
    look(hand, language)
    hand.write(".view-tools input[name=title]", name)
    press(hand, "button[formaction$='/views/']")
    expect(hand.page.locator(".views .chip.current")).to_contain_text(name)
    look(hand, language)
    press(hand, ".views .chip.current form button")
    expect(hand.page.locator(".views")).to_have_count(0)
