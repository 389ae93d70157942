"""The demo's second office: its ledgers come in whole, add up to what was published, and say that they are made up."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from zijing.activities.models import Activity
from zijing.commitments.models import Commitment
from zijing.demo import town
from zijing.demo.roles import ROLES, TOWN_ROLES
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.chain import verify
from zijing.people.access import system_actor
from zijing.people.models import Account
from zijing.places import clock
from zijing.places.models import Place
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

FACTS = list(csv.DictReader((Path(__file__).parent / "report_facts.csv").open(encoding="utf-8")))
COUNTED = [f for f in FACTS if f["office"] == town.FOLDER and f["figure"] and not f["form"]]
PROMISED = [f for f in FACTS if f["office"] == town.FOLDER and f["commitment"]]
SCALE = {"万元": 10_000_00, "亿元": 100_000_000_00, "万户": 10_000, "万平方米": 10_000}


@pytest.fixture(scope="module")
def office(for_the_module: None) -> Place:
    return town.found(lambda name: None)


def named(facts: list[dict[str, str]]) -> Any:
    return pytest.mark.parametrize("fact", facts, ids=[f"{f['fact']} {f['figure'] or f['commitment']}" for f in facts])


@named(COUNTED)
def test_its_records_add_up_to_the_published_facts(office, fact):
    since, until = date(int(fact["year"]), 1, 1), date(int(fact["year"]), 12, 31)
    found = value(find(fact["figure"]), system_actor(office), at=town.STOPS, since=since, until=until)
    expected = Decimal(fact["expected"]) * SCALE.get(fact["unit"], 1)
    assert found.n and found.amount is not None
    assert round(found.amount, 1) == expected


@named(PROMISED)
def test_what_was_promised_stands_in_its_plan(office, fact):
    promise = Commitment.objects.get(office=office, business_key=fact["commitment"])
    assert promise.quantity == Decimal(fact["expected"])


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
