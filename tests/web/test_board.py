"""The board, the wall and the consequences: every role, every number against its records, literal query counts."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.projects.actions import correct_report, propose_consequences, publish_ranking
from zijing.projects.models import Consequence, Project
from zijing.records.models import Kind
from zijing.web import hall

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SUNDAY, TUESDAY = MONDAY + 6 * DAY, MONDAY + DAY
EVERYONE = (
    "secretary", "director", "leader", "project_office", "section", "team", "community", "grid", "county", "system_admin",
)  # fmt: skip
PAGES = ("/board/", "/board/wall/")


@pytest.fixture
def made() -> Office:
    return office()


def laggards(made: Office, n: int = 6) -> list[Project]:
    """Projects that reported on Saturday, each further behind than the one before."""
    found = [project(made, f"X{i:02d}", team="team" if i == 1 else "team2") for i in range(1, n + 1)]
    for i, one in enumerate(found):
        say(made, one, SUNDAY - DAY, 100)
        say(made, one, SUNDAY - DAY, 90 - 6 * i, stage="主体")
    return found


def codes(rows: Any) -> list[str]:
    return [row.line.project.entry.business_key for row in rows]


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_is_sent_to_sign_in(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", EVERYONE)
def test_every_role_sees_the_board(made: Office, role: str, page: str) -> None:
    say(made, project(made), MONDAY, 50)
    assert signed_in(made, role, TUESDAY).get(page).status_code == 200


def test_a_narrow_sight_hides_lines_and_keeps_ranks(made: Office) -> None:
    laggards(made)
    seen = signed_in(made, "team2", SUNDAY).get("/board/").context["rows"]
    assert [(row.line.rank, code) for row, code in zip(seen, codes(seen), strict=True)] == [
        (2, "X02"), (3, "X03"), (4, "X04"), (5, "X05"), (6, "X06")
    ]  # fmt: skip


def test_another_office_sees_nothing_of_it(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 50)
    other = office("410181006000", "别处街道")
    client = signed_in(other, "secretary", TUESDAY)
    assert str(target) not in client.get("/board/").content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        target = project(made, f"X{i:02d}")
        say(made, target, MONDAY, 50)
        blocker(made, target)
    client = signed_in(made, "project_office", TUESDAY)
    client.get("/board/")
    with django_assert_num_queries(BOARD_QUERIES):
        assert len(client.get("/board/").context["rows"]) == n
    with django_assert_num_queries(WALL_QUERIES):
        client.get("/board/wall/")


BOARD_QUERIES, WALL_QUERIES = 13, 13


def test_numbers_on_the_page_are_those_of_the_records(made: Office) -> None:
    target = project(made)
    say(made, target, TUESDAY, 100)
    say(made, target, TUESDAY, 25, stage="主体")
    for what in ("停水", "停电"):
        blocker(made, target, what=what)
    page = signed_in(made, "secretary", TUESDAY).get("/board/").content.decode()
    shares = dict(target.reports.values_list("stage", "share"))
    done = sum((s.weight * (shares[s.pk] or 0) / 100 for s in target.stages.all()), Decimal(0))
    assert opened(page, "daily-report") == [f"{done:.1f}%", "0"]
    assert opened(page, "blocker") == [str(Case.objects.filter(subject=target.pk).exclude(stage="closed").count())]
    assert opened(page, "milestone") == ["96.0%"], "the first stage, and 92 of the hundred days of the second"


def opened(page: str, kind: str) -> list[str]:
    """The numbers that lead to the list of a kind, in the order of the page."""
    return [text for text in re.findall(rf'href="/list/{kind}/[^"]*"[^>]*>([^<]+)</a>', page) if re.search(r"\d", text)]


def test_every_number_leads_to_the_rows_it_counts(made: Office) -> None:
    target = project(made)
    say(made, target, MONDAY, 50)
    blocker(made, target)
    client = signed_in(made, "secretary", TUESDAY)
    row = client.get("/board/").context["rows"][0]
    for href, n in ((row.planned_href, 2), (row.actual_href, 1), (row.blockers_href, 1), (row.last_report_href, 1)):
        assert client.get(href).context["totals"].n == n, href


def test_type_filters_and_keeps_ranks(made: Office) -> None:
    first, second = project(made, "X01", type="housing"), project(made, "X02", type="municipal")
    say(made, first, MONDAY, 90)
    say(made, second, MONDAY, 50)
    rows = signed_in(made, "secretary", TUESDAY).get("/board/?type=municipal").context["rows"]
    assert [(r.line.rank, r.line.project) for r in rows] == [(2, second)]


@pytest.mark.parametrize(
    "query", ["week=x", "week=0001-01-01", "week=9999-12-31", "week=2020-13-01", "type=secret", "week=2020-09-14"]
)
def test_an_impossible_week_or_type_is_said(made: Office, query: str) -> None:
    answer = signed_in(made, "secretary", TUESDAY).get(f"/board/?{query}")
    assert answer.status_code == 422 and "Nothing was saved" in answer.content.decode()


def test_running_week_is_flagged_and_has_no_next(made: Office) -> None:
    client = signed_in(made, "secretary", TUESDAY)
    now, before = client.get("/board/"), client.get("/board/?week=2020-09-04")
    assert "week still running" in now.content.decode() and now.context["week"].next is None
    assert "week still running" not in before.content.decode()
    assert before.context["week"].start == date(2020, 8, 31) and before.context["week"].next == MONDAY


def test_without_reports_listed_apart_with_the_days_missing(made: Office) -> None:
    target = project(made)
    say(made, target, date(2020, 9, 3), 50)
    answer = signed_in(made, "secretary", date(2020, 9, 9)).get("/board/")
    assert codes(answer.context["unranked"]) == ["X01"] and not answer.context["rows"]
    assert answer.context["unranked"][0].line.days_missing == 3, "Friday, Monday, Tuesday; today is not due yet"


def test_published_state_and_what_changed_since(made: Office) -> None:
    target = laggards(made)[2]
    publish_ranking(actor=made.system, at=moment(SUNDAY, 20), office=made.place, week=SUNDAY)
    client = signed_in(made, "secretary", SUNDAY + DAY)
    page = client.get("/board/?week=2020-09-13").content.decode()
    assert "Published Sun 13 Sep 2020 20:00" in page and "unchanged since" in page
    report = target.reports.get(stage__milestone__title="主体")
    correct_report(actor=made.system, at=moment(SUNDAY + DAY), report=report, values={"share": "79", "remark": "更正"})
    answer = client.get("/board/?week=2020-09-13")
    assert "1 change since" in answer.content.decode()
    assert [(c.project, c.then["actual"], str(c.now.actual)) for c in answer.context["changes"]] == [
        (target, "89.0", "89.5")
    ]
    assert "Sun 13 Sep 2020 20:00" in client.get("/board/").content.decode(), "the last published one is named"


class TestConsequences:
    @pytest.fixture
    def proposal(self, made: Office) -> Consequence:
        laggards(made)
        propose_consequences(actor=made.system, at=moment(SUNDAY, 20), office=made.place, week=SUNDAY)
        return Consequence.objects.order_by("pk")[0]

    def send(self, made: Office, role: str, target: Consequence, **values: str) -> Any:
        return signed_in(made, role, SUNDAY + DAY).post(f"/consequences/{target.pk}/", values)

    @pytest.mark.parametrize("role", ["secretary", "director", "leader"])
    def test_leaders_see_and_confirm_with_a_reason(self, made: Office, proposal: Consequence, role: str) -> None:
        page = signed_in(made, role, SUNDAY + DAY).get("/board/").content.decode()
        assert f'action="/consequences/{proposal.pk}/"' in page
        answer = self.send(made, role, proposal, decision="confirm", reason="连续落后", next="/board/")
        assert answer.status_code == 302 and answer["Location"] == "/board/"
        proposal.refresh_from_db()
        assert (proposal.status, proposal.reason, proposal.decided_by) == ("confirmed", "连续落后", made.posts[role])

    def test_dropped_and_lifted(self, made: Office, proposal: Consequence) -> None:
        other = Consequence.objects.order_by("pk")[1]
        self.send(made, "secretary", other, decision="drop", reason="下雨")
        self.send(made, "secretary", proposal, decision="confirm", reason="落后")
        self.send(made, "secretary", proposal, decision="lift", reason="已赶上")
        assert list(Consequence.objects.order_by("pk").values_list("status", flat=True)[:2]) == ["lifted", "dropped"]

    @pytest.mark.parametrize(
        "role", ["project_office", "section", "team", "community", "grid", "county", "system_admin"]
    )
    def test_others_neither_see_the_form_nor_decide(self, made: Office, proposal: Consequence, role: str) -> None:
        page = signed_in(made, role, SUNDAY + DAY).get("/board/").content.decode()
        assert "/consequences/" not in page
        assert self.send(made, role, proposal, decision="confirm", reason="x").status_code in {403, 404}
        proposal.refresh_from_db()
        assert proposal.status == "proposed"

    def test_elsewhere_it_does_not_exist(self, proposal: Consequence) -> None:
        other = office("410181006000", "别处街道")
        assert self.send(other, "secretary", proposal, decision="confirm", reason="x").status_code == 404

    @pytest.mark.parametrize(
        ("values", "status"),
        [({"decision": "confirm", "reason": " "}, 422), ({"decision": "burn", "reason": "x"}, 422), ({}, 422)],
    )
    def test_without_reason_or_decision_nothing_happens(
        self, made: Office, proposal: Consequence, values: dict[str, str], status: int
    ) -> None:
        assert self.send(made, "secretary", proposal, **values).status_code == status
        proposal.refresh_from_db()
        assert proposal.status == "proposed"

    def test_the_second_decider_is_told(self, made: Office, proposal: Consequence) -> None:
        self.send(made, "secretary", proposal, decision="confirm", reason="落后")
        assert self.send(made, "leader", proposal, decision="drop", reason="算了").status_code == 409

    def test_only_by_post_and_signed_in(self, made: Office, proposal: Consequence, client: Client) -> None:
        assert client.post(f"/consequences/{proposal.pk}/").status_code == 302
        assert signed_in(made, "secretary").get(f"/consequences/{proposal.pk}/").status_code == 405

    def test_it_leads_back_to_this_site_only(self, made: Office, proposal: Consequence) -> None:
        answer = self.send(made, "secretary", proposal, decision="drop", reason="x", next="https://example.org/")
        assert answer["Location"] == "/board/"


class TestWall:
    def test_pages_turn_round_and_work_without_scripts(self, made: Office) -> None:
        laggards(made, 12)
        client = signed_in(made, "secretary", SUNDAY)
        first, last = client.get("/board/wall/"), client.get("/board/wall/?page=2")
        assert [len(s.on_it.ranked) for s in first.context["sheets"]] == [6, 6]
        assert '<meta http-equiv="refresh" content="20;url=/board/wall/?page=2">' in first.content.decode()
        assert 'hx-get="/board/wall/?page=1"' in last.content.decode()

    @pytest.mark.parametrize("page", ["", "0", "99", "-1", "x", "９", "1" * 400])
    def test_an_impossible_page_begins_again(self, made: Office, page: str) -> None:
        laggards(made, 2)
        assert signed_in(made, "secretary", SUNDAY).get("/board/wall/", {"page": page}).context["sheets"][0].here

    def test_an_empty_office_has_a_wall(self, made: Office) -> None:
        assert "No project is ranked" in signed_in(made, "secretary").get("/board/wall/").content.decode()

    def test_every_line_is_on_one_page(self, made: Office) -> None:
        for n in range(13):
            project(made, f"W{n:02d}")
        laggards(made, 11)
        found = signed_in(made, "secretary", SUNDAY).get("/board/wall/").context["sheets"]
        shown = [line.project.pk for sheet in found for line in (*sheet.on_it.ranked, *sheet.on_it.apart)]
        assert sorted(shown) == sorted(Project.objects.values_list("pk", flat=True))
        assert all(len(s.on_it.ranked or s.on_it.missing) <= hall.LINES for s in found)

    def test_no_person_is_named(self, made: Office) -> None:
        say(made, project(made), MONDAY, 50)
        page = signed_in(made, "secretary", TUESDAY).get("/board/wall/").content.decode()
        assert "leader岗" in page and made.account("leader").username not in page


def test_kinds_behind_the_links_exist(made: Office) -> None:
    assert Kind.objects.filter(key__in=["milestone", "daily-report", "blocker", "project"]).count() == 4
