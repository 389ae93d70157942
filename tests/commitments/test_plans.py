"""Plans read as trees, months of indicators, orders, minutes, next year's plan, two plans side by side."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.commitments.test_trees import goal, put
from tests.factories.office import FOUNDED, MONDAY, moment, office
from zijing.activities.actions import record_activity
from zijing.cases.behind import cases_about
from zijing.commitments.actions import (
    Decision,
    Holder,
    Stated,
    apply_template,
    check,
    compare_with,
    confirm,
    copy_plan,
    correct,
    decide,
    plan_curve,
    put_template,
    remind,
    retarget,
    state,
    state_month,
    withdraw,
)
from zijing.commitments.actions.sharing import give
from zijing.commitments.models import Commitment
from zijing.commitments.queries import courses, missing_in, plan_of, plans, slipped, walk
from zijing.commitments.queries.comparing import compare
from zijing.commitments.queries.trees import only
from zijing.core.errors import Conflict, Invalid, Missing
from zijing.journal.models import JournalEntry
from zijing.packs.intake import record
from zijing.people.models import Assignment
from zijing.records.kinds import kind_of

pytestmark = pytest.mark.django_db
NOW, AUGUST = moment(MONDAY), date(2020, 8, 1)


@pytest.fixture
def made() -> Any:
    return office(packs=("targets", "compounds"))


def indicator(code: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind": "indicator", "code": code, "name": f"指标{code}", "parent": parent, "amount": Decimal(200), "unit": "家",
        "bound": "ge", "deadline": date(2020, 12, 31), "recurrence": "month", **more,
    }  # fmt: skip


def year(made: Any, *more: dict[str, Any]) -> dict[str, Commitment]:
    return put(made, goal(made, "P", level="plan", deadline=date(2020, 12, 31)), goal(made, "P-1", "P"), *more)


def say(made: Any, c: Commitment, value: Any, period: date = AUGUST, **more: Any) -> Any:
    common = {"actor": made.system, "at": NOW, "status": "actual", **more}
    return state(commitment=c, period=period, value=Decimal(value), **common)


class TestTheTree:
    def test_progress_climbs_and_what_slipped_is_counted(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"), indicator("Z3", "P-1", recurrence=None))
        say(made, found["Z1"], 180)
        say(made, found["Z2"], 20, note="市场原因")
        plan = plan_of(made.actor("leader"), found["P"].pk, NOW)
        states = {n.row.code: n.state for n in walk(plan.root)}
        assert (states["Z1"], states["Z2"], states["Z3"]) == ("ahead", "behind", "unstated")
        assert plan.root.progress.done == Decimal("33.3") and plan.root.slips == 1 and plan.root.leaves == 3
        [slip] = slipped(plan)
        assert (slip.pk, slip.reason, slip.period) == (found["Z2"].pk, "市场原因", AUGUST)
        assert [n.row.code for n in walk(only(plan, state="slipped"))] == ["P", "P-1", "Z2"]

    def test_a_month_that_is_owed_is_named_and_the_cases_about_it_are_found(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1", recurrence="quarter"))
        say(made, found["Z1"], 1, date(2020, 7, 1))
        say(made, found["Z2"], 1, date(2020, 6, 1))
        lag = {"what": "滞后", "indicator": "Z1", "cause": "market"}
        case = record(actor=made.actor("secretary"), at=NOW, kind=kind_of("lag"), values=lag)
        slips = slipped(plan_of(made.actor("leader"), found["P"].pk, NOW))
        assert {s.node.row.code: s.owed for s in slips} == {"Z1": AUGUST, "Z2": None}
        about = cases_about(made.actor("leader"), (s.node.row for s in slips))
        assert about == {found["Z1"].pk: [case], found["Z2"].pk: []}

    def test_what_was_taken_back_counts_nowhere(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
        say(made, found["Z1"], 200)
        withdraw(actor=made.system, at=NOW, commitment=found["Z2"], reason="取消")
        plan = plan_of(made.system, found["P"].pk, NOW)
        assert plan.root.leaves == 1 and plan.root.progress.done == 100

    def test_a_duty_is_counted_from_the_records_of_its_holders(self, made: Any) -> None:
        duty = {
            "kind": "duty", "code": "D1", "name": "每周点评", "parent": "P-1", "recurrence": "week", "counts": "review-remark",
            "begins": date(2020, 8, 17), "lead_post": made.posts["section"].pk,
        }  # fmt: skip
        found = year(made, duty)
        values = {"date": date(2020, 8, 20), "indicator": "Z1", "verdict": "fast", "remark": "快",
                  "unit": f"#{made.posts['section'].unit_id}"}  # fmt: skip
        record(actor=made.actor("section"), at=NOW, kind=kind_of("review-remark"), values=values)
        node = next(n for n in walk(plan_of(made.system, found["P"].pk, NOW).root) if n.row.code == "D1")
        assert (node.source, node.progress.done, node.progress.value) == ("records", Decimal("33.3"), 1)

    def test_what_two_units_do_on_one_day_counts_for_each(self, made: Any) -> None:
        section, community = made.posts["section"], made.posts["community"]
        assert section.unit_id != community.unit_id
        duty = {
            "kind": "duty", "code": "D1", "name": "每周点评两次", "parent": "P-1", "recurrence": "week",
            "counts": "review-remark", "begins": date(2020, 8, 17), "amount": Decimal(2), "unit": "次",
            "lead_post": section.pk,
        }  # fmt: skip
        found = year(made, duty)
        holders = [Holder(made.posts["leader"]), Holder(section.unit, "joint"), Holder(community.unit, "joint")]
        give(made.system, NOW, found["D1"], holders, ["lead", "joint"])

        def remark(post: Any) -> None:
            values = {"date": date(2020, 8, 20), "indicator": "Z1", "verdict": "fast", "remark": "快",
                      "unit": f"#{post.unit_id}"}  # fmt: skip
            record(actor=made.actor("section"), at=NOW, kind=kind_of("review-remark"), values=values)

        def kept() -> Decimal | None:
            plan = plan_of(made.system, found["P"].pk, NOW)
            return next(n for n in walk(plan.root) if n.row.code == "D1").progress.value

        remark(section)
        assert kept() == 0, "one of the two that are asked for"
        remark(community)
        assert kept() == 1

    def test_a_figure_is_never_typed(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1", figure="projects.count", amount=Decimal(38), unit="个"))
        with pytest.raises(Invalid):
            say(made, found["Z1"], 38)
        node = next(n for n in walk(plan_of(made.system, found["P"].pk, NOW).root) if n.row.code == "Z1")
        assert node.source == "figure" and node.progress.value == 0
        [course] = courses(made.system, 2020, NOW)
        assert course.counted is not None and (course.counted.amount, course.progress.done) == (0, 0)
        assert not course.missing and course.counted.evidence

    def test_another_office_sees_nothing(self, made: Any) -> None:
        found, other = year(made), office("410181006000", "别的街道")
        with pytest.raises(Missing):
            plan_of(other.actor("secretary"), found["P"].pk, NOW)
        assert not plans(other.actor("secretary"))

    @pytest.mark.parametrize("n", [1, 3])
    def test_as_many_queries_for_three_as_for_one(self, made: Any, n: int) -> None:
        found = year(made, *(indicator(f"Z{i}", "P-1") for i in range(n)))
        actor = made.actor("leader")
        plan_of(actor, found["P"].pk, NOW)
        with CaptureQueriesContext(connection) as asked:
            plan_of(actor, found["P"].pk, NOW)
        assert len(asked) == 4

    @pytest.mark.parametrize("n", [1, 3])
    def test_the_list_of_plans_asks_once_however_many(self, made: Any, n: int) -> None:
        put(made, *(goal(made, f"P{i}", level="plan", deadline=date(2020, 12, 31)) for i in range(n)))
        put(made, goal(made, "P0-1", "P0"), indicator("Z1", "P0-1"), indicator("Z2", "P0-1"))
        withdraw(actor=made.system, at=NOW, commitment=Commitment.objects.get(business_key="Z2"), reason="取消")
        actor = made.actor("leader")
        plans(actor)
        with CaptureQueriesContext(connection) as asked:
            found = plans(actor)
        assert len(asked) == 2
        assert (found[0].code, found[0].count, found[0].open) == ("P0", 2, 2) and len(found) == n


class TestIndicators:
    def test_months_growth_and_what_is_missing(self, made: Any) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        say(made, c, 100, date(2019, 8, 1))
        say(made, c, 120)
        say(made, c, 130, status="expected")
        [course] = courses(made.actor("leader"), 2020, NOW)
        assert (
            course.latest
            and course.latest.growth == 20
            and course.latest.expected
            and course.latest.expected.value == 130
        )
        assert [p.month for p in course.missing] == [1, 2, 3, 4, 5, 6, 7]

    def test_missing_values_are_reminded_of_once(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"), indicator("Z3", "P-1", recurrence="quarter"))
        say(made, found["Z1"], 1)
        rows = missing_in(made.system, AUGUST)
        assert [c.business_key for c in rows] == ["Z2"]
        assert [remind(actor=made.system, at=NOW, missing=rows, period=AUGUST) for _n in range(2)] == [1, 0]

    def test_a_correction_leaves_its_trace(self, made: Any) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        said = say(made, c, 120)
        correct(actor=made.system, at=NOW, statement=said, value=Decimal(110), reason="口径调整")
        [trace] = said.corrections.all()
        assert (trace.old_value, trace.new_value, trace.reason) == (120, 110, "口径调整")
        with pytest.raises(Invalid):
            correct(actor=made.system, at=NOW, statement=said, value=Decimal(100), reason=" ")

    def test_a_month_lands_whole_or_not_at_all(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1", figure="projects.count"))
        rows = [Stated(found["Z1"], Decimal(5)), Stated(found["Z2"], Decimal(5))]
        with pytest.raises(Invalid):
            state_month(actor=made.system, at=NOW, period=AUGUST, rows=rows, status="actual")
        assert not found["Z1"].statements.exists()
        state_month(actor=made.system, at=NOW, period=AUGUST, rows=rows[:1], status="actual")
        state_month(actor=made.system, at=NOW, period=AUGUST, rows=rows[:1], status="actual")
        assert JournalEntry.objects.filter(verb="commitments.state").count() == 1

    def test_a_curve_and_the_county_beside_it(self, made: Any) -> None:
        c = year(made, indicator("Z1", "P-1"))["Z1"]
        say(made, c, 60)
        plan_curve(
            actor=made.system, at=NOW, commitment=c, points={AUGUST: Decimal(50), date(2020, 12, 1): Decimal(200)}
        )
        compare_with(
            actor=made.system, at=NOW, commitment=c, period=AUGUST, whose="全市平均", value=Decimal(70), average=True
        )
        [course] = courses(made.system, 2020, NOW)
        assert course.state == "ahead" and course.gap == -10 and course.peers[0].whose == "全市平均"
        plan_curve(actor=made.system, at=NOW, commitment=c, points={AUGUST: None})
        assert c.waypoints.count() == 1


class TestOrders:
    def template(self, made: Any, query: str = "") -> Any:
        return put_template(
            actor=made.system, at=FOUNDED, office=made.place, title="停产限产：{}", kind=kind_of("order"),
            register=kind_of("enterprise"), query=query, days=3, standard="立即落实",
        )  # fmt: skip

    def enterprise(self, made: Any, code: str) -> None:
        values = {
            "code": code,
            "name": f"企业{code}",
            "sector": "industry",
            "status": "above-scale",
            "place": f"#{made.places['示例社区01'].pk}",
        }
        record(actor=made.system, at=FOUNDED, kind=kind_of("enterprise"), values=values)

    def test_one_order_for_each_and_none_twice(self, made: Any) -> None:
        plan = year(made)["P-1"]
        self.enterprise(made, "E1")
        self.enterprise(made, "E2")
        template = self.template(made)
        first = apply_template(actor=made.system, at=NOW, template=template, since=MONDAY, parent=plan)
        assert [c.title for c in first] == ["停产限产：企业E1", "停产限产：企业E2"]
        assert {c.deadline for c in first} == {date(2020, 9, 10)} and first[0].standard == "立即落实"
        self.enterprise(made, "E3")
        again = apply_template(actor=made.system, at=NOW, template=template, since=MONDAY, parent=plan)
        assert [c.title for c in again] == ["停产限产：企业E3"]

    def test_confirmed_then_checked_or_sent_back(self, made: Any) -> None:
        plan = year(made)["P-1"]
        self.enterprise(made, "E1")
        [order] = apply_template(actor=made.system, at=NOW, template=self.template(made), since=MONDAY, parent=plan)
        with pytest.raises(Conflict):
            check(actor=made.system, at=NOW, order=order, passed=True)
        confirm(actor=made.actor("section"), at=NOW, order=order)
        check(actor=made.system, at=NOW, order=order, passed=False, note="未停产")
        assert order.confirmed_at is None and order.ended_because == "未停产"
        confirm(actor=made.actor("section"), at=NOW, order=order)
        check(actor=made.system, at=NOW, order=order, passed=True)
        assert order.stage == "closed"

    def test_a_filter_not_understood_or_finding_nobody(self, made: Any) -> None:
        with pytest.raises(Invalid):
            self.template(made, "nonsense=1")
        with pytest.raises(Invalid):
            apply_template(
                actor=made.system, at=NOW, template=self.template(made), since=MONDAY, parent=year(made)["P-1"]
            )


class TestMinutes:
    def test_decisions_become_commitments_once_with_owner_and_date(self, made: Any) -> None:
        meeting = record_activity(
            actor=made.system, at=NOW, kind=kind_of("meeting"), values={"date": MONDAY, "name": "联席会"}
        )
        rows = [Decision("消防通道划线", Holder(made.posts["section"]), date(2020, 9, 30))]
        common = {"actor": made.actor("secretary"), "at": NOW, "meeting": meeting, "kind": kind_of("decision")}
        [first], [again] = (decide(**common, decisions=rows) for _n in range(2))
        assert first.pk == again.pk and first.origin.document == "联席会" and first.deadline == date(2020, 9, 30)
        assert Assignment.objects.get(subject_id=first.pk).post == made.posts["section"]


class TestNextYear:
    def test_the_plan_comes_along_with_owners_and_dates(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1", lead_post=made.posts["leader"].pk), indicator("Z2", "P-1"))
        say(made, found["Z1"], 100)
        withdraw(actor=made.system, at=NOW, commitment=found["Z2"], reason="取消")
        new = copy_plan(actor=made.system, at=NOW, plan=found["P"])
        rows = {c.business_key: c for c in Commitment.objects.filter(lineage__startswith=new.lineage)}
        assert set(rows) == {"2021-P", "2021-P-1", "2021-Z1"} and rows["2021-Z1"].deadline == date(2021, 12, 31)
        assert rows["2021-Z1"].fields["parent"] == "2021-P-1" and rows["2021-Z1"].parent == rows["2021-P-1"]
        assert Assignment.objects.get(subject_id=rows["2021-Z1"].pk).post == made.posts["leader"]
        assert not rows["2021-Z1"].statements.exists()
        with pytest.raises(Invalid):
            copy_plan(actor=made.system, at=NOW, plan=found["P"])

    def test_two_plans_side_by_side(self, made: Any) -> None:
        found = year(made, indicator("Z1", "P-1"), indicator("Z2", "P-1"))
        new = copy_plan(actor=made.system, at=NOW, plan=found["P"])
        rows = {c.business_key: c for c in Commitment.objects.all()}
        retarget(actor=made.system, at=NOW, commitment=rows["2021-Z1"], quantity=Decimal(220), reason="加压")
        withdraw(actor=made.system, at=NOW, commitment=rows["2021-Z2"], reason="完成")
        put(made, indicator("2021-Z9", "2021-P-1", deadline=date(2021, 12, 31)))
        told = compare(made.actor("leader"), found["P"].pk, new.pk)
        assert [p.new.business_key for p in told.added if p.new] == ["2021-Z9"]
        assert [p.old.business_key for p in told.dropped if p.old] == ["Z2"]
        assert [p.new.business_key for p in told.retargeted if p.new] == ["2021-Z1"] and told.same == 1
