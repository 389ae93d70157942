"""Mediation and assistance: asked for an outcome, seen by few, kept for a time, counted for the whole office only."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories.office import FOUNDED, MONDAY, Office, moment, office, pack
from zijing.cases.actions import accept, close, dispatch, rework, submit
from zijing.cases.forgetting import TASK, forget
from zijing.cases.models import Case, Step
from zijing.core.errors import Invalid, Several
from zijing.core.worktime import ZONE
from zijing.figures.known import find
from zijing.figures.queries import value
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.outbox.models import Rhythm
from zijing.outbox.rhythm import tick
from zijing.packs.actions import apply
from zijing.packs.intake import record
from zijing.records.models import Kind, Look
from zijing.records.personal import reveal
from zijing.records.tables import every_column

pytestmark = pytest.mark.django_db
PARTIES = "张三与李四"
AGREED = {"outcome": "agreed", "form": "written", "agreed_on": "2020-09-07"}
CLOSED = moment(MONDAY, 12)


@pytest.fixture
def made() -> Office:
    made = office()
    Rhythm.objects.all().delete()
    apply(at=FOUNDED, pack=pack("mediation"), offices=[made.place])
    return made


def filed(made: Office, kind: str = "mediation", **more: Any) -> Case:
    said = (
        {"parties": PARTIES, "phone": "13800000000", "matter": "楼上漏水"}
        if kind == "mediation"
        else {"person": "王五"}
    )
    first = {"class": "neighbours", "applied": "asked"} if kind == "mediation" else {"class": "relief"}
    values = {**first, "place": "示例社区01", **said, **more}
    case = record(actor=made.actor("community"), at=moment(MONDAY), kind=Kind.objects.get(key=kind), values=values)
    assert isinstance(case, Case)
    return case


def handled(made: Office, kind: str = "mediation") -> Case:
    case = filed(made, kind)
    dispatch(actor=made.system, at=moment(MONDAY, 10), case=case, unit=made.posts["section"].unit)
    accept(actor=made.actor("section"), at=moment(MONDAY, 10), case=case)
    return case


def done(made: Office, kind: str = "mediation", **values: Any) -> Case:
    case = handled(made, kind)
    submit(actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="双方握手言和", values=values)
    close(actor=made.system, at=CLOSED, case=case)
    return Case.objects.select_related("kind").get(pk=case.pk)


class TestOutcome:
    def test_it_is_asked_for_when_it_is_reported_as_done_not_before(self, made: Office) -> None:
        case = handled(made)
        with pytest.raises(Several):
            submit(actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="谈好了")
        with pytest.raises(Several) as told:
            submit(
                actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="谈好了",
                values={"outcome": "agreed", "form": "written"},
            )  # fmt: skip
        assert told.value.errors[0].field == "agreed_on"
        submit(actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="谈好了", values=AGREED)
        assert {k: Case.objects.get(pk=case.pk).fields[k] for k in AGREED} == AGREED

    def test_no_other_field_is_written_with_it(self, made: Office) -> None:
        case = handled(made)
        with pytest.raises(Invalid):
            submit(
                actor=made.actor("section"),
                at=moment(MONDAY, 11),
                case=case,
                reason="x",
                values=AGREED | {"parties": "王五"},
            )
        assert Case.objects.get(pk=case.pk).stage == "handling"

    def test_after_rework_what_was_said_stands(self, made: Office) -> None:
        case = handled(made)
        submit(actor=made.actor("section"), at=moment(MONDAY, 11), case=case, reason="x", values=AGREED)
        rework(actor=made.system, at=moment(MONDAY, 12), case=case, reason="协议没有签字")
        submit(actor=made.actor("section"), at=moment(MONDAY, 14), case=case, reason="x", values={"confirmed": "asked"})
        fields = Case.objects.get(pk=case.pk).fields
        assert (fields["outcome"], fields["confirmed"]) == ("agreed", "asked")

    @pytest.mark.parametrize("outcome", ["court", "arbitration", "lawyer", "administrative", "withdrawn"])
    def test_a_dispute_may_end_on_another_way(self, made: Office, outcome: str) -> None:
        assert done(made, outcome=outcome).fields["outcome"] == outcome


class TestPersonalData:
    def test_it_is_sealed_masked_and_each_look_is_kept(self, made: Office) -> None:
        case = filed(made)
        assert PARTIES not in str(case.fields)
        column = next(c for c in every_column(case.kind) if c.key == "parties")
        assert PARTIES not in column.show(case.fields["parties"])
        shown = reveal(
            actor=made.actor("community"), at=moment(MONDAY), record=case, keys=["parties"], reason="通知到场"
        )
        assert list(shown.values()) == [PARTIES]
        assert Look.objects.get().subject_id == case.pk
        assert all(f.why for f in case.kind.fields if f.personal)

    def test_it_is_destroyed_when_its_time_is_over_and_the_fact_stays(self, made: Office) -> None:
        case = done(made, **AGREED)
        over = datetime(2023, 9, 7, 12, tzinfo=ZONE)
        forget(made.place, over)
        assert "parties" in Case.objects.get(pk=case.pk).fields
        forget(made.place, over + timedelta(minutes=1))
        forget(made.place, over + timedelta(minutes=2))
        kept = Case.objects.get(pk=case.pk)
        assert not {"parties", "phone", "matter"} & set(kept.fields)
        assert (kept.fields["class"], kept.fields["outcome"], kept.stage) == ("neighbours", "agreed", "closed")
        assert not Step.objects.filter(case=case).exclude(reason="").exists()
        noted = JournalEntry.objects.filter(verb="cases.forget")
        assert [(e.subject_id, e.changes) for e in noted] == [(case.pk, {})]
        assert verify(made.place.pk).sound

    def test_what_is_open_or_of_a_kind_without_a_time_stays(self, made: Office) -> None:
        filed(made)
        kind = Kind.objects.get(key="assistance")
        Kind.objects.filter(pk=kind.pk).update(
            definition={k: v for k, v in kind.definition.items() if k != "retention"}
        )
        done(made, "assistance", outcome="helped")
        forget(made.place, datetime(2040, 1, 1, tzinfo=ZONE))
        assert not JournalEntry.objects.filter(verb="cases.forget").exists()

    def test_the_rhythm_of_the_pack_does_it(self, made: Office) -> None:
        assert Rhythm.objects.get(task=TASK).every == "workday"
        case = done(made, **AGREED)
        tick(made.place, datetime(2023, 9, 12, 8, tzinfo=ZONE))
        assert "parties" not in Case.objects.get(pk=case.pk).fields

    def test_a_leap_day_is_no_trap(self, made: Office) -> None:
        case = done(made, **AGREED)
        Case.objects.filter(pk=case.pk).update(closed_at=datetime(2021, 2, 28, 9, tzinfo=ZONE))
        forget(made.place, datetime(2024, 2, 29, 9, 1, tzinfo=ZONE))
        assert "parties" not in Case.objects.get(pk=case.pk).fields


def test_the_rate_is_that_of_the_whole_office_and_not_of_few(made: Office) -> None:
    for n in range(6):
        done(made, **(AGREED if n else {"outcome": "court"}))
    span = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}
    at = moment(date(2020, 9, 30), 20)
    rate = find("mediation.success_rate")
    assert value(rate, made.actor("secretary"), at=at, **span).shown == "83.3%"
    assert value(rate, made.actor("secretary"), at=at, since=MONDAY, until=MONDAY).amount is None
    for role in ("community", "grid", "team"):
        assert value(rate, made.actor(role), at=at, **span).amount is None
    few = value(find("assistance.closed"), made.actor("secretary"), at=at, **span)
    assert few.amount is None
    assert not value(find("cases.closed"), made.actor("secretary"), at=at, **span).n
