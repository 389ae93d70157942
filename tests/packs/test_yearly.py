"""The year-end report of a small made-up office: what is recorded is said, what is taken back is not."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.extra.django import TestCase

from tests.factories.office import Office, moment, office, project
from zijing.activities.actions import withdraw
from zijing.activities.models import Activity
from zijing.commitments.actions import state
from zijing.commitments.models import Commitment
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


def promised(made: Office, code: str, name: str, level: str = "目标", above: str = "") -> Commitment:
    values = {"code": code, "name": name, "level": level, "parent": above, "deadline": date(2022, 12, 31)}
    enter(made, "goal", values)
    return Commitment.objects.get(business_key=code)


def stated(made: Office, promise: Commitment, value: int, month: int = 12) -> None:
    state(
        actor=made.system, at=AT, commitment=promise, period=date(2022, month, 1), value=Decimal(value), status="actual"
    )


@pytest.mark.django_db
def test_a_goal_in_words_is_reported_by_what_was_last_stated_of_it():
    made = town()
    promised(made, "T7", "乡村振兴提速攻坚", level="专项行动")
    base, road, promised_only = (promised(made, f"T7-{n}", name, above="T7") for n, name in enumerate("基路空"))
    stated(made, base, 60)
    stated(made, road, 40, month=3)
    stated(made, road, 100)
    report = of(made)
    assert report.coverage.stated == (base, road) and report.coverage.missing == (promised_only,)
    [said] = [s for s in report.sentences if s["sentence"].startswith("计划事项中")]
    assert said == {
        "section": "七、乡村振兴提速攻坚", "numbers": [],
        "sentence": "计划事项中，已完成的有路；到期未完成的有基（60%）。",
    }  # fmt: skip
    opened = {r.text: r.url for b in report.composed.blocks for r in getattr(b, "runs", ()) if "commitment" in r.url}
    assert opened == {"路": f"/records/commitment/{road.pk}/", "基（60%）": f"/records/commitment/{base.pk}/"}


@pytest.mark.django_db
def test_what_nothing_was_stated_of_or_another_year_promised_is_not_listed():
    made = town()
    promised(made, "T7", "乡村振兴提速攻坚", level="专项行动")
    stated(made, promised(made, "T7-1", "基", above="T7"), 60)
    assert not of(made, 2021).coverage.total
    assert not any(s["sentence"].startswith("计划事项") for s in of(made, 2021).sentences)


@pytest.mark.django_db
def test_it_is_written_in_english_too():
    made = town()
    enter(made, "camera", example("camera"))
    found = year_report(actor=made.system, at=AT, year=2022, language="en")
    assert found.title == "紫荆路街道: report on 2022"
    assert any("Cameras joined: 1" in s["sentence"] for s in found.sentences)
