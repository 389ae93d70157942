"""A whole plan out as a sheet and in again: nothing is lost, nothing half done, every bad row marked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from openpyxl import load_workbook

from tests.commitments.test_trees import goal, put
from tests.factories.office import MONDAY, Office, moment, office
from tests.factories.sheets import workbook
from zijing.commitments.actions import set_shares
from zijing.commitments.models import Commitment
from zijing.commitments.queries.trees import holders_of
from zijing.packs.intake import target
from zijing.packs.plans import plan_sheet
from zijing.people.models import Assignment
from zijing.records.sheets import bring_in, preview

pytestmark = pytest.mark.django_db
NOW = moment(MONDAY)
HEAD = ("类型", "编号", "名称", "层级", "上级编号", "数量", "计量单位", "要求", "完成期限", "责任人及占比")


@pytest.fixture
def made() -> Office:
    return office(packs=("targets",))


def taken_in(made: Office, content: bytes) -> Any:
    return bring_in(target=target("plan", made.system), actor=made.system, at=NOW, source=content)


def facts(made: Office) -> dict[str, Any]:
    """All that a sheet can say of the standing plan, by code."""
    rows = list(Commitment.objects.select_related("kind", "parent", "unit").order_by("lineage"))
    held = holders_of([c.pk for c in rows], MONDAY)
    order: dict[int | None, list[str]] = {}
    for c in sorted(rows, key=lambda c: (c.position, c.pk)):
        order.setdefault(c.parent_id, []).append(c.business_key)
    return {
        c.business_key: (
            c.kind.key, c.title, c.parent and c.parent.business_key, order[c.parent_id].index(c.business_key),
            c.quantity, c.measure, c.bound, c.baseline, c.deadline, c.happened_on, c.rule, c.weight, c.recurrence,
            c.standard, c.deliverable, c.unit and c.unit.name, c.fields.get("note"), c.fields.get("source"),
            sorted((h.part, h.name, h.share) for h in held.get(c.pk, [])),
        )
        for c in rows
    }  # fmt: skip


def emptied() -> None:
    Assignment.objects.filter(subject_type="commitments.commitment").delete()
    Commitment.objects.update(parent=None)
    Commitment.objects.all().delete()


def rows(made: Office, seeds: list[tuple[str, int, Any, int]]) -> Iterator[dict[str, Any]]:
    """A plan of rows of every kind: each under an earlier one."""
    yield goal(made, "P", level="plan", begins=date(2020, 1, 1), deadline=date(2020, 12, 31), source="年度计划")
    leaders = [made.posts["leader"].pk, made.posts["leader2"].pk]
    for n, (kind, above, amount, share) in enumerate(seeds, 1):
        common = {
            "kind": kind, "code": f"P-{n}", "name": f"第{n}项", "parent": f"P-{above % n}" if above % n else "P",
            "deadline": date(2020, 6, 30), "lead": made.posts["section"].unit_id, "weight": Decimal(share),
            "standard": "达标", "lead_post": leaders[n % 2], "joint_posts": [leaders[1 - n % 2]],
            "lead_share": share if share % 2 else None,
        }  # fmt: skip
        yield common | {
            "goal": {"level": "goal", "amount": amount, "unit": "个", "bound": "ge", "rule": "mean"},
            "indicator": {"amount": amount, "unit": "%", "bound": "le", "baseline": Decimal(3), "recurrence": "quarter"},
            "task": {"note": "备注", "deliverable": "清单"},
            "duty": {"recurrence": "week", "counts": "review-remark", "begins": date(2020, 2, 3)},
        }[kind]  # fmt: skip


SEEDS = st.lists(
    st.tuples(
        st.sampled_from(["goal", "indicator", "task", "duty"]), st.integers(0, 9),
        st.decimals(0, 10**9, places=2), st.integers(1, 99),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEEDS, st.integers(0, 100))
def test_out_and_in_again_loses_nothing(made: Office, seeds: Any, percent: int) -> None:
    emptied()
    found = put(made, *rows(made, seeds))
    if seeds:
        held = Assignment.objects.filter(subject_id=found["P-1"].pk).order_by("pk")
        set_shares(
            actor=made.system, at=NOW, commitment=found["P-1"], percent={held[0].pk: percent, held[1].pk: 100 - percent}
        )
    before = facts(made)
    _name, sheet = plan_sheet(actor=made.system, at=NOW, plan=found["P"])
    again = taken_in(made, sheet)
    assert again.landed and set(again.outcomes) == {"same"} and facts(made) == before
    emptied()
    result = taken_in(made, sheet)
    assert result.landed, result.errors
    assert facts(made) == before


def sheet(*lines: tuple[object, ...]) -> bytes:
    return bytes(workbook([HEAD, *lines]))


def test_every_bad_row_is_marked_and_nothing_lands(made: Office) -> None:
    bad = sheet(
        ("计划目标", "A", "年度", "年度计划", "", "", "", "", "2020-12-31", ""),
        ("计划目标", "A-1", "无单位", "目标", "A", 3, "", "", "", ""),
        ("计划目标", "A-2", "上级不存在", "目标", "B", "", "", "", "", ""),
        ("计划目标", "A-3", "互为上级", "目标", "A-4", "", "", "", "", ""),
        ("计划目标", "A-4", "互为上级", "目标", "A-3", "", "", "", "", ""),
        ("计划目标", "A-5", "占比不足", "目标", "A", "", "", "", "", "牵头 leader岗 60%"),
        ("计划目标", "A-6", "好的", "目标", "A", 3, "个", "", "", "牵头 leader岗 60%；共担 leader2岗 40%"),
        ("指标", "A-7", "没有目标值", "", "A", "", "", "", "", ""),
    )
    result = taken_in(made, bad)
    marked = {e.row for e in result.errors}
    assert marked == {3, 4, 5, 6, 7, 9} and not result.landed and not Commitment.objects.exists()
    said = {e.row: str(e.message) for e in result.errors}
    assert "A-3 → A-4 → A-3" in said[5] and "60" in said[7] and "B" in said[4]


def test_negative_amounts_and_a_deadline_before_the_beginning(made: Office) -> None:
    head = ("类型", "编号", "名称", "层级", "数量", "计量单位", "起始日期", "完成期限")
    result = taken_in(made, bytes(workbook([
        head, ("计划目标", "A", "负数", "目标", -3, "个", "", ""),
        ("计划目标", "B", "倒期", "目标", "", "", "2020-06-01", "2020-05-01"),
    ])))  # fmt: skip
    assert not result.landed and 2 in {e.row for e in result.errors}
    result = taken_in(
        made, bytes(workbook([head, ("计划目标", "B", "倒期", "目标", "", "", "2020-06-01", "2020-05-01")]))
    )
    assert [(e.row, e.field) for e in result.errors] == [(2, "deadline")]


def test_ten_thousand_rows_are_judged_with_a_mark_at_each_bad_one(made: Office) -> None:
    lines: list[tuple[object, ...]] = [("计划目标", "A", "年度", "年度计划", "", "", "", "", "", "")]
    for n in range(1, 10_000):
        above = "不存在" if n % 100 == 0 else f"A-{n - 1}" if n % 5 > 1 and n % 100 != 1 else "A"
        lines.append(("计划目标", f"A-{n}", f"第{n}项", "目标", above, 3, "个", "", "2020-12-31", ""))
    result = preview(target=target("plan", made.system), actor=made.system, at=NOW, source=sheet(*lines))
    assert [e.row for e in result.errors] == [n + 2 for n in range(1, 10_000) if n % 100 == 0]


def test_the_sheet_names_what_it_is_and_begins_with_kind_and_number(made: Office) -> None:
    plan = put(made, goal(made, "A", level="plan"), goal(made, "A-1", "A"))["A"]
    name, content = plan_sheet(actor=made.actor("leader"), at=NOW, plan=plan)
    written = list(load_workbook(BytesIO(content)).worksheets[0].values)
    assert name == "A 目标A.xlsx" and written[0][0].startswith("紫荆路街道")
    assert written[1][:2] == ("类型", "编号") and [r[1] for r in written[2:]] == ["A", "A-1"]
    assert Commitment.objects.count() == 2
