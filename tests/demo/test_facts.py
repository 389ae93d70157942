"""The whole year of the demo, built once: its totals agree with what was published, and it says what it is."""

import csv
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.demo.facts import agrees, facts_of, named, promised, said
from zijing.activities.models import Activity
from zijing.cases.comebacks import hot_spots
from zijing.cases.models import Case, Supervision
from zijing.commitments.models import Commitment, Statement
from zijing.commitments.papers import papers
from zijing.commitments.queries import courses
from zijing.commitments.reviews import REVIEW
from zijing.demo import replay
from zijing.demo.days import STOPS
from zijing.demo.roles import ROLES
from zijing.figures.known import find
from zijing.figures.models import Publication
from zijing.figures.queries import value
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.packs.losses import records_of
from zijing.packs.yearly import YearReport, year_report
from zijing.people.access import Actor, actor_of, system_actor
from zijing.people.models import Account, Holding
from zijing.places.models import Place
from zijing.projects.models import Consequence, Project, Report, Schedule
from zijing.projects.queries import RANKING, Board, board, my_projects
from zijing.records.filters import overdue
from zijing.records.models import Attachment, File, Kind
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

EXPECTED = list(csv.DictReader((Path(settings.ROOT) / "demo" / "expected.csv").open(encoding="utf-8-sig")))
WAN_WAN = 100_000_000_00


@pytest.fixture(scope="module")
def year(for_the_module: None) -> Iterator[dict[str, Any]]:
    started, cpu = time.monotonic(), time.process_time()
    actions = replay.build()
    return {"actions": actions, "seconds": time.monotonic() - started, "cpu": time.process_time() - cpu}


@pytest.fixture(scope="module")
def office(year) -> Place:
    return Place.objects.get(level="office")


@pytest.fixture(scope="module")
def shown(office) -> Board:
    return board(system_actor(office), STOPS.date())


def acting(username: str) -> Actor:
    holding = Holding.objects.select_related("post__role", "post__office", "post__place").get(
        account__username=username
    )
    return actor_of(holding, channel="web", on=STOPS.date())


def test_it_takes_no_more_actions_than_agreed(year, record_testsuite_property):
    record_testsuite_property(
        "demo_year", f"{year['actions']} actions, {year['seconds']:.0f} s, {year['cpu']:.0f} s of CPU"
    )
    assert 5_000 < year["actions"] <= 20_000


@pytest.mark.parametrize("line", EXPECTED, ids=[f"{e['fact_id']} {e['figure']}" for e in EXPECTED])
def test_totals_agree_with_the_published_facts(office, line):
    key, _space, month = line["figure"].partition(" ")
    days = {}
    if month:
        year, number = map(int, month.split("-"))
        days = {"since": date(year, number, 1), "until": date(year, number, 30)}
    assert value(find(key), system_actor(office), at=STOPS, **days).amount == int(line["expected"])


@pytest.fixture(scope="module")
def report(office) -> YearReport:
    return year_report(actor=system_actor(office), at=STOPS, year=2020)


@named(facts_of("410181005"))
def test_the_year_end_report_says_the_published_facts_and_each_opens_to_records(report, fact):
    numbers = said(report.sentences, fact)
    assert numbers and all(agrees(n, fact) and n["evidence_count"] and n["url"] for n in numbers)


@named(facts_of("410181005", counted=False))
def test_what_was_promised_stands_in_the_plan_and_in_the_report(report, fact):
    assert promised(report, fact)


def test_the_year_end_report_says_up_to_when_it_speaks_and_of_every_promise(report):
    assert (report.since, report.until) == (date(2020, 1, 1), STOPS.date())
    covered = report.coverage
    assert (len(covered.reported), len(covered.stated), len(covered.missing)) == (85, 55, 0)
    assert any("慢于序时的有" in s["sentence"] for s in report.sentences)


def test_seventy_buildings_had_topped_out_by_the_end_of_august(office):
    topped = [e.fields["topped_on"] for e in Entry.objects.filter(kind__key="building") if e.fields.get("topped_on")]
    assert len(topped) == 70
    assert max(topped) <= "2020-08-31"


