"""A form tells how long it took, on the page after it; nothing else is told."""

from urllib.parse import parse_qs

from playwright.sync_api import Request

from tests.browser.conftest import Visit


def test_a_form_tells_how_long_it_took_and_nothing_else(visit: Visit) -> None:
    hand = visit("project_office", "desktop", "en")
    told: list[Request] = []
    hand.page.on("request", lambda request: told.append(request) if "/burden/note/" in request.url else None)
    hand.go("/new/enterprise/")
    hand.page.locator("[name=code]").fill("T-77")
    hand.watch.expected.add(422)
    with hand.page.expect_navigation():
        hand.tap(".form-end .btn-primary")
    assert not told, "a form that came back with errors goes on counting"
    hand.page.locator("[name=name]").fill("计时商店")
    for name in ("sector", "status"):
        field = hand.page.locator(f"select[name={name}], [name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(index=1)
        else:
            field.check(force=True)
    with hand.page.expect_response("**/burden/note/") as answer, hand.page.expect_navigation():
        hand.tap(".form-end .btn-primary")
    assert answer.value.status == 204
    said = parse_qs(told[0].post_data or "")
    assert set(said) == {"kind", "seconds", "fields", "csrfmiddlewaretoken"} and said["kind"] == ["enterprise"]
    assert int(said["fields"][0]) >= 4 and int(said["seconds"][0]) >= 1
