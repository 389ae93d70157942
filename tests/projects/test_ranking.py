"""The weekly ranking: the formula of the model, and the reports behind it."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings, strategies as st

from tests.factories.office import MONDAY, Plan, moment, office, project, say
from zijing.core.errors import Conflict, Invalid, Missing, Several
from zijing.journal.chain import verify
from zijing.people.models import Assignment
from zijing.projects.actions import correct_report, publish_ranking, report, withdraw_report
from zijing.projects.models import Report
from zijing.projects.queries import board, curve, project_page
from zijing.projects.ranking import Facts, Rule, StageFacts, light, planned_share, rank

DAY = timedelta(days=1)
SUNDAY = MONDAY + 6 * DAY


def stage(pk=1, weight=100, start=date(2020, 1, 1), end=date(2020, 1, 10)):
    return StageFacts(pk, Decimal(weight), start, end)


class TestFormula:
    def test_a_stage_is_planned_evenly_with_both_ends_counted(self):
        assert planned_share(stage(), date(2019, 12, 31)) == 0
        assert planned_share(stage(), date(2020, 1, 1)) == 10
        assert planned_share(stage(), date(2020, 1, 9)) == 90
        assert planned_share(stage(), date(2020, 1, 10)) == 100
        assert planned_share(stage(), date(2021, 1, 1)) == 100

    def test_a_one_day_stage_is_due_that_day(self):
        assert planned_share(stage(end=date(2020, 1, 1)), date(2020, 1, 1)) == 100

    @pytest.mark.parametrize(
        ("points", "late", "shown"),
        [
            ("-2", False, "green"),
            ("-2.1", False, "yellow"),
            ("-10", False, "yellow"),
            ("-10.1", False, "red"),
            ("5", True, "red"),
        ],
    )
    def test_lights(self, points, late, shown):
        assert light(Decimal(points), late=late, rule=Rule()) == shown

    def test_equal_scores_share_a_rank_and_the_next_one_is_skipped(self):
        def facts(pk, share):
            return Facts(pk, date(2020, 12, 31), (stage(pk),), {pk: Decimal(share)}, {}, date(2020, 1, 8))

        ranked = rank(
            [facts(1, 50), facts(2, 50), facts(3, 40)], on=date(2020, 1, 9), through=date(2020, 1, 8), rule=Rule()
        )
        assert [(s.pk, s.rank) for s in ranked] == [(1, 1), (2, 1), (3, 3)]

    def test_the_earlier_promise_goes_first_then_the_larger_gain(self):
        def facts(pk, promised, before):
            return Facts(pk, promised, (stage(pk),), {pk: Decimal(50)}, {pk: Decimal(before)}, date(2020, 1, 8))

        late, early = date(2020, 12, 31), date(2020, 6, 30)
        ranked = rank(
            [facts(1, late, 10), facts(2, early, 10), facts(3, late, 5)],
            on=date(2020, 1, 9), through=date(2020, 1, 8), rule=Rule(),
        )  # fmt: skip
        assert [s.pk for s in ranked] == [2, 3, 1]


DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31))


@st.composite
def many_facts(draw):
    result = []
    for pk in range(1, draw(st.integers(1, 8)) + 1):
        weights = draw(st.sampled_from([[100], [50, 50], [20, 30, 50]]))
        stages = []
        for n, weight in enumerate(weights):
            start = draw(DAYS)
            stages.append(StageFacts(pk * 10 + n, Decimal(weight), start, start + draw(st.integers(0, 200)) * DAY))
        shares = {s.pk: Decimal(draw(st.integers(0, 100))) for s in stages if draw(st.booleans())}
        result.append(Facts(pk, draw(DAYS), tuple(stages), shares, {}, draw(st.none() | DAYS)))
    return result


class TestAgainstANaiveRecount:
    @given(many_facts(), DAYS)
    @settings(max_examples=150, deadline=None)
    def test_rank_is_one_more_than_how_many_are_better(self, facts, on):
        standings = rank(facts, on=on, through=on, rule=Rule())
        by_pk = {f.pk: f for f in facts}
        assert sorted(s.pk for s in standings) == sorted(by_pk)

        def naive_percent(f, share_of):
            total = sum(float(s.weight) * share_of(s) / 100 for s in f.stages)
            return Decimal(str(round(total, 6))).quantize(Decimal("0.1"), ROUND_HALF_UP)

        ranked = [s for s in standings if s.rank]
        for s in ranked:
            f = by_pk[s.pk]
            assert s.actual == naive_percent(f, lambda x, f=f: float(f.shares.get(x.pk, 0)))
            better = [
                o for o in ranked
                if (o.points, -by_pk[o.pk].promised_on.toordinal(), o.gain)
                > (s.points, -f.promised_on.toordinal(), s.gain)
            ]  # fmt: skip
            assert s.rank == len(better) + 1
        assert all(s.apart for s in standings if s.rank is None)

    @given(many_facts(), DAYS)
    @settings(max_examples=50, deadline=None)
    def test_more_done_never_ranks_worse(self, facts, on):
        before = {s.pk: s for s in rank(facts, on=on, through=on, rule=Rule())}
        first = facts[0]
        more = Facts(
            first.pk, first.promised_on, first.stages,
            {s.pk: Decimal(99) for s in first.stages}, first.shares_before, first.last_report,
        )  # fmt: skip
        after = {s.pk: s for s in rank([more, *facts[1:]], on=on, through=on, rule=Rule())}
        if before[first.pk].rank and after[first.pk].rank and after[first.pk].actual >= before[first.pk].actual:
            assert after[first.pk].rank <= before[first.pk].rank


@pytest.mark.django_db
class TestBoard:
    def test_a_week_of_reports_ranks_two_projects(self):
        made = office()
        fast, slow = project(made, "X01"), project(made, "X02", team="team2")
        for n in range(5):
            say(made, fast, MONDAY + n * DAY, 90 + n)
            say(made, slow, MONDAY + n * DAY, 40 + n)
        shown = board(made.actor("secretary"), SUNDAY)
        assert [(x.project, x.rank, x.light) for x in shown.lines] == [(fast, 1, "red"), (slow, 2, "red")]
        assert [x.actual for x in shown.lines] == [Decimal("47.0"), Decimal("22.0")]
        assert shown.unranked == []
        assert verify(made.place.pk).sound

    def test_a_project_without_a_report_within_the_limit_is_listed_apart(self):
        made = office()
        kept, silent = project(made, "X01"), project(made, "X02", team="team2")
        say(made, kept, MONDAY + 4 * DAY, 10)
        say(made, silent, MONDAY + 3 * DAY, 90)
        shown = board(made.actor("secretary"), SUNDAY)
        assert [x.project for x in shown.lines] == [kept]
        assert [(x.project, x.days_missing) for x in shown.unranked] == [(silent, 1)]

    def test_today_is_not_missing_before_it_is_over(self):
        made = office()
        kept = project(made)
        say(made, kept, MONDAY, 10)
        assert [x.project for x in board(made.actor("secretary"), MONDAY + DAY).lines] == [kept]

    def test_correcting_withdrawing_and_adding_change_the_board(self):
        made = office()
        target = project(made)
        first = say(made, target, MONDAY + 3 * DAY, 20)
        last = say(made, target, MONDAY + 4 * DAY, 60)
        actual = lambda: board(made.actor("secretary"), SUNDAY).all_lines[0].actual
        assert actual() == Decimal("30.0")
        correct_report(actor=made.system, at=moment(SUNDAY), report=last, values={"share": 40})
        assert actual() == Decimal("20.0")
        withdraw_report(actor=made.system, at=moment(SUNDAY), report=last, reason="重复")
        assert actual() == Decimal("10.0")
        assert board(made.actor("secretary"), SUNDAY).unranked[0].last_report == first.day
        say(made, target, MONDAY + 4 * DAY, 50)
        assert actual() == Decimal("25.0")

    def test_movement_compares_with_the_week_before(self):
        made = office()
        one, two = project(made, "X01"), project(made, "X02", team="team2")
        for day, a, b in ((MONDAY - 3 * DAY, 90, 20), (MONDAY + 4 * DAY, 91, 99)):
            say(made, one, day, a)
            say(made, two, day, b)
        lines = board(made.actor("secretary"), SUNDAY).lines
        assert [(x.project, x.movement) for x in lines] == [(two, 1), (one, -1)]

    def test_the_published_week_is_frozen_and_says_what_changed_since(self):
        made = office()
        target = project(made)
        said = say(made, target, MONDAY + 4 * DAY, 60)
        publication = publish_ranking(actor=made.system, at=moment(SUNDAY, 20), office=made.place, week=SUNDAY)
        assert board(made.actor("secretary"), SUNDAY).changed_since == 0
        correct_report(actor=made.system, at=moment(SUNDAY, 21), report=said, values={"share": 61})
        shown = board(made.actor("secretary"), SUNDAY)
        assert shown.published == publication
        assert [x.project for x in shown.changed] == [target]
        assert publication.values["lines"][0]["actual"] == "30.0"
        again = publish_ranking(actor=made.system, at=moment(SUNDAY, 22), office=made.place, week=SUNDAY)
        assert again == publication

    @pytest.mark.parametrize("many", [1, 3])
    def test_the_board_asks_the_database_a_fixed_number_of_times(self, many, django_assert_num_queries):
        made = office()
        for n in range(many):
            say(made, project(made, f"X0{n}"), MONDAY, 10)
        actor = made.actor("secretary")
        with django_assert_num_queries(7):
            board(actor, SUNDAY)

    def test_another_office_sees_nothing_of_it_and_the_county_does(self):
        made, other = office(), office("410181006000", "示例街道")
        say(made, project(made), MONDAY, 10)
        assert board(other.actor("secretary"), SUNDAY).all_lines == []
        assert len(board(made.actor("county"), SUNDAY).all_lines) == 1


@pytest.mark.django_db
class TestReporting:
    def test_a_count_becomes_a_share_of_the_stage(self):
        made = office()
        made_report = report(
            actor=made.actor("team"), at=moment(MONDAY, 17), project=project(made), day=MONDAY,
            values={"stage": "主体", "count": 7, "crew": 30},
        )  # fmt: skip
        assert (made_report.share, made_report.crew) == (Decimal("70.00"), 30)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"stage": "主体", "count": 11}, "count"),
            ({"stage": "基础", "count": 1}, "count"),
            ({"stage": "屋顶", "share": 1}, "stage"),
            ({"stage": "基础", "share": 101}, "share"),
            ({"stage": "基础", "share": -1}, "share"),
            ({"stage": "基础", "share": "一半"}, "share"),
            ({"stage": "基础", "share": 10, "crew": -5}, "crew"),
        ],
    )
    def test_bad_values_are_refused_by_field_and_nothing_is_kept(self, values, field):
        made = office()
        target = project(made)
        with pytest.raises(Exception) as caught:
            report(actor=made.actor("team"), at=moment(MONDAY, 17), project=target, day=MONDAY, values=values)
        error = caught.value
        assert field in {getattr(error, "field", ""), *(e.field for e in getattr(error, "errors", []))}
        assert not Report.objects.exists()

    def test_a_report_for_tomorrow_is_refused(self):
        made = office()
        with pytest.raises(Invalid):
            report(actor=made.actor("team"), at=moment(MONDAY), project=project(made), day=MONDAY + DAY, values={})

    def test_a_share_that_falls_needs_a_remark(self):
        made = office()
        target = project(made)
        say(made, target, MONDAY, 50)
        with pytest.raises(Invalid, match="50"):
            say(made, target, MONDAY + DAY, 40)
        assert say(made, target, MONDAY + DAY, 40, remark="返工").share == 40

    def test_twice_on_a_day_is_a_conflict(self):
        made = office()
        target = project(made)
        say(made, target, MONDAY, 50)
        with pytest.raises(Conflict):
            say(made, target, MONDAY, 60)

    def test_another_team_does_not_see_the_project(self):
        made = office()
        target = project(made)
        with pytest.raises(Missing):
            report(actor=made.actor("team2"), at=moment(MONDAY), project=target, day=MONDAY, values={})

    def test_a_blocker_is_filed_in_the_same_act(self):
        made = office()
        target = project(made)
        report(
            actor=made.actor("team"), at=moment(MONDAY, 17), project=target, day=MONDAY,
            values={"stage": "基础", "share": 5}, blocker={"class": "utilities", "what": "停水"},
        )  # fmt: skip
        page = project_page(made.actor("secretary"), target.pk, MONDAY)
        assert page is not None
        assert [(c.title, c.stage) for c in page.cases] == [("停水", "filed")]
        assert page.line.open_blockers == 1

    def test_a_bad_blocker_takes_the_report_with_it(self):
        made = office()
        target = project(made)
        with pytest.raises(Several):
            report(
                actor=made.actor("team"), at=moment(MONDAY, 17), project=target, day=MONDAY,
                values={"stage": "基础", "share": 5}, blocker={"class": "nonsense", "what": "停水"},
            )  # fmt: skip
        assert not Report.objects.exists()


@pytest.mark.django_db
class TestLedger:
    def test_weights_must_make_a_whole(self):
        made = office()
        with pytest.raises(Invalid, match="90"):
            project(made, plans=[Plan("基础", 90, MONDAY, SUNDAY)])

    def test_a_stage_cannot_end_before_it_starts(self):
        made = office()
        with pytest.raises(Invalid):
            project(made, plans=[Plan("基础", 100, SUNDAY, MONDAY)])

    def test_leader_and_team_become_assignments_and_a_change_ends_the_old_one(self):
        made = office()
        target = project(made)
        project(made, leader="leader2")
        lead = Assignment.objects.filter(subject_id=target.pk, part="lead").order_by("pk")
        assert [(a.post, a.until is None) for a in lead] == [
            (made.posts["leader"], False),
            (made.posts["leader2"], True),
        ]

    def test_the_curve_ends_where_the_board_stands(self):
        made = office()
        target = project(made)
        say(made, target, MONDAY, 50)
        last = [
            p
            for p in curve(project_page(made.actor("secretary"), target.pk, MONDAY + DAY), MONDAY + DAY)
            if p.actual is not None
        ][-1]
        line = board(made.actor("secretary"), MONDAY + DAY).lines[0]
        assert (last.planned, last.actual) == (line.planned, line.actual)
