"""First page, signing in and out, one-click roles, which post to act in, language, the sign of life, errors in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import bad_request, server_error
from django_htmx.middleware import HtmxMiddleware

from tests.factories.office import FOUNDED, MONDAY, Office, expire, office, project, say, second_post
from tests.web.visiting import signed_in
from zijing.core.errors import Conflict, Invalid, Several
from zijing.people.actions import set_password
from zijing.people.models import Account, Session
from zijing.web.home import roles
from zijing.web.middleware import DomainErrors

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def demo(settings: Any, monkeypatch: pytest.MonkeyPatch, made: Office) -> Office:
    settings.DEMO = True
    who = [(role, made.account(role).username, role) for role in ("secretary", "grid")]
    monkeypatch.setattr(roles, "ROLES", who)
    return made


def with_password(made: Office, role: str) -> Account:
    account = made.account(role)
    set_password(actor=made.system, at=FOUNDED, account=account, password=PASSWORD)
    return account


def test_healthz_answers_without_an_account(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_first_page_offers_roles_only_in_a_demo(client: Client, demo: Office, settings: Any) -> None:
    assert b"/demo/as/secretary/" in client.get("/").content
    settings.DEMO = False
    assert b"/demo/as/" not in client.get("/").content


def test_one_click_enters_as_the_role(client: Client, demo: Office) -> None:
    answer = client.post("/demo/as/grid/")
    assert answer["Location"] == "/today/"
    assert client.get("/today/").wsgi_request.actor.role == "grid"  # type: ignore[attr-defined]


def test_visitors_of_a_demo_do_not_push_each_other_out(demo: Office) -> None:
    visitors = [Client() for _n in range(5)]
    for visitor in visitors:
        visitor.post("/demo/as/grid/")
    assert [visitor.get("/today/").status_code for visitor in visitors] == [200] * 5


def test_one_click_does_not_exist_outside_a_demo(client: Client, demo: Office, settings: Any) -> None:
    settings.DEMO = False
    assert client.post("/demo/as/grid/").status_code == 404
    assert not Session.objects.exists()


@pytest.mark.parametrize("role", ["nobody", "system"])
def test_one_click_knows_its_roles_only(client: Client, demo: Office, role: str) -> None:
    assert client.post(f"/demo/as/{role}/").status_code == 404


@pytest.mark.parametrize("address", ["/demo/as/grid/", "/sign-out/", "/demo/advance/", "/act-as/1/"])
def test_what_changes_something_takes_post_only(client: Client, demo: Office, address: str) -> None:
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [("/board/", "/board/"), ("//evil.example/x", "/today/"), ("https://evil.example/", "/today/"), ("", "/today/"),
     ("javascript:alert(1)", "/today/")],
)  # fmt: skip
def test_sign_in_goes_on_inside_the_site_only(client: Client, made: Office, wanted: str, leads_to: str) -> None:
    account = with_password(made, "section")
    sent = {"username": account.username, "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in/", sent)["Location"] == leads_to


def test_five_failures_close_the_form_for_that_name_from_there(client: Client, made: Office) -> None:
    account = with_password(made, "section")
    wrong = {"username": account.username, "password": "wrong"}
    assert [client.post("/sign-in/", wrong).status_code for _n in range(6)] == [422] * 5 + [429]
    right = wrong | {"password": PASSWORD}
    assert client.post("/sign-in/", right).status_code == 429
    assert client.post("/sign-in/", right, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_a_failure_does_not_say_whether_the_name_exists(client: Client, made: Office) -> None:
    account = with_password(made, "section")
    answers = [
        client.post("/sign-in/", {"username": name, "password": "wrong"}).context["error"]
        for name in (account.username, "nobody")
    ]
    assert answers[0] == answers[1]


def test_signing_out_forgets_everything(made: Office) -> None:
    client = signed_in(made, "secretary")
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/today/").status_code == 302


def test_anonymous_comes_back_after_signing_in(client: Client) -> None:
    assert client.get("/map/")["Location"] == "/sign-in/?next=/map/"


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_away(client: Client) -> None:
    answer = client.get("/map/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/?next=/map/"


def test_pages_of_a_signed_in_person_are_not_kept_by_the_browser(made: Office) -> None:
    assert "no-store" in signed_in(made, "grid").get("/today/")["Cache-Control"]


def test_an_expired_post_says_so_and_offers_the_others(made: Office) -> None:
    other = second_post(made, "section", "community")
    expire(made, "section", MONDAY - timedelta(days=1))
    client = signed_in(made, "section")
    answer = client.get("/today/")
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "section岗" in text and f"/act-as/{other.pk}/" in text
    assert client.post(f"/act-as/{other.pk}/")["Location"] == "/today/"
    assert client.get("/today/").status_code == 200


def test_a_form_sent_after_the_post_has_ended_shows_what_was_written(made: Office) -> None:
    expire(made, "section", MONDAY - timedelta(days=1))
    sent = {"what": "路灯<不亮>", "class": "dust", "client_id": "0190", "remark": " "}
    answer = signed_in(made, "section").post("/new/issue/", sent)
    assert answer.status_code == 403
    assert answer.context["typed"] == ["路灯<不亮>", "dust"]
    assert "路灯&lt;不亮&gt;" in answer.content.decode()


def test_any_refusal_gives_back_what_was_written_but_no_secret(made: Office) -> None:
    client, post = signed_in(made, "system_admin"), made.posts["section"]
    account = made.account("team").pk
    sent = {"verb": "stand-in", "account": account, "since": "2020-09-09", "until": "2020-09-08", "reason": "病假"}
    answer = client.post(f"/admin/posts/{post.pk}/", sent)
    assert answer.status_code == 422
    assert answer.context["typed"] == [str(account), "2020-09-09", "2020-09-08", "病假"]
    assert "<li>病假</li>" in answer.content.decode()
    refused = client.post("/account/second-factor/codes/", {"code": "135791"})
    assert refused.status_code == 422 and "135791" not in refused.content.decode()


def test_an_expired_only_post_still_signs_out_and_switches_language(made: Office) -> None:
    expire(made, "grid", MONDAY - timedelta(days=1))
    client = signed_in(made, "grid")
    assert client.get("/today/").status_code == 403
    assert client.get("/").status_code == 200
    assert client.post("/language/", {"language": "en", "next": "/"}).status_code == 302
    assert client.post("/sign-out/").status_code == 302


def test_an_account_without_any_post_gets_a_sentence(client: Client, made: Office) -> None:
    client.force_login(Account.objects.create_user("lonely", "x" * 12))
    answer = client.get("/today/")
    assert answer.status_code == 403 and "errors/post.html" in [t.name for t in answer.templates]


def test_nobody_acts_in_the_post_of_somebody_else(made: Office) -> None:
    client = signed_in(made, "grid")
    assert client.post(f"/act-as/{made.holding('secretary').pk}/").status_code == 404
    session = client.session
    session["holding"] = made.holding("secretary").pk
    session.save()
    assert client.get("/today/").wsgi_request.actor.role == "grid"  # type: ignore[attr-defined]


def test_switching_posts_changes_what_is_seen(made: Office) -> None:
    other = second_post(made, "secretary", "grid")
    client = signed_in(made, "secretary")
    client.post(f"/act-as/{other.pk}/")
    assert client.get("/today/").wsgi_request.actor.role == "grid"  # type: ignore[attr-defined]


def test_language_follows_the_browser_and_the_switch(client: Client) -> None:
    assert b'lang="en"' in client.get("/", headers={"accept-language": "en"}).content
    assert b'lang="zh-hans"' in client.get("/", headers={"accept-language": "zh-CN"}).content
    assert b'lang="zh-hans"' in client.get("/", headers={"accept-language": "fr"}).content
    client.post("/language/", {"language": "en", "next": "/"})
    assert b'lang="en"' in client.get("/", headers={"accept-language": "zh-CN"}).content


@pytest.mark.parametrize(("role", "status"), [("grid", 403), ("section", 403), ("county", 403)])
def test_the_clock_is_moved_by_leaders_of_a_demo_only(demo: Office, role: str, status: int) -> None:
    assert signed_in(demo, role).post("/demo/advance/", {"days": "1"}).status_code == status


@pytest.mark.parametrize("days", ["0", "121", "99999", "-1", "x", "1.5", "²", ""])
def test_the_clock_moves_ahead_and_not_too_far(demo: Office, days: str) -> None:
    assert signed_in(demo, "secretary").post("/demo/advance/", {"days": days}).status_code == 422


def test_the_advance_button_shows_for_those_who_may(demo: Office) -> None:
    assert b"/demo/advance/" in signed_in(demo, "leader").get("/today/").content
    assert b"/demo/advance/" not in signed_in(demo, "grid").get("/today/").content


def test_the_tour_leads_from_the_board_to_the_journal(made: Office) -> None:
    target = project(made)
    report = say(made, target, MONDAY, 40)
    client = signed_in(made, "secretary")
    steps = [client.get(f"/tour/{n}/")["Location"] for n in range(1, 6)]
    assert steps[0].startswith("/board/")
    assert steps[1] == f"/projects/{target.pk}/"
    assert steps[2] == f"/list/daily-report/?subject={target.pk}"
    assert steps[3:] == [f"/records/activity/{report.pk}/", f"/records/activity/{report.pk}/?tour=5#journal"]
    banners = [client.get(step.partition("#")[0]).context["shell"]["tour"] for step in steps]
    assert [b.number for b in banners] == [1, 2, 3, 4, 5]
    assert banners[-1].next == ""
    assert client.get("/tour/0/")["Location"] == "/today/"
    assert client.get("/today/").context["shell"]["tour"] is None


def test_the_tour_of_an_empty_office_says_why_it_cannot_start(made: Office) -> None:
    assert signed_in(made, "secretary").get("/tour/1/").status_code == 404


def test_the_tour_never_leads_to_what_is_out_of_sight(made: Office) -> None:
    say(made, project(made, place="示例社区01"), MONDAY, 40)
    assert signed_in(made, "community2").get("/tour/1/").status_code == 404


def test_navigation_fits_a_phone(made: Office) -> None:
    for role in ("secretary", "project_office", "team", "grid", "county", "system_admin"):
        around = signed_in(made, role).get("/today/").context["shell"]
        assert len(around["tabs"]) + bool(around["more"]) <= 5, role


def refused(error: Exception, **headers: str) -> HttpResponse:
    """What the middleware makes of an error."""
    request: HttpRequest = RequestFactory().get("/x/", headers=headers)
    request.session, request._messages = {}, []  # type: ignore[assignment,attr-defined]
    HtmxMiddleware(lambda _r: HttpResponse())(request)
    answer = DomainErrors(lambda _r: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return answer


def test_a_refusal_becomes_a_page_with_its_status() -> None:
    answer = refused(Conflict("moved on"))
    assert answer.status_code == 409 and b"moved on" in answer.content


def test_several_refusals_are_all_listed() -> None:
    answer = refused(Several([Invalid("first"), Invalid("second")]))
    assert answer.status_code == 422
    assert b"first" in answer.content and b"second" in answer.content


def test_a_refusal_of_a_fragment_goes_to_the_notices() -> None:
    answer = refused(Invalid("<b>no</b>"), **{"hx-request": "true"})
    assert answer["HX-Retarget"] == "#notices"
    assert b"<html" not in answer.content and b"&lt;b&gt;no" in answer.content


def test_other_errors_are_left_to_django() -> None:
    request = RequestFactory().get("/x/")
    assert DomainErrors(lambda _r: HttpResponse()).process_exception(request, ValueError("x")) is None


def test_a_holiday_is_a_day_too(made: Office) -> None:
    assert signed_in(made, "secretary", date(2020, 10, 1)).get("/today/").status_code == 200


def test_a_form_from_an_old_page_is_refused_in_words(made: Office) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403 and "too old" in answer.content.decode()


@pytest.mark.parametrize(("handler", "status"), [(bad_request, 400), (server_error, 500)])
def test_the_server_s_own_failures_are_said_in_words(handler: Any, status: int) -> None:
    arguments = [RequestFactory().get("/x/"), *([ValueError("x")] if status == 400 else [])]
    with translation.override("en"):
        answer = handler(*arguments)
    assert answer.status_code == status and "nothing was saved" in answer.content.decode().lower()
