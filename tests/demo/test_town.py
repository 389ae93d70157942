"""The demo's second office: its ledgers come in whole, add up to what was published, and say that they are made up."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from tests.demo.facts import agrees, expected, facts_of, named, promised, said
from zijing.activities.models import Activity
from zijing.demo import town
from zijing.demo.roles import ROLES, TOWN_ROLES
from zijing.figures.known import find
from zijing.figures.queries import is_money, value
from zijing.journal.chain import verify
from zijing.packs.yearly import YearReport, year_report
from zijing.people.access import system_actor
from zijing.people.models import Account
from zijing.places import clock
from zijing.places.models import Place
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

COUNTED, PROMISED = facts_of(town.FOLDER), facts_of(town.FOLDER, counted=False)
YEAR = 2022


@pytest.fixture(scope="module")
def office(for_the_module: None) -> Place:
    return town.found(lambda name: None)


@pytest.fixture(scope="module")
def report(office: Place) -> YearReport:
    return year_report(actor=system_actor(office), at=town.STOPS, year=YEAR)


@named(f for f in COUNTED if not f["form"])
def test_its_records_add_up_to_the_published_facts(office, fact):
    since, until = date(int(fact["year"]), 1, 1), date(int(fact["year"]), 12, 31)
    found = value(find(fact["figure"]), system_actor(office), at=town.STOPS, since=since, until=until)
    assert found.n and found.amount is not None
    assert round(found.amount / (100 if is_money(found.figure) else 1), max(1, found.figure.decimals)) == expected(fact)


@named(COUNTED)
def test_its_report_says_the_published_facts_and_each_opens_to_records(report, fact):
    numbers = said(report.sentences, fact)
    assert numbers and all(agrees(n, fact) and n["evidence_count"] and n["url"] for n in numbers)


@named(PROMISED)
def test_what_was_promised_stands_in_its_plan_and_in_its_report(report, fact):
    assert promised(report, fact)


def test_its_report_says_the_year_and_what_it_leaves_out(report):
    assert report.title == "峡窝镇2022年工作总结" and not report.left_out
    assert [p.title for p in report.coverage.stated] == [
        "建成示范基地",
        "企业安全培训全覆盖",
    ] and not report.coverage.missing
    assert len({s["section"] for s in report.sentences}) > 10


def test_its_report_is_written_in_ten_seconds(office, record_testsuite_property):
    started = time.monotonic()
    year_report(actor=system_actor(office), at=town.STOPS, year=YEAR)
    seconds = time.monotonic() - started
    record_testsuite_property("year_report", f"{seconds:.1f} s")
    assert seconds < 10


def test_everything_made_up_says_so(office):
    for entry in Entry.objects.filter(office=office).select_related("kind"):
        assert "合成" in entry.fields["note"], (entry.kind.key, entry.pk)
    for done in Activity.objects.filter(office=office):
        assert "合成" in f"{done.title}{done.fields.get('note', '')}", done.pk


def test_its_chain_holds_and_its_clock_stands_in_the_first_days_of_the_next_year(office):
    assert verify(office.pk).sound
    assert clock.now(office).date() == town.STOPS.date()


def test_persons_are_a_role_and_a_number(office):
    labels = set(Account.objects.filter(office_id=office.pk).values_list("label", flat=True))
    assert labels and {x for x in labels if not re.fullmatch(r"[一-鿿]{2,6}\d{2,4}", x)} <= {"书记"}


def test_both_offices_can_stand_in_one_database():
    sheet = load_workbook(Path(settings.DEMO_FOLDER) / "posts.xlsx", read_only=True).worksheets[0]
    theirs = {row[6] for row in sheet.values}
    mine = {row[6] for row in load_workbook(Path(settings.DEMO_FOLDER) / town.FOLDER / "office.xlsx")["岗位"].values}
    assert {name for _key, name, _label in TOWN_ROLES} <= mine and not mine & theirs - {"账号"}
    assert not {key for key, *_rest in ROLES} & {key for key, *_rest in TOWN_ROLES}


def test_a_visitor_enters_with_one_click(office, settings, client: Client):
    settings.DEMO = True
    assert b"/demo/as/town_archive/" in client.get("/").content
    assert client.post("/demo/as/town_archive/", follow=True).status_code == 200
