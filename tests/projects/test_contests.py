"""Contests: the pack's table over the ranking; who takes part, the outcome, ranks, prizes, who stands apart."""

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.office import MONDAY, Office, moment, office, project, say
from tests.web.visiting import form, signed_in
from zijing.core.errors import Conflict, Missing, Refused, Several
from zijing.figures.models import Publication
from zijing.packs import loader
from zijing.packs.intake import record
from zijing.people.access import system_actor
from zijing.projects.actions import correct_report, publish_contest
from zijing.projects.models import RankingRule, Report
from zijing.projects.queries.contest_results import results
from zijing.projects.queries.contests import Standings, contest_standing, contests
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = {"zh": "红旗", "en": "red flag"}
CONTEST: dict[str, Any] = {
    "key": "sprint", "title": {"zh": "竞赛", "en": "Sprint"}, "since": str(MONDAY), "until": str(MONDAY + 13 * DAY),
    "outcome": "gain", "types": [], "levels": [], "prizes": [{"to": 1, "title": WORDS}], "named_last": 1,
    "naming": {"zh": "发言", "en": "speaks"}, "source": "",
}  # fmt: skip


@pytest.fixture
def made() -> Office:
    return office()


def held(**changes: Any) -> None:
    """Let the rule in force have this one contest."""
    RankingRule.objects.update(contests=[CONTEST | changes])


def standing(made: Office, on: date = MONDAY + 4 * DAY) -> Standings:
    return contest_standing(system_actor(made.place), contests()[0], on)


def gained(made: Office, code: str, before: int, after: int | None, **fields: Any) -> int:
    """A project that stood at one share of its first stage before the contest, and at another within it."""
    made_ = project(made, code, **fields)
    say(made, made_, MONDAY - 3 * DAY, before)
    if after is not None:
        say(made, made_, MONDAY + 2 * DAY, after)
    return made_.pk


def test_the_packs_own_contests_are_read_newest_first(made: Office) -> None:
    assert [(c.key, c.outcome) for c in contests()] == [
        ("hundred-days", "gain"), ("investment-third-quarter", "investment")
    ]  # fmt: skip
    assert contests()[0].prizes == [(1, "流动红旗"), (3, "通报表扬")]


def test_who_gains_most_is_first_and_the_last_is_named(made: Office) -> None:
    held()
    slow, fast, mid = (gained(made, f"X0{n}", 40, share) for n, share in enumerate((42, 60, 50), 1))
    found = standing(made)
    assert [(e.project.pk, e.rank, e.outcome, e.prize) for e in found.ranked] == [
        (fast, 1, Decimal(10), "红旗"), (mid, 2, Decimal(5), ""), (slow, 3, Decimal(1), "发言")
    ]  # fmt: skip
    assert (found.ranked[0].was, found.ranked[0].now, found.over) == (Decimal(20), Decimal(30), False)


def test_equal_outcomes_share_a_rank_and_its_prize(made: Office) -> None:
    held(named_last=0)
    for n in (1, 2):
        gained(made, f"X0{n}", 40, 60)
    assert [(e.rank, e.prize) for e in standing(made).ranked] == [(1, "红旗"), (1, "红旗")]


def test_without_a_report_in_the_period_it_stands_apart_and_so_does_what_was_done_before(made: Office) -> None:
    held()
    silent = gained(made, "X01", 40, None)
    done = project(made, "X02")
    for stage in ("基础", "主体"):
        say(made, done, MONDAY - 3 * DAY, 100, stage=stage)
    found = standing(made)
    assert not found.ranked
    assert {(e.project.pk, e.apart) for e in found.apart} == {(silent, "silent"), (done.pk, "done")}


def test_only_the_types_and_levels_named_take_part(made: Office) -> None:
    held(types=["housing"], levels=["county"])
    mine = gained(made, "X01", 40, 50, level="county")
    gained(made, "X02", 40, 50, level="office")
    gained(made, "X03", 40, 50, level="county", type="commercial")
    assert [e.project.pk for e in standing(made).ranked] == [mine]


def test_investment_is_compared_with_the_years_plan(made: Office) -> None:
    held(outcome="investment")
    rich, poor = project(made, "X01"), project(made, "X02", year_plan=0)
    values = {"project": f"#{rich.pk}", "date": MONDAY + DAY, "amount": "100万元"}
    record(actor=made.system, at=moment(MONDAY + DAY), kind=Kind.objects.get(key="investment"), values=values)
    found = standing(made)
    assert [(e.outcome, e.invested) for e in found.ranked] == [(Decimal(20), 100_000_000)]
    assert [(e.project.pk, e.apart) for e in found.apart] == [(poor.pk, "silent")]


def test_points_are_those_of_the_board_on_the_last_day(made: Office) -> None:
    held(outcome="points")
    gained(made, "X01", 40, 50)
    [one] = standing(made).ranked
    assert one.outcome == one.now - one.planned_now


def test_after_its_end_nothing_moves_it_any_more(made: Office) -> None:
    held(until=str(MONDAY + 2 * DAY))
    gained(made, "X01", 40, 50)
    before = standing(made, MONDAY + 3 * DAY).ranked
    say(made, before[0].project, MONDAY + 3 * DAY, 90)
    assert standing(made, MONDAY + 4 * DAY).ranked == before
    assert standing(made, MONDAY + 4 * DAY).over


