"""What a phone keeps to work without a network: served at the right place, and only of whoever asks."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.office import MONDAY, Office, moment, office, project, say
from tests.records.test_files import picture
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, dispatch
from zijing.cases.models import Case
from zijing.packs.intake import record
from zijing.records.files import Upload, attach, store
from zijing.records.models import Kind
from zijing.web.middleware import POLICY
from zijing.web.phone.views import ASSETS

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
SCRIPTS = Path(str(finders.find("zijing/phone/main.js"))).parent


@pytest.fixture
def made(settings: Any, tmp_path: Path) -> Office:
    settings.DATA = tmp_path
    return office()


@pytest.fixture
def give(made: Office) -> Callable[..., Case]:
    """An issue that the unit of a role handles."""

    def give(role: str = "grid") -> Case:
        values = {"what": "路面坑洼", "class": "other", "place": f"#{made.places['第一网格'].pk}"}
        case = record(actor=made.system, at=moment(MONDAY), kind=Kind.objects.get(key="issue"), values=values)
        assert isinstance(case, Case)
        dispatch(actor=made.system, at=moment(MONDAY), case=case, unit=made.posts[role].unit)
        accept(actor=made.actor(role), at=moment(MONDAY), case=case)
        return case

    return give


def kept(client: Client) -> dict[str, str]:
    return dict(client.get("/waiting/", headers=JSON).json()["pages"])


class TestWorker:
    def test_it_serves_every_page_is_asked_for_anew_and_keeps_the_policy(self, client: Client) -> None:
        answer = client.get("/worker.js")
        assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
        assert answer["Content-Security-Policy"] == POLICY and "worker-src 'self'" in POLICY
        told = json.loads(re.search(r"self\.zijing = (\{.*\});", answer.content.decode())[1])  # type: ignore[index]
        assert told["release"] and "/offline/" in told["shell"]

    def test_every_file_it_keeps_is_there_and_every_module_is_kept(self) -> None:
        assert not [name for name in ASSETS if not finders.find(name) and not name.startswith("vendor/")]
        modules = {f"zijing/phone/{p.name}" for p in SCRIPTS.glob("*.js")} - {"zijing/phone/worker.js"}
        assert modules == {name for name in ASSETS if name.startswith("zijing/phone/")}

    def test_a_page_finds_all_its_files_in_what_is_kept(self, made: Office, give: Callable[..., Case]) -> None:
        client = signed_in(made, "grid")
        for address in ("/today/", "/waiting/", "/new/issue/", f"/cases/{give().pk}/", "/offline/"):
            page = client.get(address).content.decode()
            used = set(re.findall(r'(?:src|href)="/?static/([^"#?]+)', page))
            assert used and not used - set(ASSETS), address

    def test_so_does_a_daily_report(self, made: Office) -> None:
        client, target = signed_in(made, "team"), project(made)
        for address in ("/today/", "/waiting/", f"/projects/{target.pk}/report/"):
            used = set(re.findall(r'(?:src|href)="/?static/([^"#?]+)', client.get(address).content.decode()))
            assert used and not used - set(ASSETS), address

    def test_the_manifest_names_it_in_the_readers_language(self, client: Client) -> None:
        answer = client.get("/manifest.webmanifest", headers={"accept-language": "en"})
        assert answer["Content-Type"].startswith("application/manifest+json")
        assert answer.json()["start_url"] == "/today/" and answer.json()["name"] == "Zijing work platform"

    def test_the_page_without_a_network_says_nothing_of_anybody(self, made: Office) -> None:
        client = signed_in(made, "grid")
        assert client.get("/offline/").content == signed_in(made, "community").get("/offline/").content
        assert made.holding("grid").post.title not in client.get("/offline/").content.decode()


class TestPages:
    @pytest.mark.parametrize(("role", "on"), [("grid", True), ("community", True), ("team", True), ("leader", False)])
    def test_only_who_works_outside_keeps_pages(self, made: Office, role: str, on: bool) -> None:
        page = signed_in(made, role).get("/today/").content.decode()
        assert ("phone/main" in page, "manifest.webmanifest" in page, 'id="phone-line"' in page) == (on, on, on)

    def test_forms_and_the_cases_of_the_unit(self, made: Office, give: Callable[..., Case]) -> None:
        mine, others = give(), give("community2")
        pages = kept(signed_in(made, "grid"))
        assert {"/today/", "/waiting/", "/new/issue/", f"/cases/{mine.pk}/"} <= pages.keys()
        assert f"/cases/{others.pk}/" not in pages and "/new/enterprise/" not in pages

    def test_the_daily_reports_of_a_team_and_their_unfinished_stages(self, made: Office) -> None:
        target = project(made, started_on=MONDAY)
        stages = list(target.stages.order_by("order"))
        client = signed_in(made, "team")
        before, form = kept(client), f"/projects/{target.pk}/report/"
        assert {form, *(f"{form}?stage={s.pk}" for s in stages)} <= before.keys()
        assert "/new/daily-report/" not in before and form not in kept(signed_in(made, "grid"))
        assert {address: client.get(address).status_code for address in before} == dict.fromkeys(before, 200)
        say(made, target, MONDAY, 100)
        after = kept(client)
        assert after[form] != before[form] and f"{form}?stage={stages[0].pk}" not in after
        assert form in client.get("/waiting/").content.decode()

    @pytest.mark.parametrize("n", [1, 3])
    def test_what_a_team_keeps_costs_the_same_for_any_number_of_projects(self, made: Office, n: int) -> None:
        for code in range(n):
            project(made, f"X{code:02}")
        client = signed_in(made, "team")
        client.get("/waiting/", headers=JSON)
        with CaptureQueriesContext(connection) as asked:
            client.get("/waiting/", headers=JSON)
        assert len(asked) == 9, [q["sql"][:60] for q in asked.captured_queries]

    def test_every_one_can_be_opened(self, made: Office, give: Callable[..., Case]) -> None:
        case = give()
        file = store(actor=made.system, at=moment(MONDAY), sent=Upload(picture(), "a.jpg"))
        attach(actor=made.system, at=moment(MONDAY), subject=case, file=file, part="near")
        client = signed_in(made, "grid")
        pages = kept(client)
        assert f"/files/{file.pk}/?size=small" in pages
        assert {address: client.get(address).status_code for address in pages} == dict.fromkeys(pages, 200)

    def test_a_page_is_fetched_anew_when_it_has_changed_and_every_day(
        self, made: Office, give: Callable[..., Case]
    ) -> None:
        case = give()
        before = kept(signed_in(made, "grid"))[f"/cases/{case.pk}/"]
        assert kept(signed_in(made, "grid"))[f"/cases/{case.pk}/"] == before
        assert kept(signed_in(made, "grid", MONDAY.replace(day=8)))[f"/cases/{case.pk}/"] != before
        assert kept(signed_in(made, "grid", language="zh-hans"))[f"/cases/{case.pk}/"] != before
        Case.objects.filter(pk=case.pk).update(revision=case.revision + 1)
        assert kept(signed_in(made, "grid"))[f"/cases/{case.pk}/"] != before

    def test_signed_out_a_script_is_told_so(self, client: Client) -> None:
        assert client.get("/waiting/", headers=JSON).status_code == 401

    def test_what_waits_is_a_page_of_its_own(self, made: Office, give: Callable[..., Case]) -> None:
        case = give()
        page = signed_in(made, "grid").get("/waiting/").content.decode()
        assert f'href="/cases/{case.pk}/"' in page and 'href="/new/issue/"' in page

    @pytest.mark.parametrize("n", [1, 3])
    @pytest.mark.parametrize(("headers", "queries"), [(JSON, 6), ({}, 6)])
    def test_cost(
        self, made: Office, give: Callable[..., Case], *, n: int, headers: dict[str, str], queries: int
    ) -> None:
        for _n in range(n):
            give()
        client = signed_in(made, "grid")
        client.get("/waiting/", headers=headers)
        with CaptureQueriesContext(connection) as asked:
            client.get("/waiting/", headers=headers)
        assert len(asked) == queries, [q["sql"][:60] for q in asked.captured_queries]


class TestForms:
    def test_reports_and_steps_may_wait_in_a_queue(self, made: Office, give: Callable[..., Case]) -> None:
        case, client = give(), signed_in(made, "grid")
        assert 'data-queue="Issue"' in client.get("/new/issue/").content.decode()
        assert 'data-position="f-spot"' in client.get("/new/issue/").content.decode()
        page = client.get(f"/cases/{case.pk}/").content.decode()
        assert re.search(rf'action="/cases/{case.pk}/submit/"[^>]*multipart/form-data[^>]*data-queue=', page)

    def test_nothing_of_a_restricted_kind_stays_on_a_phone(self, made: Office, give: Callable[..., Case]) -> None:
        case = give()
        Kind.objects.filter(key="issue").update(restricted=True)
        client = signed_in(made, "grid")
        assert not {"/new/issue/", f"/cases/{case.pk}/"} & kept(client).keys()
        for address in ("/new/issue/", f"/cases/{case.pk}/"):
            answer = client.get(address)
            assert answer.status_code == 200 and "data-queue" not in answer.content.decode()

    def test_at_a_desk_forms_are_sent_as_ever(self, made: Office) -> None:
        assert "data-queue" not in signed_in(made, "project_office").get("/new/blocker/").content.decode()
