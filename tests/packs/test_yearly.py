"""The year-end report of a small made-up office: what is recorded is said, what is taken back is not."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.office import Office, moment, office, project
from zijing.activities.actions import withdraw
from zijing.activities.models import Activity
from zijing.core.errors import Invalid, Missing, Refused
from zijing.demo.town import PACKS
from zijing.packs.intake import record
from zijing.packs.yearly import YearReport, year_report
from zijing.records.kinds import kind_of
from zijing.records.models import Record
from zijing.registers.actions import retire_entry
from zijing.registers.models import Entry

AT = moment(date(2023, 1, 5))
# What other records name comes first.
FIRST = ("enterprise", "party-site", "pollution-source", "river", "archive-batch", "compound")
KINDS = (
    "honour", "rank-received", "party-site", "reception", "signed-project", "revived-space", "enterprise-visit",
    "enterprise-problem", "qualification", "subsidy", "coordination", "pollution-source", "pollution-problem",
    "river-patrol", "archive-team", "archive-batch", "archive-finding", "job-posting", "placement", "care-centre", "camera",
    "safety-facility", "specialty", "showcase", "public-event", "reporting-in",
)  # fmt: skip
# So many kinds, drawn anew in each run, are entered and taken back.
HALF = 13
ENTERPRISE = {"code": "QY0001", "name": "示例企业", "sector": "工业", "status": "一般", "place": "示例社区01"}


def town() -> Office:
    """An office with the packs of a town, and one record of everything that others name."""
    made = office(packs=PACKS)
    enter(made, "enterprise", ENTERPRISE)
    project(made, code="X01")
    for key in FIRST[1:]:
        enter(made, key, example(key, code=None))
    return made


def example(kind: str, code: str | None = "new") -> dict[str, Any]:
    """The example of a kind, in the office's own places; a new number unless it keeps its own."""
    [first, *_rest] = kind_of(kind).definition["examples"]
    values = dict(first)
    if "place" in values:
        values["place"] = "示例社区01"
    if "date" in values:
        values["date"] = date(2022, 6, 1)
    if "code" in values and code:
        values["code"] = uuid4().hex[:12]
    return values


def enter(made: Office, kind: str, values: dict[str, Any]) -> Record:
    return record(actor=made.system, at=AT, kind=kind_of(kind), values=values, client_id=uuid4())


def take_back(made: Office, one: Record) -> None:
    if isinstance(one, Activity):
        withdraw(actor=made.system, at=AT, activity=one, reason="重复")
    elif isinstance(one, Entry):
        retire_entry(actor=made.system, at=AT, entry=one, reason="重复")


def of(made: Office, year: int = 2022) -> YearReport:
    return year_report(actor=made.system, at=AT, year=year)


class TestEveryRecord(TestCase):
    @settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.permutations(KINDS))
    def test_in_whatever_order_a_record_changes_what_is_said_and_taken_back_leaves_it_as_it_was(self, kinds):
        made = town()
        said, entered = [of(made).sentences], []
        for kind in kinds[:HALF]:
            entered.append(enter(made, kind, example(kind)))
            said.append(of(made).sentences)
            assert said[-1] != said[-2], kind
        for one in reversed(entered):
            said.pop()
            take_back(made, one)
            assert of(made).sentences == said[-1], one.kind.key


@pytest.mark.django_db
def test_a_year_that_has_not_begun_is_refused():
    made = town()
    with pytest.raises(Invalid):
        of(made, 2024)


@pytest.mark.django_db
def test_the_running_year_is_spoken_of_up_to_today():
    made = town()
    assert (of(made, 2023).until, of(made).until) == (AT.date(), date(2022, 12, 31))


@pytest.mark.django_db
def test_an_office_without_a_template_and_a_reader_without_the_right_are_told_so():
    made = office()
    with pytest.raises(Missing):
        of(made)
    with pytest.raises(Refused):
        year_report(actor=made.actor("team"), at=AT, year=2022)


@pytest.mark.django_db
def test_what_a_figure_counts_is_reported_and_what_nothing_counts_is_missing():
    made = town()
    for code, name, figure in (("T1", "培育产品", "specialties.count"), ("T2", "建成基地", "")):
        values = {"code": code, "name": name, "level": "目标", "deadline": date(2022, 12, 31), "figure": figure}
        enter(made, "goal", values)
    before = of(made).coverage
    assert not before.reported and [p.business_key for p in before.missing] == ["T1", "T2"]
    enter(made, "specialty", example("specialty"))
    after = of(made).coverage
    assert [p.business_key for p in after.reported] == ["T1"] and [p.business_key for p in after.missing] == ["T2"]


@pytest.mark.django_db
def test_it_is_written_in_english_too():
    made = town()
    enter(made, "camera", example("camera"))
    found = year_report(actor=made.system, at=AT, year=2022, language="en")
    assert found.title == "紫荆路街道: report on 2022"
    assert any("Cameras joined: 1" in s["sentence"] for s in found.sentences)
