"""Every address of the pages and every operation of the API, tried by everyone who might try it.

Each is opened by nobody (anonymous), by an account whose post is not in force, by a role without the right, by a role that
may, and by the same role of another office; and once with an id no database holds. A new view fails here until it is
described in ``PAGES`` or ``CALLS``: who may, what is answered, and what it needs.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.assessment_doors import CALLS as ASSESSMENT_CALLS, PAGES as ASSESSMENT_PAGES, scored
from tests.architecture.document_doors import CALLS as DOCUMENT_CALLS, PAGES as DOCUMENT_PAGES, documented
from tests.architecture.doors import Door, Scene, photo, picture, sent, unit_of, workbook
from tests.architecture.plan_doors import CALLS as PLAN_CALLS, PAGES as PLAN_PAGES, planned
from tests.factories import office as offices
from tests.factories.calls import Api, key_of, let_clock_show
from tests.factories.office import MONDAY, Office, expire, moment
from zijing.api import urls as api_urls
from zijing.cases.actions import accept, dispatch
from zijing.cases.merging import merge
from zijing.cases.models import Case, Plea, Share
from zijing.cases.pleas import ask
from zijing.cases.shares import involve
from zijing.cases.supervision import supervise
from zijing.commitments.actions import publish_review
from zijing.figures.known import find
from zijing.figures.publishing import publish_figures
from zijing.journal.models import JournalEntry
from zijing.outbox.jobs import enqueue
from zijing.packs.actions import apply
from zijing.people.models import Account
from zijing.projects.actions import lay_out
from zijing.projects.models import Consequence
from zijing.records.files import Upload, attach, store
from zijing.records.views import save_view

HUGE = 2**70
SIGN_IN = "/sign-in/"


REPORT = {"stage": "基础", "share": "45"}
LIST_IT = {"level": "office", "reason": "久拖不决", "until": "2020-09-20"}
BLOCKER = {"class": "funds", "what": "资金未到位"}

# Pages, by the name of their address.
PAGES: dict[str, Door] = {
    **PLAN_PAGES,
    **ASSESSMENT_PAGES,
    **DOCUMENT_PAGES,
    "home": Door("/", public=True),
    "worker": Door("/worker.js", public=True),
    "manifest": Door("/manifest.webmanifest", public=True),
    "offline": Door("/offline/", public=True),
    "waiting": Door("/waiting/", elsewhere=200),
    "healthz": Door("/healthz", public=True),
    "sign-in": Door("/sign-in/", public=True),
    "sign-in-code": Door("/sign-in/code/", public=True, answer=302),
    "oidc": Door("/sign-in/service/", public=True, answer=404),
    "oidc-back": Door("/sign-in/service/back/", public=True, answer=404),
    "account": Door("/account/", own=True),
    "change-password": Door("/account/password/", own=True, answer=422, body=sent(old="wrong")),
    "second-factor": Door("/account/second-factor/", own=True, answer=422, body=sent(code="000000")),
    "second-factor-picture": Door("/account/second-factor/code.png", own=True),
    "recovery-codes": Door("/account/second-factor/codes/", own=True, answer=422, body=sent(code="000000")),
    "account-mail": Door("/account/mail/", own=True, answer=409, body=sent(verb="give", address="a@example.com")),
    "end-session": Door("/account/sessions/end/", own=True, answer=409, body=sent(session="none")),
    "sign-out": Door("/sign-out/", public=True, answer=302, body=sent()),
    "public": Door("/public/{office}/", public=True),
    "public-report": Door("/public/{office}/report/request/", public=True, answer=422, body=sent()),
    "complain": Door("/complain/{office}/", public=True, answer=422, body=sent()),
    "public-fixed": Door("/public/{office}/fixed/", public=True),
    "follow": Door("/follow/?code=ABCD-1234", public=True, answer=302),
    "followed": Door("/follow/ABCD1234EFGH/", public=True, answer=404),
    "open311-discovery": Door("/open311/discovery.xml", public=True),
    "open311-services": Door("/open311/v2/services.json?jurisdiction_id=410181005000", public=True),
    "open311-definition": Door("/open311/v2/services/request.noise.xml?jurisdiction_id=410181005000", public=True),
    "open311-requests": Door("/open311/v2/requests.xml", public=True, answer=403, body=sent(service_code="request.noise")),
    "open311-request": Door("/open311/v2/requests/1.xml", public=True, answer=404),
    "open311-token": Door("/open311/v2/tokens/ABCD1234EFGH.xml", public=True, answer=404),
    "open311-nothing": Door("/open311/v1/services.xml", public=True, answer=404),
    "screen": Door("/screen/unknown/", public=True, answer=404),
    "admin": Door("/admin/", elsewhere=200),
    "admin-units": Door("/admin/units/", "system_admin", refused="security_admin", elsewhere=200),
    "admin-posts": Door("/admin/posts/", "system_admin", refused="audit_admin", elsewhere=200),
    "admin-post": Door("/admin/posts/{post}/", "system_admin", refused="secretary", elsewhere=404),
    "admin-places": Door("/admin/places/", "system_admin", refused="security_admin", elsewhere=200),
    "admin-place": Door("/admin/places/{place}/", "system_admin", refused="audit_admin", elsewhere=404),
    "admin-accounts": Door("/admin/accounts/", "security_admin", refused="system_admin", elsewhere=200),
    "admin-account": Door("/admin/accounts/{account}/", "security_admin", refused="audit_admin", elsewhere=404),
    "admin-screens": Door("/admin/screens/", "security_admin", refused="secretary", elsewhere=200),
    "admin-journal": Door("/admin/journal/", "audit_admin", refused="system_admin", elsewhere=200),
    "admin-journal-export": Door("/admin/journal/export/", "audit_admin", refused="secretary", elsewhere=200),
    "admin-sign-ins": Door("/admin/sign-ins/", "audit_admin", refused="security_admin", elsewhere=200),
    "admin-sign-ins-export": Door("/admin/sign-ins/export/", "audit_admin", refused="security_admin", elsewhere=200),
    "admin-looks": Door("/admin/looks/", "audit_admin", refused="system_admin", elsewhere=200),
    "admin-looks-export": Door("/admin/looks/export/", "audit_admin", refused="secretary", elsewhere=200),
    "act-as": Door("/act-as/{holding}/", answer=302, body=sent(), elsewhere=404, refused="team", refusal=404),
    "demo-sign-in": Door("/demo/as/secretary/", public=True, answer=404, body=sent()),
    "demo-advance": Door("/demo/advance/", answer=404, body=sent(days="1")),
    "language": Door("/language/", public=True, answer=302, body=sent(language="en")),
    "tour": Door("/tour/1/", answer=302, elsewhere=404),
    "today": Door("/today/", elsewhere=200),
    "board": Door("/board/", elsewhere=200),
    "wall": Door("/board/wall/", elsewhere=200),
    "contest": Door("/board/contests/hundred-days/", elsewhere=200),
    "contest-publish": Door(
        "/board/contests/hundred-days/publish/", "project_office", 409, "section", elsewhere=409, body=sent()
    ),
    "projects": Door("/projects/", elsewhere=200),
    "mine": Door("/mine/", elsewhere=200),
    "calendar": Door("/calendar/", elsewhere=200),
    "calendar-address": Door("/calendar/address/", answer=302, elsewhere=302, body=sent(do="renew")),
    "calendar-feed": Door("/calendar/unknown.ics", public=True, answer=404),
    "project": Door("/projects/{project}/", elsewhere=404, refused="team2", refusal=404),
    "schedule": Door("/projects/{project}/schedule/", "project_office", 302, "section", elsewhere=404, body=sent(do="freeze")),
    "channel": Door(
        "/projects/{project}/channel/", "project_office", 302, "section", elsewhere=404, body=sent(do="enter", reason="省重点")
    ),
    "schedule-work": Door("/works/{work}/", "project_office", 302, "section", elsewhere=404, body=sent(days="9", seen="0")),
    "report": Door("/projects/{project}/report/", "team", 302, "secretary", elsewhere=404, body=sent(**REPORT)),
    "report-sent": Door("/projects/{project}/report/{report}/", "team", elsewhere=404, refused="team2", refusal=404),
    "my-report": Door("/report/", "team", 302, "secretary", elsewhere=200),
    "report-correct": Door(
        "/reports/{report}/correct/", "team", 302, "secretary", elsewhere=404, body=sent(share="46")
    ),
    "report-withdraw": Door(
        "/reports/{report}/withdraw/", "team", 302, "secretary", elsewhere=404, body=sent(reason="写错了")
    ),
    "consequence": Door(
        "/consequences/{consequence}/", "leader", 302, "section", elsewhere=404,
        body=sent(decision="confirm", reason="属实"),
    ),
    "ledgers": Door("/ledgers/", elsewhere=200),
    "list": Door("/list/daily-report/", elsewhere=200),
    "record": Door("/records/register/{project}/", elsewhere=404, refused="team2", refusal=404),
    "edit": Door("/records/register/{project}/edit/", "section", refused="leader", elsewhere=404),
    "look": Door(
        "/records/register/{project}/look/", "section", 404, "secretary", elsewhere=404,
        body=sent(field="phone", reason="核对名单"),
    ),
    "assignments": Door("/records/register/{project}/assignments/", refused="section", elsewhere=404),
    "view-columns": Door("/list/project/columns/", answer=302, elsewhere=302, body=sent(columns="name")),
    "view-save": Door("/list/project/views/", answer=302, refused="team", elsewhere=302, body=sent(title="单", shared="yes")),
    "view-drop": Door("/views/{view}/drop/", answer=302, refused="team", elsewhere=404, body=sent()),
    "doubles": Door("/list/enterprise/doubles/", "section", refused="leader", elsewhere=200),
    "retire": Door("/records/register/{project}/retire/", "section", refused="leader", elsewhere=404),
    "merge": Door("/records/register/{project}/merge/{project}/", "section", refused="leader", elsewhere=404),
    "record-file": Door(
        "/records/register/{project}/file/", "section", 302, "leader", elsewhere=404, body=photo
    ),
    "new": Door("/new/enterprise/", "section", refused="leader", elsewhere=200),
    "suggestions": Door("/new/issue/suggestions/?what=油烟", "grid", refused="county", elsewhere=200),
    "file": Door("/files/{file}/", elsewhere=404, refused="team2", refusal=404),
    "case": Door("/cases/{case}/", elsewhere=404, refused="team2", refusal=404),
    "queue": Door("/queue/", elsewhere=200),
    "hot-spots": Door("/cases/hot-spots/", elsewhere=200),
    "supervision": Door("/supervision/", elsewhere=200),
    "supervision-wall": Door("/supervision/wall/", elsewhere=200),
    "supervision-screen": Door("/screen/unknown/supervision/", public=True, answer=404),
    "supervision-step": Door(
        "/supervision/register/{project}/supervise/", "leader", 302, "section", elsewhere=404, body=sent(**LIST_IT)
    ),
    "case-several": Door(
        "/cases/several/", "project_office", 200, "section", elsewhere=200,
        body=lambda scene: {**sent(do="dispatch")(scene), "case": scene.case.pk, "unit": scene.made.posts["team"].unit_id},
    ),
    "case-sheet": Door("/cases/{case}/sheet/", elsewhere=404, refused="team2", refusal=404),
    "case-evidence": Door("/cases/{case}/evidence/", "team", 302, "leader", elsewhere=404, body=photo),
    "case-step": Door("/cases/{case}/void/", "project_office", 302, "section", elsewhere=404, body=sent(reason="重复")),
    "list-stages": Door("/list/issue/stages/", elsewhere=200),
    "list-map": Door("/list/issue/map/?open=yes", elsewhere=200),
    "list-points": Door("/list/issue/map/points.geojson?open=yes&zoom=14&box=113,34,114,35", elsewhere=200),
    "list-export": Door("/list/daily-report/export/", elsewhere=200, body=sent(form="xlsx")),
    "messages": Door("/messages/", elsewhere=200),
    "messages-read": Door("/messages/read/", answer=302, elsewhere=302, body=sent(until="1")),
    "jobs": Door("/jobs/", elsewhere=200),
    "job": Door("/jobs/{job}/", elsewhere=404, refused="section", refusal=404),
    "job-cancel": Door("/jobs/{job}/cancel/", answer=302, elsewhere=404, refused="section", refusal=404, body=sent()),
    "job-again": Door("/jobs/{job}/again/", answer=409, elsewhere=404, refused="section", refusal=404, body=sent()),
    "job-result": Door("/jobs/{job}/result/", answer=404, elsewhere=404),
    "burden": Door("/burden/", refused="system_admin", elsewhere=200),
    "burden-note": Door("/burden/note/", answer=204, elsewhere=204, body=sent(kind="issue", seconds="40", fields="3")),
    "samples": Door("/samples/", "section", answer=404, refused="system_admin", elsewhere=404),
    "wanted-sheet": Door("/sheets/wanted/", elsewhere=200),
    "import": Door("/import/", "section", elsewhere=200),
    "import-all": Door("/import/all/", elsewhere=200),
    "import-template": Door("/import/enterprise/template.xlsx", "section", refused="leader", elsewhere=200),
    "import-kind": Door("/import/enterprise/", "section", refused="leader", elsewhere=200),
    "map": Door("/map/", elsewhere=200),
    "places-geojson": Door("/map/places.geojson", elsewhere=200),
    "figures": Door("/figures/", refused="system_admin", elsewhere=200),
    "figure": Door("/figures/projects.count/", refused="system_admin", elsewhere=200),
    "figure-rows": Door("/figures/cases.open/rows/", refused="system_admin", elsewhere=200),
    "publications": Door("/publications/", refused="system_admin", elsewhere=200),
    "publish": Door("/publications/new/", answer=302, refused="section", elsewhere=302, body=sent(figure="cases.open", title="周报")),
    "publication": Door("/publications/{publication}/", refused="system_admin", elsewhere=404),
    "search": Door("/search/?q=示例", elsewhere=200),
    "packs": Door("/packs/", "system_admin", refused="secretary", elsewhere=200),
    "pack": Door("/packs/base/", "system_admin", refused="secretary", elsewhere=200),
    "reviews": Door("/reviews/", refused="system_admin", elsewhere=200),
    "review": Door("/reviews/{review}/", refused="system_admin", elsewhere=404),
    "year-report": Door("/year-report/", refused="team", elsewhere=200),
    "year-report-file": Door("/year-report/json/", answer=404, refused="team"),
    "channels": Door("/channels/", "system_admin", refused="secretary", elsewhere=200),
    "machinery": Door("/machinery/", "system_admin", refused="secretary", elsewhere=200),
    "rhythms": Door("/rhythms/", elsewhere=200),
    "unattended": Door("/unattended/", "system_admin", refused="grid", elsewhere=200),
}  # fmt: skip

# Operations of the API, by method and path below /api/v1/.
CALLS: dict[str, Door] = {
    **PLAN_CALLS,
    **ASSESSMENT_CALLS,
    **DOCUMENT_CALLS,
    "GET me": Door("me", elsewhere=200),
    "GET places": Door("places", elsewhere=200),
    "GET board": Door("board", elsewhere=200),
    "GET contests": Door("contests", elsewhere=200),
    "GET contests/{key}": Door("contests/hundred-days", elsewhere=200),
    "GET projects": Door("projects", elsewhere=200),
    "GET projects/{id}": Door("projects/{project}", elsewhere=404, refused="team2", refusal=404),
    "POST projects/{id}/reports": Door("projects/{project}/reports", "team", 201, "secretary", elsewhere=404, body=sent(values=REPORT)),
    "PATCH reports/{id}": Door("reports/{report}", "team", 200, "secretary", elsewhere=404, body=sent(values={"crew": 3})),
    "POST reports/{id}/withdraw": Door(
        "reports/{report}/withdraw", "team", 200, "secretary", elsewhere=404, body=sent(reason="写错了")
    ),
    "GET lists/{kind}": Door("lists/daily-report", elsewhere=200),
    "GET records/{noun}/{id}": Door("records/register/{project}", elsewhere=404, refused="team2", refusal=404),
    "GET records/{noun}/{id}/files": Door(
        "records/register/{project}/files", elsewhere=404, refused="team2", refusal=404
    ),
    "POST records/{noun}/{id}/files": Door(
        "records/register/{project}/files?part=near", "section", 201, "leader", elsewhere=404, raw=picture
    ),
    "GET files/{id}": Door("files/{file}", elsewhere=404, refused="team2", refusal=404),
    "POST lists/{kind}": Door(
        "lists/enterprise", "section", 201, "leader", elsewhere=201,
        body=sent(values={"code": "E9", "name": "新店", "sector": "retail", "status": "ordinary", "place": "示例社区01"}),
    ),
    "PATCH records/{noun}/{id}": Door(
        "records/register/{project}", "section", 200, "leader", elsewhere=404, body=sent(values={"name": "改名"})
    ),
    "POST records/register/{id}/retire": Door(
        "records/register/{project}/retire", "section", 200, "leader", elsewhere=404, body=sent(reason="已拆除")
    ),
    "POST cases": Door(
        "cases", "team", 201, "county", elsewhere=422,
        body=lambda scene: sent(kind="blocker", values=BLOCKER, subject=scene.project.pk)(scene),
    ),
    "GET cases/suggestions": Door("cases/suggestions?kind=issue&text=x", "grid", refused="county", elsewhere=200),
    "GET cases/{id}": Door("cases/{case}", elsewhere=404, refused="team2", refusal=404),
    "POST cases/{id}/merge": Door(
        "cases/{case}/merge", "project_office", 200, "section", elsewhere=404,
        body=lambda scene: sent(into=scene.listed.pk)(scene),
    ),
    "POST cases/{id}/unmerge": Door(
        "cases/{double}/unmerge", "project_office", 200, "section", elsewhere=404, body=sent(reason="两处断路")
    ),
    "POST cases/{id}/supervise": Door(
        "cases/{case}/supervise", "secretary", 200, "section", elsewhere=404, body=sent(**LIST_IT)
    ),
    "POST cases/{id}/strike-off": Door(
        "cases/{listed}/strike-off", "leader", 200, "section", elsewhere=404, body=sent(level="office", reason="已解决")
    ),
    "GET supervision": Door("supervision", elsewhere=200),
    "POST records/{noun}/{id}/supervise": Door(
        "records/register/{project}/supervise", "leader", 200, "section", elsewhere=404, body=sent(**LIST_IT)
    ),
    "POST records/{noun}/{id}/progress": Door(
        "records/case/{handled}/progress", "team", 200, "leader", elsewhere=404, body=sent(level="office", said="已协调")
    ),
    "POST records/{noun}/{id}/strike-off": Door(
        "records/case/{listed}/strike-off", "leader", 200, "section", elsewhere=404,
        body=sent(level="office", reason="已解决"),
    ),
    "POST cases/{id}/pleas": Door(
        "cases/{handled}/pleas", "team", 200, "section", elsewhere=404,
        body=sent(matter="parking", reason="手续未批", until="2020-09-30"),
    ),
    "POST cases/{id}/pleas/{plea}": Door(
        "cases/{handled}/pleas/{plea}", "leader", 200, "section", elsewhere=404, body=sent(granted=True)
    ),
    "POST cases/{id}/shares": Door(
        "cases/{handled}/shares", "project_office", 200, "section", elsewhere=404,
        body=lambda scene: unit_of("section")(scene) | {"task": "断电配合"},
    ),
    "POST cases/{id}/shares/{share}": Door(
        "cases/{handled}/shares/{share}", "team2", 200, "team", elsewhere=404, body=sent(answer="已到场配合")
    ),
    "POST cases/{id}/{verb}": Door(
        "cases/{case}/dispatch", "project_office", 200, "section", elsewhere=404, body=unit_of("team")
    ),
    "GET search": Door("search?q=X01", elsewhere=200),
    "GET projects/{id}/schedule": Door("projects/{project}/schedule", elsewhere=404, refused="team2", refusal=404),
    "POST projects/{id}/schedule": Door(
        "projects/{project}/schedule", "project_office", 202, "section", elsewhere=404, body=sent(seconds=2)
    ),
    "PATCH works/{id}": Door("works/{work}", "project_office", 200, "section", elsewhere=404, body=sent(seen=0, days=9)),
    "POST jobs/{id}/cancel": Door("jobs/{job}/cancel", elsewhere=404, refused="section", refusal=404, body=sent()),
    "GET jobs/{id}/result": Door("jobs/{job}/result", answer=404, elsewhere=404),
    "GET jobs/{id}": Door("jobs/{job}", elsewhere=404, refused="section", refusal=404),
    "GET figures": Door("figures", refused="system_admin", elsewhere=200),
    "GET figures/{key}": Door("figures/projects.count", refused="system_admin", elsewhere=200),
    "GET figures/{key}/series": Door("figures/cases.filed/series", refused="system_admin", elsewhere=200),
    "GET figures/{key}/places": Door("figures/cases.filed/places", refused="system_admin", elsewhere=200),
    "GET figures/{key}/evidence": Door("figures/cases.filed/evidence", refused="system_admin", elsewhere=200),
    "POST sheets/wanted": Door("sheets/wanted", elsewhere=200, raw=workbook),
    "POST sheets/wanted/fill": Door("sheets/wanted/fill", elsewhere=200, raw=workbook),
    "POST imports/{kind}": Door("imports/unit", "system_admin", 200, "secretary", elsewhere=422, raw=workbook),
    "POST rankings/{week}/publish": Door(
        "rankings/2020-08-31/publish", "project_office", 200, "team", elsewhere=200, body=sent()
    ),
    "POST projects/{id}/channel": Door(
        "projects/{project}/channel", "project_office", 201, "section", elsewhere=404, body=sent(reason="省重点")
    ),
    "POST projects/{id}/channel/leave": Door(
        "projects/{project}/channel/leave", "project_office", 409, "section", elsewhere=404, body=sent(reason="已开工")
    ),
    "POST consequences/{id}/decide": Door(
        "consequences/{consequence}/decide", "leader", 200, "section", elsewhere=404,
        body=sent(confirm=True, reason="属实"),
    ),
}  # fmt: skip


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the pages: its name and its route; the API is described by itself."""
    for entry in get_resolver().url_patterns if found is None else found:
        if isinstance(entry, URLResolver):
            if entry.app_name != "ninja":
                yield from patterns(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry.name or "", prefix + str(entry.pattern)


def operations() -> list[str]:
    """Every operation of the API, as the keys of ``CALLS``."""
    paths = api_urls.api.get_openapi_schema()["paths"].items()
    return [f"{method.upper()} {path.removeprefix('/api/v1/')}" for path, methods in paths for method in methods]


def test_every_page_is_described() -> None:
    named = {name for name, _route in patterns()}
    assert not [route for name, route in patterns() if not name], "Give every address a name."
    assert not named - PAGES.keys(), "New pages: describe in PAGES who may open them and what they answer."
    assert not PAGES.keys() - named, "These pages are gone: take them out of PAGES."


def test_every_operation_is_described() -> None:
    assert not set(operations()) - CALLS.keys(), "New operations: describe in CALLS who may and what is answered."
    assert not CALLS.keys() - set(operations()), "These operations are gone: take them out of CALLS."


def test_every_door_is_tried_by_another_office() -> None:
    untried = [
        n for n, d in {**PAGES, **CALLS}.items() if not d.public and not d.own and not d.elsewhere and d.answer != 404
    ]
    assert not untried, "Say what the same role of another office gets (elsewhere=404 for a record)."


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once; every test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def asked_and_shared(made: Office, case: Case) -> tuple[Plea, Share]:
    """A case the team has taken, for which it asked for more time, and the second team for its part."""
    common, team = {"at": moment(MONDAY), "case": case}, made.actor("team")
    dispatch(actor=made.actor("project_office"), unit=made.posts["team"].unit, **common)
    accept(actor=team, **common)
    share = involve(actor=team, unit=made.posts["team2"].unit, task="腾出施工面", **common)
    return ask(actor=team, matter="extension", reason="雨天", amount=1, **common), share


def build() -> Scene:
    made, other = offices.office(), offices.office("410181006000", "新华路街道")
    let_clock_show(made)
    let_clock_show(other)
    for key in ("residents", "targets"):
        apply(at=offices.FOUNDED, pack=offices.pack(key), offices=[made.place])
    project = offices.project(made)
    report = offices.say(made, project, date(2020, 9, 4), 40)
    case, listed = offices.blocker(made, project), offices.blocker(made, project, what="断路")
    double = offices.blocker(made, project, what="道路断了")
    merge(actor=made.actor("project_office"), at=moment(MONDAY), case=double, into=listed)
    plea, share = asked_and_shared(made, offices.blocker(made, project, what="断电"))
    for case_listed in (listed, plea.case):
        values = LIST_IT | {"until": date(2020, 9, 20)}
        supervise(actor=made.actor("leader"), at=moment(MONDAY), subject=case_listed, **values)
    lay_out(actor=made.system, at=moment(MONDAY), project=project)
    consequence = Consequence.objects.create(
        project=project, path=project.entry.path, type="naming", week=date(2020, 8, 31), proposed_at=moment(MONDAY)
    )
    file = store(actor=made.system, at=moment(MONDAY), sent=Upload(picture(), "x.png"))
    attach(actor=made.system, at=moment(MONDAY), subject=report.activity, file=file, part="near")
    published = publish_figures(
        actor=made.actor("secretary"), at=moment(MONDAY), figures=[find("cases.open")], place=made.place, since=MONDAY, until=MONDAY,
        title="周报", client_id=uuid.uuid4(),
    )  # fmt: skip
    job = enqueue(
        actor=made.actor("secretary"), at=moment(MONDAY), task="export", params={}, client_id=uuid.uuid4(), about="企业"
    )
    for office in (made, other):
        expire(office, "director", date(2020, 9, 6))
    review = publish_review(actor=made.system, at=moment(MONDAY), office=made.place)
    view = save_view(
        actor=made.actor("secretary"), at=moment(MONDAY), kind=project.entry.kind, title="共享", query="", chosen=[], shared=True
    )  # fmt: skip
    return Scene(
        made,
        other,
        project,
        report,
        case,
        listed,
        double,
        plea,
        share,
        consequence,
        file.pk,
        published.pk,
        review.pk,
        job.pk,
        view.pk,
        planned(made) | documented(made) | scored(made),
    )


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Visitor:
    """Someone at the doors of the pages or of the API."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    key: str = ""

    def open_page(self, scene: Scene, door: Door, ids: dict[str, Any]) -> Any:
        url = door.url.format(**ids)
        if door.body is None:
            return self.client.get(url)
        return self.client.post(url, door.body(scene))

    def call(self, scene: Scene, name: str, door: Door, ids: dict[str, Any]) -> Any:
        method, url = name.split(maxsplit=1)[0], door.url.format(**ids)
        api = Api(self.key, client=self.client)
        if door.raw is not None:
            return self.client.post(
                f"/api/v1/{url}", door.raw(), content_type="application/octet-stream", headers=api.headers
            )
        return api.send(method, url, None if door.body is None else door.body(scene))


def signed_in(made: Office, role: str) -> Visitor:
    visitor = Visitor()
    visitor.client.force_login(made.account(role))
    return visitor


def with_key(made: Office, role: str) -> Visitor:
    return Visitor(key=key_of(made, role))


def impossible(door: Door, ids: dict[str, Any]) -> dict[str, Any] | None:
    """The ids of a door as numbers no database holds; None when its address has no id."""
    return dict.fromkeys(ids, HUGE) if re.search(r"\{\w+\}", door.url) else None


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_page(scene: Scene, name: str) -> None:
    door = PAGES[name]

    def status(visitor: Visitor, ids: dict[str, Any] | None = None) -> int:
        answer = visitor.open_page(scene, door, ids or scene.ids)
        return int(answer.status_code)

    with undone():
        nobody = Visitor().open_page(scene, door, scene.ids)
        if door.public:
            assert nobody.status_code == door.answer
        elif nobody.status_code != 404:
            assert nobody.status_code == 302, "anonymous"
            assert nobody.headers["Location"].startswith(SIGN_IN)
    with undone():
        ended = door.answer if door.public or door.own else 404 if name == "act-as" else 403
        assert status(signed_in(scene.made, "director")) == ended, "a post that has ended"
        without = Visitor()
        without.client.force_login(Account.objects.create_user("without-post"))
        assert status(without) == ended, "no post"
    with undone():
        assert status(signed_in(scene.made, door.role)) == door.answer, f"{door.role} may"
    if door.refused:
        with undone():
            assert status(signed_in(scene.made, door.refused)) == door.refusal, f"{door.refused} may not"
    if door.elsewhere:
        with undone():
            assert status(signed_in(scene.other, door.role)) == door.elsewhere, "another office"
    if huge := impossible(door, scene.ids):
        with undone():
            assert status(signed_in(scene.made, door.role), huge) == 404, "an id no database holds"


@pytest.mark.django_db
@pytest.mark.parametrize("name", CALLS)
def test_operation(scene: Scene, name: str) -> None:
    door = CALLS[name]

    def status(visitor: Visitor, ids: dict[str, Any] | None = None) -> int:
        answer = visitor.call(scene, name, door, ids or scene.ids)
        if answer.status_code >= 400:
            assert answer.json()["error"]["message"], answer.content
        return int(answer.status_code)

    with undone():
        assert status(Visitor()) == 401, "anonymous"
        assert status(Visitor(key="unknown")) == 401, "an unknown key"
        assert status(with_key(scene.made, "director")) == 403, "a post that has ended"
    with undone():
        assert status(with_key(scene.made, door.role)) == door.answer, f"{door.role} may"
    if door.refused:
        with undone():
            assert status(with_key(scene.made, door.refused)) == door.refusal, f"{door.refused} may not"
    if door.elsewhere:
        with undone():
            assert status(with_key(scene.other, door.role)) == door.elsewhere, "another office"
    if huge := impossible(door, scene.ids):
        with undone():
            assert status(with_key(scene.made, door.role), huge) in {404, 422}, "an id no database holds"


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n, d in PAGES.items() if d.body is not None])
def test_a_page_that_writes_does_nothing_when_it_is_only_opened(scene: Scene, name: str) -> None:
    with undone():
        visitor = signed_in(scene.made, PAGES[name].role)
        before = JournalEntry.objects.count()
        answer = visitor.client.get(PAGES[name].url.format(**scene.ids))
        assert answer.status_code in {200, 302, 404, 405}
        assert JournalEntry.objects.count() == before
