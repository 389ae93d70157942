"""Plans as trees: hung by code, moved, taken back; never in a circle, lineages always those of the parents."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import FOUNDED, MONDAY, moment, office
from zijing.commitments.actions import (
    Holder,
    Source,
    fulfil,
    move,
    promise,
    put_commitments,
    put_plan,
    reopen,
    reorder,
    retarget,
    set_shares,
    withdraw,
)
from zijing.commitments.actions.sharing import shares
from zijing.commitments.models import Commitment, Origin
from zijing.core.errors import ByRow, Conflict, Invalid, Refused
from zijing.journal.models import JournalEntry
from zijing.people.models import Assignment
from zijing.records.kinds import kind_of
from zijing.records.writing import clean_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Any:
    return office(packs=("targets",))


def goal(made: Any, code: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": "goal", "code": code, "name": f"目标{code}", "level": "goal", "parent": parent, **more}


def put(made: Any, *rows: dict[str, Any], at: Any = FOUNDED) -> dict[str, Commitment]:
    put_plan(actor=made.system, at=at, rows=list(rows), place=made.place)
    return {c.business_key: c for c in Commitment.objects.all()}


def codes_down(c: Commitment) -> list[str]:
    by_pk = {x.pk: x.business_key for x in Commitment.objects.all()}
    return [by_pk[int(part)] for part in Commitment.objects.get(pk=c.pk).lineage.strip("/").split("/")]


class TestHanging:
    def test_a_sheet_in_any_order(self, made: Any) -> None:
        found = put(made, goal(made, "A-1-1", "A-1"), goal(made, "A-1", "A"), goal(made, "A"))
        assert codes_down(found["A-1-1"]) == ["A", "A-1", "A-1-1"] and found["A-1-1"].root == found["A"].pk

    def test_a_later_sheet_finds_what_stands_and_repeating_changes_nothing(self, made: Any) -> None:
        put(made, goal(made, "A"))
        rows = [goal(made, "A-2", "A"), goal(made, "A-1", "A")]
        found = put(made, *rows)
        assert [c.business_key for c in found["A"].children.order_by("position")] == ["A-2", "A-1"]
        again = put_plan(actor=made.system, at=FOUNDED, rows=rows, place=made.place)
        assert {r.outcome for r in again} == {"same"}

    def test_an_unknown_code_names_the_field(self, made: Any) -> None:
        with pytest.raises(ByRow, match="B") as refused:
            put(made, goal(made, "A", "B"))
        assert [(row, error.field) for row, error in refused.value.rows] == [(0, "parent")]
        assert not Commitment.objects.exists()

    def test_a_circle_in_a_sheet_is_refused_with_the_way_round(self, made: Any) -> None:
        with pytest.raises(ByRow, match=r"A → B → A|B → A → B"):
            put(made, goal(made, "A", "B"), goal(made, "B", "A"))

    def test_a_row_that_names_another_parent_moves_with_all_below(self, made: Any) -> None:
        put(made, goal(made, "A"), goal(made, "B"), goal(made, "A-1", "A"), goal(made, "A-1-1", "A-1"))
        found = put(made, goal(made, "A-1", "B"))
        assert codes_down(found["A-1-1"]) == ["B", "A-1", "A-1-1"]

    def test_a_row_cannot_hang_itself_below_itself(self, made: Any) -> None:
        put(made, goal(made, "A"), goal(made, "A-1", "A"))
        with pytest.raises(Invalid):
            put(made, goal(made, "A", "A-1"))

    def test_tasks_hang_under_indicators(self, made: Any) -> None:
        rows = [
            {"kind": "task", "code": "R1", "name": "签约", "parent": "Z1", "deadline": date(2020, 6, 30),
             "lead": made.posts["section"].unit_id},
            {"kind": "indicator", "code": "Z1", "name": "入库企业", "amount": Decimal(4), "unit": "家", "bound": "ge",
             "deadline": date(2020, 12, 31)},
        ]  # fmt: skip
        found = put(made, *rows)
        assert found["R1"].parent == found["Z1"] and (found["Z1"].measure, found["Z1"].bound) == ("家", "ge")

    def test_a_target_without_a_unit_is_refused_with_field_and_way_out(self, made: Any) -> None:
        with pytest.raises(ByRow) as refused:
            put(made, goal(made, "A", amount=Decimal(4)))
        assert [(row, error.field) for row, error in refused.value.rows] == [(0, "unit")]

    def test_ten_thousand_rows_land(self, made: Any) -> None:
        rows = [goal(made, "A"), *(goal(made, f"A-{n}", f"A-{n - 1}" if n % 5 > 1 else "A") for n in range(1, 10_000))]
        put(made, *rows)
        assert Commitment.objects.filter(lineage__startswith="/").count() == 10_000


class TestPromise:
    def test_it_gets_the_next_number_its_holders_and_its_source(self, made: Any) -> None:
        plan = put(made, goal(made, "A"))["A"]
        kind = kind_of("goal")
        holders = [Holder(made.posts["leader"], "lead", 60), Holder(made.posts["leader2"], "joint", 40)]
        source = Source("年度计划", start=10, end=20, sentence=2, quote="新建法庭1个")
        for n in (1, 2):
            c = promise(
                actor=made.actor("secretary"), at=FOUNDED, kind=kind, parent=plan, holders=holders, source=source,
                values={"name": f"新建{n}", "level": "goal", "amount": Decimal(1), "unit": "个"},
            )  # fmt: skip
        assert c.business_key == "A-02" and c.parent == plan and c.lineage == f"{plan.lineage}{c.pk}/"
        held = Assignment.objects.filter(subject_id=c.pk).order_by("-weight")
        assert [(h.part, h.weight) for h in held] == [("lead", 60), ("joint", 40)]
        assert Origin.objects.get(commitment=c).end == 20

    def test_shares_must_make_a_hundred(self, made: Any) -> None:
        with pytest.raises(Invalid, match="90"):
            promise(
                actor=made.system, at=FOUNDED, kind=kind_of("goal"), values={"name": "x", "level": "goal"},
                holders=[Holder(made.posts["leader"], "lead", 90)],
            )  # fmt: skip

    def test_what_the_kind_needs_is_named(self, made: Any) -> None:
        with pytest.raises(Invalid) as refused:
            promise(actor=made.system, at=FOUNDED, kind=kind_of("goal"), values={"name": "x"})
        assert refused.value.field == "level"

    def test_not_by_whoever_may_not(self, made: Any) -> None:
        with pytest.raises(Refused):
            promise(actor=made.actor("grid"), at=FOUNDED, kind=kind_of("goal"), values={"name": "x", "level": "goal"})

    @given(st.lists(st.sampled_from(["lead", "joint", "assisting"]), max_size=9), st.none() | st.integers(0, 100))
    def test_shares_always_make_a_whole(self, parts: list[str], lead: int | None) -> None:
        each = shares(parts, lead)
        answering = [s for s, p in zip(each, parts, strict=True) if p != "assisting"]
        assert sum(answering) == (100 if answering else 0) and all(s >= 0 for s in each)
        assert all(s == 0 for s, p in zip(each, parts, strict=True) if p == "assisting")

    def test_stated_shares_replace_equal_ones(self, made: Any) -> None:
        row = goal(made, "A", lead_post=made.posts["leader"].pk, joint_posts=[made.posts["leader2"].pk])
        c = put(made, row)["A"]
        held = list(Assignment.objects.filter(subject_id=c.pk).order_by("pk"))
        assert [h.weight for h in held] == [50, 50]
        set_shares(actor=made.system, at=FOUNDED, commitment=c, percent={held[0].pk: 70, held[1].pk: 30})
        assert [h.weight for h in Assignment.objects.filter(subject_id=c.pk).order_by("pk")] == [70, 30]
        with pytest.raises(Invalid, match="90"):
            set_shares(actor=made.system, at=FOUNDED, commitment=c, percent={held[0].pk: 70, held[1].pk: 20})

    def test_a_sheet_that_changes_only_a_share_leaves_its_trace(self, made: Any) -> None:
        row = goal(made, "A", holders="牵头 P-leader 50%；共担 P-leader2 50%")
        c = put(made, row)["A"]
        [lead, joint] = Assignment.objects.filter(subject_id=c.pk).order_by("pk")
        put(made, {**row, "holders": "牵头 P-leader 70%；共担 P-leader2 30%"})
        told = JournalEntry.objects.filter(verb="commitments.share", subject_id=c.pk)
        assert [t.changes for t in told] == [{f"share_{lead.pk}": [50, 70], f"share_{joint.pk}": [50, 30]}]
        put(made, {**row, "holders": "牵头 P-leader 70%；共担 P-leader2 30%"})
        assert told.count() == 1


class TestRetarget:
    def test_the_old_target_and_the_reason_stay(self, made: Any) -> None:
        c = put(made, goal(made, "A", amount=Decimal(40), unit="家", deadline=date(2020, 6, 30)))["A"]
        secretary = made.actor("secretary")
        retarget(actor=secretary, at=moment(MONDAY), commitment=c, quantity=Decimal(30), reason="疫情", seen=c.revision)
        retarget(actor=secretary, at=moment(MONDAY), commitment=c, deadline=date(2020, 9, 30), reason="顺延")
        first, second = c.retargets.order_by("pk")
        assert (first.old_quantity, first.new_quantity, first.reason) == (40, 30, "疫情")
        assert (second.old_deadline, c.deadline, c.fields["deadline"]) == (
            date(2020, 6, 30),
            second.new_deadline,
            "2020-09-30",
        )

    def test_two_editors_at_once_the_second_is_told(self, made: Any) -> None:
        c = put(made, goal(made, "A", amount=Decimal(40), unit="家"))["A"]
        seen = c.revision
        retarget(actor=made.system, at=FOUNDED, commitment=c, quantity=Decimal(30), reason="一", seen=seen)
        with pytest.raises(Conflict):
            retarget(actor=made.system, at=FOUNDED, commitment=c, quantity=Decimal(20), reason="二", seen=seen)
        assert Commitment.objects.get(pk=c.pk).quantity == 30

    def test_not_without_a_reason_nor_without_a_change(self, made: Any) -> None:
        c = put(made, goal(made, "A", amount=Decimal(40), unit="家"))["A"]
        for more in ({"quantity": Decimal(30), "reason": " "}, {"quantity": Decimal(40), "reason": "无"}):
            with pytest.raises(Invalid):
                retarget(actor=made.system, at=FOUNDED, commitment=c, **more)  # type: ignore[arg-type]


class TestEnding:
    def test_withdrawing_takes_what_is_below_along_and_says_why(self, made: Any) -> None:
        found = put(made, goal(made, "A"), goal(made, "A-1", "A"), goal(made, "A-2", "A"), goal(made, "B"))
        fulfil(actor=made.system, at=FOUNDED, commitment=found["A-2"])
        assert withdraw(actor=made.system, at=FOUNDED, commitment=found["A"], reason="政策调整") == 2
        stages = dict(Commitment.objects.values_list("business_key", "stage"))
        assert stages == {"A": "withdrawn", "A-1": "withdrawn", "A-2": "closed", "B": "open"}
        reopen(actor=made.system, at=FOUNDED, commitment=found["A-1"], reason="恢复")
        assert found["A-1"].is_open

    def test_what_has_open_ones_below_is_not_kept_yet(self, made: Any) -> None:
        found = put(made, goal(made, "A"), goal(made, "A-1", "A"))
        with pytest.raises(Conflict):
            fulfil(actor=made.system, at=FOUNDED, commitment=found["A"])

    def test_reorder_knows_its_own_only(self, made: Any) -> None:
        found = put(made, goal(made, "A"), goal(made, "A-1", "A"), goal(made, "A-2", "A"), goal(made, "A-3", "A"))
        reorder(actor=made.system, at=FOUNDED, parent=found["A"], order=[found["A-3"].pk])
        assert [c.business_key for c in found["A"].children.order_by("position")] == ["A-3", "A-1", "A-2"]
        with pytest.raises(Invalid):
            reorder(actor=made.system, at=FOUNDED, parent=found["A"], order=[found["A"].pk])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("mmmw"), st.integers(0, 7), st.integers(-1, 7)), max_size=25))
def test_whatever_is_moved_and_withdrawn_the_tree_stays_a_tree(made: Any, steps: list[tuple[str, int, int]]) -> None:
    Assignment.objects.all().delete()
    Commitment.objects.update(parent=None)
    Commitment.objects.all().delete()
    found = list(put(made, *(goal(made, f"T{n}", f"T{n // 2}" if n > 1 else None) for n in range(1, 9))).values())
    for what, which, where in steps:
        c, parent = found[which], None if where < 0 else found[where]
        c.refresh_from_db()
        try:
            if what == "m":
                move(actor=made.system, at=FOUNDED, commitment=c, parent=parent)
            else:
                withdraw(actor=made.system, at=FOUNDED, commitment=c, reason="试")
        except (Invalid, Conflict):
            continue
    by_pk = {c.pk: c for c in Commitment.objects.all()}
    for c in by_pk.values():
        way, at = [], c
        while at is not None:
            assert at.pk not in way, "a circle"
            way.append(at.pk)
            at = by_pk.get(at.parent_id or 0)  # type: ignore[assignment]
        assert c.lineage == "/" + "/".join(map(str, reversed(way))) + "/"
        assert c.fields.get("parent") == (by_pk[c.parent_id].business_key if c.parent_id else None)


def test_a_correction_on_the_records_page_keeps_where_it_hangs(made: Any) -> None:
    from zijing.packs.intake import correct

    found = put(made, goal(made, "A"), goal(made, "B"), goal(made, "A-1", "A"))
    move(actor=made.system, at=FOUNDED, commitment=found["A-1"], parent=found["B"])
    correct(actor=made.system, at=FOUNDED, record=found["A-1"], values={"name": "改名"})
    assert codes_down(found["A-1"]) == ["B", "A-1"]
    assert clean_values(kind_of("goal"), {"code": "X", "name": "Y", "level": "plan"})["level"] == "plan"
    put_commitments(
        actor=made.system, at=FOUNDED, kind=kind_of("goal"), place=made.place,
        rows=[{"code": "A-1", "name": "再改", "level": "goal"}],
    )  # fmt: skip
    assert codes_down(found["A-1"]) == ["B", "A-1"]