def test_the_targets_are_those_of_the_plan(office):
    targets = dict(Commitment.objects.filter(kind__key="indicator").values_list("business_key", "quantity"))
    assert [targets[k] for k in ("Z01", "Z02", "Z03", "Z04", "Z05", "Z30", "Z31")] == [4, 3, 25, 27, 32, 391, 2639]


def test_investment_is_plausible_against_the_target(office):
    plan = sum(p.year_plan_fen for p in Project.objects.all())
    done = sum(a.amount_fen for a in Activity.objects.filter(kind__key="investment"))
    assert 32 * WAN_WAN <= plan <= 33 * WAN_WAN
    assert 0.6 <= done / plan <= 0.9
    last = Statement.objects.filter(commitment__business_key="Z05").order_by("period").last()
    assert last.period == date(2020, 9, 1)
    assert float(last.value) == pytest.approx(done / WAN_WAN, abs=0.001)


def test_everything_synthetic_says_so(office):
    for a in Activity.objects.select_related("kind"):
        said = f"{a.title}{a.fields.get('remark', '')}{a.fields.get('note', '')}"
        assert "合成" in said, (a.kind.key, a.pk)
    assert all("合成" in title for title in Case.objects.values_list("title", flat=True))
    assert all(s.source == "演示合成" for s in Statement.objects.all())
    assert all("合成" in f["note"] for f in Entry.objects.values_list("fields", flat=True))


def test_persons_are_a_role_and_a_number(year):
    labels = set(Account.objects.values_list("label", flat=True))
    assert len(labels) > 150
    odd = {x for x in labels if not re.fullmatch(r"[一-鿿]{2,6}\d{2,4}", x)}
    assert odd <= {"书记", "主任"}


def test_the_chain_of_the_year_holds(office):
    verdict = verify(office.pk)
    assert verdict.sound, verdict.broken
    times = list(JournalEntry.objects.filter(office=office.pk).order_by("seq").values_list("happened_at", flat=True))
    assert times == sorted(times)


def test_every_sunday_has_its_ranking(office):
    weeks = list(Publication.objects.filter(key=RANKING).order_by("period").values_list("period", flat=True))
    assert weeks[0] == date(2019, 12, 30)
    assert weeks[-1] == date(2020, 10, 5)
    assert len(weeks) == 41


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("hazard-point", 24), ("compound", 22), ("compound-chief", 48), ("self-committee", 6), ("task", 12),
        ("expert-check", 50), ("committee-matter", 30), ("reporting-in", 30), ("review-remark", 60), ("monthly-mark", 40),
        ("hazard", 35), ("fire-passage", 8), ("compound-problem", 28), ("lag", 5), ("hotline-order", 12),
    ],
)  # fmt: skip
def test_the_other_packs_are_at_work(office, kind, least):
    assert records_of(Kind.objects.get(key=kind)).count() >= least


def test_what_the_other_packs_found_is_put_right_and_some_is_open(office):
    for key in ("hazards.closed", "compound_problems.closed", "fire_passages.cleared", "lags.closed", "marks.median"):
        since, until = date(2020, 3, 1), STOPS.date()
        assert value(find(key), system_actor(office), at=STOPS, since=since, until=until).amount, key
    cleared = Case.objects.filter(kind__key="fire-passage", stage="closed")
    assert cleared.filter(closed_on_time=True).count() == cleared.count() > 0
    assert Case.objects.filter(kind__key="hazard").exclude(stage="closed").exists()
    assert Supervision.objects.filter(subject_id__in=Case.objects.filter(kind__key="hazard").values("pk")).exists()


def test_what_comes_back_is_a_hot_spot(office):
    [spot, *_] = hot_spots(system_actor(office), STOPS.date() - timedelta(days=90))
    assert (spot.kind.key, spot.title, spot.times) == ("compound-problem", "水电气暖 / 下水排污", 2)


def test_a_paper_waits_to_be_decided_on(office):
    [paper] = papers(system_actor(office))
    assert paper.waiting == paper.total >= 15