class TestResults:
    """What was published of a contest that is over stands, whatever is recorded, renamed or ruled afterwards."""

    @pytest.fixture
    def over(self, made: Office) -> list[int]:
        held(until=str(MONDAY + 3 * DAY))
        return [gained(made, f"X0{n}", 40, share) for n, share in enumerate((60, 50), 1)]

    def publish(self, made: Office, role: str = "project_office", on: date = MONDAY + 4 * DAY) -> Publication:
        return publish_contest(actor=made.actor(role), at=moment(on), office=made.place, key="sprint")

    def test_published_results_stand(self, made: Office, over: list[int]) -> None:
        published = self.publish(made)
        assert self.publish(made, "secretary") == published
        for stage_report in Report.objects.filter(project=over[1], day=MONDAY + 2 * DAY):
            values = {"share": "90", "remark": "更正"}
            correct_report(actor=made.system, at=moment(MONDAY + 4 * DAY, 12), report=stage_report, values=values)
        project(made, "X01", name="改了名")
        RankingRule.objects.update(contests=[dict(RankingRule.objects.get().contests[0], named_last=0)])
        shown = results(made.actor("secretary"), contests()[0], MONDAY + 5 * DAY)
        assert [(e.project.pk, e.project.entry.title, e.rank, e.outcome, e.prize) for e in shown.ranked] == [
            (over[0], "示例项目X01", 1, Decimal(10), "红旗"), (over[1], "示例项目X02", 2, Decimal(5), "发言")
        ]  # fmt: skip
        assert (shown.over, shown.on, shown.published_at) == (True, MONDAY + 3 * DAY, published.published_at)
        assert (
            contest_standing(made.actor("secretary"), contests()[0], MONDAY + 5 * DAY).ranked[0].project.pk == over[1]
        )

    def test_it_is_published_when_it_is_over_by_who_may(self, made: Office, over: list[int]) -> None:
        with pytest.raises(Conflict):
            self.publish(made, on=MONDAY + 3 * DAY)
        with pytest.raises(Refused):
            self.publish(made, "section")
        with pytest.raises(Missing):
            publish_contest(actor=made.system, at=moment(MONDAY + 4 * DAY), office=made.place, key="none")
        assert not Publication.objects.exists()

    def test_the_page_publishes_and_says_so(self, made: Office, over: list[int]) -> None:
        client, address = signed_in(made, "project_office", MONDAY + 4 * DAY), "/board/contests/sprint/"
        assert "results not published yet" in client.get(address).content.decode()
        assert client.post(f"{address}publish/", form())["Location"] == address
        text = client.get(address).content.decode()
        assert "results published" in text and "Publish the results" not in text
        assert "publish/" not in signed_in(made, "section", MONDAY + 4 * DAY).get(address).content.decode()


class TestPage:
    @pytest.mark.parametrize("n", [1, 3])
    @pytest.mark.parametrize(("outcome", "queries"), [("gain", 10), ("investment", 11)])
    def test_cost(self, made: Office, outcome: str, queries: int, n: int) -> None:
        held(outcome=outcome)
        for code in range(n):
            gained(made, f"X0{code}", 40, 50)
        client = signed_in(made, "secretary", MONDAY + 4 * DAY)
        client.get("/board/contests/sprint/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/board/contests/sprint/")
        assert len(page.context["rows"]) == n
        assert len(asked) == queries, [q["sql"][:60] for q in asked.captured_queries]

    def test_the_reason_opens_the_reports_it_follows_from(self, made: Office) -> None:
        held()
        gained(made, "X01", 40, 50)
        client = signed_in(made, "secretary", MONDAY + 4 * DAY)
        [row] = client.get("/board/contests/sprint/").context["rows"]
        assert client.get(row.reports_href).context["totals"].n == 1
        assert "/board/contests/sprint/" in client.get("/board/").content.decode()

    def test_a_team_sees_its_own_with_its_rank_among_all(self, made: Office) -> None:
        held()
        gained(made, "X01", 40, 80, team="team2")
        gained(made, "X02", 40, 50)
        [row] = signed_in(made, "team", MONDAY + 4 * DAY).get("/board/contests/sprint/").context["rows"]
        assert (row.it.rank, row.it.project.entry.business_key) == (2, "X02")

    def test_before_it_begins_it_is_announced(self, made: Office) -> None:
        page = signed_in(made, "secretary", MONDAY).get("/board/contests/hundred-days/").content.decode()
        assert "has not begun" in page

    def test_an_unknown_one_is_not_found(self, made: Office) -> None:
        assert signed_in(made, "secretary").get("/board/contests/none/").status_code == 404


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('types = ["housing"]', 'types = ["castle"]'), ("until = 2020-12-31", "until = 2020-01-31"),
        ('outcome = "gain"', 'outcome = "beauty"'), ('key = "investment-third-quarter"', 'key = "hundred-days"'),
        ('naming = { zh = "在推进会上表态发言", en = "speaks at the next meeting" }', ""),
    ],
)  # fmt: skip
def test_a_contest_that_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str) -> None:
    for key in ("base", "project-drive"):
        shutil.copytree(Path(settings.PACKS) / key, tmp_path / key)
    rules = tmp_path / "project-drive/ranking.toml"
    text = rules.read_text(encoding="utf-8")
    assert old in text
    rules.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Several):
        loader.load(loader.find(tmp_path, "project-drive"))
