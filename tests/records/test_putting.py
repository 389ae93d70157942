"""Rows planned in peace and landed in a moment: few statements, and nothing rests on what has changed meanwhile."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories.office import MONDAY, Office, moment, office, project
from tests.factories.sheets import workbook
from zijing.activities.actions import record_activity
from zijing.activities.models import Activity
from zijing.core.errors import Conflict, Invalid
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.packs import intake
from zijing.records import sheets
from zijing.records.models import Kind
from zijing.records.moving import move_place
from zijing.records.putting import Ready
from zijing.records.sheets.outcome import TypedRow
from zijing.records.sheets.trial import made_ready
from zijing.registers.actions import correct_entry, retire_entry
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db

HEAD = ("企业编号", "企业名称", "行业", "状态", "所在区划")
AT = moment(MONDAY)


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def row(made: Office, code: str, name: str = "甲", place: str = "第一网格", **more: Any) -> dict[str, Any]:
    return {"code": code, "name": name, "sector": "industry", "place": made.places[place].pk, **more}


def ready(made: Office, *rows: dict[str, Any]) -> Ready:
    actor = made.actor("section")
    planning = intake.target("enterprise", actor).ready
    assert planning is not None
    return planning(actor, AT, list(rows))


def landed(made: Office, *rows: dict[str, Any]) -> list[str]:
    return [put.outcome for put in ready(made, *rows).land()]


def writes(captured: CaptureQueriesContext) -> list[str]:
    """The statements that write; one that runs for many rows is said as "90 times: INSERT …"."""
    return [q["sql"] for q in captured if re.match(r"(\d+ times: )?(INSERT|UPDATE)", q["sql"])]


def entry(code: str) -> Entry:
    return Entry.objects.select_related("kind", "place").get(business_key=code)


def test_a_preview_writes_nothing_and_begins_nothing(made: Office) -> None:
    landed(made, row(made, "Q1"))
    actor, rows = (
        made.actor("section"),
        [HEAD, ("Q1", "改", "工业", "四上", "第一网格"), ("Q2", "乙", "工业", "四上", "第一网格")],
    )
    with CaptureQueriesContext(connection) as captured:
        result = sheets.preview(target=intake.target("enterprise", actor), actor=actor, at=AT, source=workbook(rows))
    assert result.outcomes == ["changed", "created"] and result.changes[0].fields[0] == ("Name", "甲", "改")
    assert {q["sql"].split()[0] for q in captured} == {"SELECT"}


@pytest.mark.parametrize("n", [30, 90])
def test_the_statements_that_keep_others_waiting_do_not_grow_with_the_rows(made: Office, n: int) -> None:
    landed(made, *(row(made, f"Q{i}") for i in range(n)))
    plan = ready(made, *(row(made, f"Q{i}", "改", "示例社区01" if i % 3 else "第一网格") for i in range(2 * n)))
    with CaptureQueriesContext(connection) as captured:
        assert [p.outcome for p in plan.land()] == ["changed"] * n + ["created"] * n
    # those that move, the others, the new ones; what was given of those that move; the journal and its head
    assert len(writes(captured)) == 6


def test_what_lands_is_what_was_planned_and_the_chain_holds(made: Office) -> None:
    landed(made, row(made, "Q1"), row(made, "Q2"), row(made, "Q3"))
    before = JournalEntry.objects.count()
    assert landed(
        made, row(made, "Q4", "丁"), row(made, "Q1"), row(made, "Q2", "乙", "示例社区01"), row(made, "Q3", "丙")
    ) == ["created", "same", "changed", "changed"]
    assert [(e.title, e.place.name, e.revision) for e in map(entry, ("Q1", "Q2", "Q3", "Q4"))] == [
        ("甲", "第一网格", 1), ("乙", "示例社区01", 2), ("丙", "第一网格", 2), ("丁", "第一网格", 1),
    ]  # fmt: skip
    assert entry("Q2").path == made.places["示例社区01"].path and entry("Q3").path == made.places["第一网格"].path
    told = JournalEntry.objects.filter(subject_type="registers.entry").order_by("seq")
    assert list(told.values_list("verb", "subject_id"))[-3:] == [
        ("registers.entry.change", entry("Q2").pk), ("registers.entry.change", entry("Q3").pk),
        ("registers.entry.put", entry("Q4").pk),
    ]  # fmt: skip
    assert JournalEntry.objects.count() == before + 3
    assert verify(made.place.pk).sound


def test_a_record_corrected_meanwhile_is_seen(made: Office) -> None:
    """Between planning and landing Q1 was set right by hand: what lands is a change, not the planned "same"."""
    landed(made, row(made, "Q1"))
    plan = ready(made, row(made, "Q1"), row(made, "Q2"))
    correct_entry(actor=made.actor("section"), at=AT, entry=entry("Q1"), values={"name": "手改"})
    assert [p.outcome for p in plan.puts] == ["same", "created"]
    assert [p.outcome for p in plan.land()] == ["changed", "created"] and entry("Q1").title == "甲"


def test_a_place_that_moves_meanwhile_takes_its_new_records_along(made: Office) -> None:
    plan = ready(made, row(made, "Q1"))
    grid, village = made.places["第一网格"], made.places["示例村02"]
    move_place(actor=made.actor("system_admin"), at=AT, place=grid, parent=village)
    plan.land()
    assert entry("Q1").path == f"{village.path}{grid.pk}/"


def test_what_others_do_elsewhere_does_not_matter(made: Office) -> None:
    landed(made, row(made, "Q1"), row(made, "Q2"))
    plan = ready(made, row(made, "Q2", "乙"))
    retire_entry(actor=made.actor("section"), at=AT, entry=entry("Q1"), reason="停业")
    with CaptureQueriesContext(connection) as captured:
        plan.land()
    assert not [q for q in captured if q["sql"].startswith("SELECT") and "registers_entry" in q["sql"]], "no new plan"
    assert entry("Q2").title == "乙"


def test_a_number_taken_meanwhile_is_told_and_nothing_is_half_done(made: Office) -> None:
    actor = made.actor("section")
    rows = [TypedRow(n, row(made, f"Q{n}")) for n in (2, 3)]
    with made_ready(target=intake.target("enterprise", actor), actor=actor, at=AT, rows=rows) as landing:
        landed(made, row(made, "Q3", "别人"))
        before = JournalEntry.objects.count()
        with pytest.raises(Conflict, match="somebody else"):
            landing()
    assert list(Entry.objects.filter(business_key__startswith="Q").values_list("title", flat=True)) == ["别人"]
    assert JournalEntry.objects.count() == before
    assert landed(made, *(r.values for r in rows)) == ["created", "changed"]


def test_the_same_number_twice_with_other_words_is_a_conflict(made: Office) -> None:
    with pytest.raises(Conflict):
        landed(made, row(made, "Q1"), row(made, "Q1", "乙"))
    assert landed(made, row(made, "Q1"), row(made, "Q1")) == ["created", "same"]
    assert landed(made, row(made, "Q1", "乙"), row(made, "Q1", "丙")) == ["changed", "changed"]
    assert (entry("Q1").title, entry("Q1").revision) == ("丙", 3)


def inspections(made: Office, n: int, **more: Any) -> list[dict[str, Any]]:
    subject = Entry.objects.get(business_key="X01").pk
    return [{"date": date(2020, 9, 1), "project": subject, "summary": f"看{i}"} | more for i in range(n)]


def inspected(made: Office, rows: list[dict[str, Any]]) -> Ready:
    actor = made.actor("section")
    planning = intake.target("inspection", actor).ready
    assert planning is not None
    return planning(actor, AT, rows)


@pytest.mark.parametrize("n", [30, 90])
def test_work_records_land_like_the_verb_records_them_with_few_statements(made: Office, n: int) -> None:
    project(made, "X01")
    actor, rows = made.actor("section"), inspections(made, n)
    kind = Kind.objects.get(key="inspection")
    one = record_activity(
        actor=actor, at=AT, kind=kind, values=rows[0], subject=Entry.objects.select_related("place").get(business_key="X01")
    )  # fmt: skip
    plan = inspected(made, rows)
    with CaptureQueriesContext(connection) as captured:
        assert [p.outcome for p in plan.land()] == ["created"] * n
    assert len(writes(captured)) == 3
    twin = Activity.objects.get(pk=plan.puts[0].record.pk)
    own = {"id", "client_id"}
    assert [getattr(twin, f.attname) for f in Activity._meta.concrete_fields if f.attname not in own] == [
        getattr(one, f.attname) for f in Activity._meta.concrete_fields if f.attname not in own
    ]
    said = [list(JournalEntry.objects.filter(subject_type="activities.activity", subject_id=pk).values_list(
        "verb", "path", "changes", "actor", "post", "channel")) for pk in (one.pk, twin.pk)]  # fmt: skip
    assert said[0] == said[1] and verify(made.place.pk).sound


def test_work_of_tomorrow_is_refused(made: Office) -> None:
    project(made, "X01")
    with pytest.raises(Invalid, match="still to come"):
        inspected(made, inspections(made, 2, date=date(2030, 1, 1)))