def test_indicators_stand_beside_others_and_what_a_figure_counts_is_not_stated(office):
    found = {c.commitment.business_key: c for c in courses(system_actor(office), 2020, STOPS)}
    assert found["Z05"].latest.growth is not None and found["Z02"].gap is not None and found["Z02"].latest.expected
    assert found["Z31"].counted.amount == 391 and found["Z31"].latest is None
    assert found["Z11"].state == "done"


def test_the_project_that_comes_first_waits_for_no_crew(office, shown):
    [first] = [x.project for x in shown.lines if x.green_channel]
    schedules = Schedule.objects.all()
    waits = {s.pk for s in schedules if any(cause["kind"] == "crew" for cause in s.causes)}
    assert len(schedules) == 11 and first.entry.business_key == "H10" and first.pk not in waits


def test_the_review_of_indicators_came_out_every_monday(office):
    reviews = Publication.objects.filter(key=REVIEW).order_by("period")
    assert len(reviews) == 41 and {p.period.isoweekday() for p in reviews} == {1}
    lines = {line["number"]: line for line in reviews.last().values["lines"]}
    assert len(lines) == 37 and lines["Z01"]["owners"]["joint"] and lines["Z05"]["done"]


def test_nothing_much_moves_before_the_end_of_february(office):
    ends = [board(system_actor(office), day).all_lines for day in (date(2020, 1, 20), date(2020, 2, 19))]
    before, after = ({x.project.pk: x.actual for x in lines} for lines in ends)
    assert all(after[pk] - before[pk] <= 1 for pk in before)


def test_the_board_has_all_colours_and_one_to_three_listed_apart(shown):
    assert {line.light for line in shown.lines} == {"green", "yellow", "red"}
    assert 1 <= len(shown.unranked) <= 3
    assert len(shown.lines) >= 30
    assert {line.project.entry.business_key for line in shown.done} == {"H01", "H02", "H03"}
    assert any(line.movement for line in shown.lines)


def test_the_three_promised_for_august_were_done_by_then(office):
    for code in ("H01", "H02", "H03"):
        last = Report.objects.filter(project__entry__business_key=code).order_by("day").last()
        assert last.share == 100
        assert last.day <= date(2020, 8, 31), code


def test_cases_stand_in_every_stage(office):
    stages = set(Case.objects.values_list("stage", flat=True))
    assert stages >= {"dispatched", "handling", "checking", "closed", "reopened"}
    assert Case.objects.open().filter(overdue(STOPS)).count() >= 3
    verbs = set(JournalEntry.objects.filter(verb__startswith="cases.").values_list("verb", flat=True))
    assert verbs >= {"cases.object", "cases.rework", "cases.reopen", "cases.supervise", "cases.strike_off"}
    levels = list(Supervision.objects.filter(struck_off_at=None).values_list("level", flat=True))
    assert 2 <= len(levels) <= 3
    assert "county" in levels


def test_leaders_have_decided_and_something_waits(office):
    status = set(Consequence.objects.values_list("status", flat=True))
    assert status >= {"confirmed", "dropped", "proposed"}


def test_photos_are_few_and_shared(office):
    assert File.objects.count() <= 6
    assert 100 <= Attachment.objects.count() <= 400


def test_every_role_has_something_to_do(office, shown):
    assert all(Account.objects.filter(username=name).exists() for _key, name, _label in ROLES)
    names = {key: name for key, name, _label in ROLES}
    mine = {p.pk for p in my_projects(acting(names["leader"]))}
    assert any(line.light == "red" for line in shown.lines if line.project.pk in mine)
    team = acting(names["team"])
    due = my_projects(team).exclude(reports__day=STOPS.date())
    assert due.exists()
    assert not {line.project.pk for line in shown.done} & {p.pk for p in due}
    community, grid = acting(names["community"]), acting(names["grid"])
    assert Case.objects.visible_to(community).open().filter(unit=community.unit_id, stage="dispatched").exists()
    assert Case.objects.visible_to(grid).open().exists()
    assert Case.objects.filter(stage="checking").exists()
    assert Consequence.objects.filter(status="proposed").exists()
