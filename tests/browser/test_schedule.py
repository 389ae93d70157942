"""A schedule in a browser: laid out, planned anew, a search ended early; what the secretary reads of it."""

from playwright.sync_api import expect

from tests.browser.conftest import PAIRED, Hand, Site, Visit

WORDS = {"zh": ("承诺", "天"), "en": ("Promised", "late")}


@PAIRED
def test_a_project_is_laid_out_a_search_is_ended_and_the_secretary_reads_it(
    visit: Visit, site: Site, device: str, language: str
) -> None:
    project = site.known["to_lay_out"].pop()
    office = visit("project_office", device, language)
    office.go(f"/projects/{project}/schedule/")
    office.fits()
    office.tap("button[value=lay_out]")
    expect(office.page.locator(".outlook")).to_be_visible()
    office.fits()
    search_and_end(office)
    secretary = visit("secretary", device, language)
    secretary.go(f"/projects/{project}/schedule/")
    secretary.fits()
    expect(secretary.page.locator(".outlook")).to_contain_text(WORDS[language][0])
    expect(secretary.page.locator(".outlook-n.late")).to_be_visible()
    expect(secretary.page.locator("[class*=tone-]")).to_contain_text("%")
    expect(secretary.page.locator("button[value=plan]")).to_have_count(0)
    bars(secretary, device)
    proposed(secretary, project)


def search_and_end(hand: Hand) -> None:
    """The search is ended as soon as it says that it goes on; its best plan is kept."""
    hand.tap("button[value=plan]")
    hand.page.wait_for_url("**/jobs/*/")
    hand.fits()
    job = hand.page.locator("#job")
    expect(job.locator(".job-state + p + p")).to_contain_text("%", timeout=30_000)
    hand.tap("form[action$='/cancel/'] button")
    expect(job.locator("progress")).to_have_count(0, timeout=30_000)
    expect(job).to_contain_text("%")
    hand.fits()


def bars(hand: Hand, device: str) -> None:
    """On a screen every line of the chart has its bar; on a phone the list says the same days."""
    rows = hand.page.locator(".work-row")
    lines = rows.count()
    assert lines > 4
    if device == "phone":
        expect(hand.page.locator(".gantt-panel")).to_be_hidden()
        expect(rows.first).to_contain_text("2020-")
    else:
        expect(hand.page.locator(".gantt-bar")).to_have_count(lines)
        expect(hand.page.locator("line.gantt-promised")).to_have_count(6)


def proposed(hand: Hand, project: int) -> None:
    """An open blocker moves the late end: the supervision list is proposed, and nothing is put on it by reading."""
    hand.tap(f"#why a[href='/projects/{project}/#supervision']")
    hand.page.wait_for_url(f"**/projects/{project}/#supervision")
    expect(hand.page.locator("#supervision form[action*='supervise']")).to_have_count(1)
    hand.fits()
