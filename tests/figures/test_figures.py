"""Figures: one calculation path; the cache equals a recount; the evidence is the rows counted."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import MONDAY, blocker, moment, office, project, say
from zijing.activities.actions import correct_activity, record_activity, withdraw
from zijing.activities.models import Activity
from zijing.cases.actions import void
from zijing.core.errors import Missing
from zijing.figures.actions import touch
from zijing.figures.courses import series
from zijing.figures.known import find as figure
from zijing.figures.models import Figure, FigureDay
from zijing.figures.periods import periods
from zijing.figures.queries import records_of, value
from zijing.journal.acting import act
from zijing.places.models import Place
from zijing.records.filters import parse
from zijing.records.models import Kind

AT = moment(date(2020, 9, 30), 20)
SEPTEMBER = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}


def invest(made, target, day, yuan):
    kind = Kind.objects.get(key="investment")
    values = {"project": target.pk, "date": day, "amount": yuan * 100}
    return record_activity(actor=made.system, at=AT, kind=kind, values=values, subject=target.entry)


@pytest.mark.django_db
class TestValues:
    def test_a_sum_of_money_over_a_period(self):
        made = office()
        target = project(made)
        for day, yuan in ((date(2020, 8, 31), 1), (date(2020, 9, 1), 20), (date(2020, 9, 30), 300)):
            invest(made, target, day, yuan)
        found = value(figure("investment.done"), made.actor("secretary"), at=AT, **SEPTEMBER)
        assert (found.amount, found.n, found.shown) == (32000, 2, "320元")

    def test_the_evidence_address_holds_exactly_the_rows_counted(self):
        made = office()
        target = project(made)
        kept = [invest(made, target, MONDAY, 5).pk]
        invest(made, target, date(2020, 8, 1), 7)
        actor = made.actor("secretary")
        found = value(figure("investment.done"), actor, at=AT, **SEPTEMBER)
        parts = urlsplit(found.evidence)
        assert parts.path == "/list/investment/"
        filtering = parse(dict(parse_qsl(parts.query)), Kind.objects.get(key="investment"), at=AT, actor=actor)
        assert list(filtering.apply(records_of("activity", actor)).values_list("pk", flat=True)) == kept

    def test_a_share_of_nothing_is_none_not_zero(self):
        made = office()
        found = value(figure("blockers.on_time_share"), made.actor("secretary"), at=AT, **SEPTEMBER)
        assert found.amount is None
        assert "0" not in found.shown

    def test_withdrawn_and_voided_records_count_nowhere(self):
        made = office()
        target = project(made)
        withdraw(actor=made.system, at=AT, activity=invest(made, target, MONDAY, 5), reason="错")
        void(actor=made.system, at=AT, case=blocker(made, target), reason="错")
        actor = made.actor("secretary")
        assert value(figure("investment.done"), actor, at=AT, **SEPTEMBER).amount == 0
        assert value(figure("blockers.filed"), actor, at=AT, **SEPTEMBER).amount == 0
        assert value(figure("blockers.open"), actor, at=AT).amount == 0

    def test_a_place_counts_what_lies_below_it(self):
        made = office()
        invest(made, project(made, "X01"), MONDAY, 5)
        invest(made, project(made, "X02", place="示例村02"), MONDAY, 7)
        actor = made.actor("secretary")
        sums = [
            value(figure("investment.done"), actor, at=AT, place=made.places[p], **SEPTEMBER).amount
            for p in ("示例社区01", "示例村02", "第一网格")
        ]
        assert sums == [500, 700, 0]

    def test_who_sees_less_counts_less(self):
        made = office()
        invest(made, project(made, "X01"), MONDAY, 5)
        invest(made, project(made, "X02", team="team2"), MONDAY, 7)
        counted = {
            role: value(figure("investment.done"), made.actor(role), at=AT, **SEPTEMBER).amount
            for role in ("secretary", "team", "team2", "community2")
        }
        assert counted == {"secretary": 1200, "team": 500, "team2": 700, "community2": 0}

    def test_every_figure_of_the_packs_can_be_counted_and_opens(self, client):
        made = office()
        target = project(made)
        say(made, target, MONDAY, 10)
        blocker(made, target)
        client.force_login(made.account("secretary"))
        for each in Figure.objects.all():
            found = value(each, made.actor("secretary"), at=AT, **SEPTEMBER)
            assert found.shown
            assert each.sentence_zh and each.sentence_en
            assert client.get(found.evidence).status_code == 200, found.evidence

    def test_an_unknown_figure_is_missing(self):
        with pytest.raises(Missing):
            figure("nonsense")

    def test_months_cover_the_days_once(self):
        steps = list(periods(date(2020, 1, 15), date(2020, 4, 2), "month"))
        assert steps[0] == (date(2020, 1, 15), date(2020, 1, 31))
        assert steps[-1] == (date(2020, 4, 1), date(2020, 4, 2))
        assert sum((b - a).days + 1 for a, b in steps) == (date(2020, 4, 2) - date(2020, 1, 15)).days + 1

    def test_a_series_sums_to_the_whole(self):
        made = office()
        target = project(made)
        for n in range(40):
            invest(made, target, date(2020, 8, 20) + timedelta(days=n), 1)
        actor, span = made.actor("secretary"), {"since": date(2020, 8, 1), "until": date(2020, 9, 30)}
        for step in ("week", "month"):
            parts = series(figure("investment.done"), actor, at=AT, step=step, **span)
            assert sum(p.value.amount for p in parts) == 4000


OPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "amount", "withdraw", "read", "read_place"]),
        st.integers(0, 6), st.integers(0, 40), st.integers(1, 9),
    ),
    max_size=25,
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ops=OPS)
def test_the_cache_equals_a_recount_whatever_happens(ops, site):
    made, target = site
    Activity.objects.filter(kind__key="investment").delete()
    FigureDay.objects.all().delete()
    actor, first = made.actor("secretary"), date(2020, 8, 25)
    rows = []

    def check(place: Place | None):
        for key in ("investment.done",):
            found = value(figure(key), actor, at=AT, place=place, **SEPTEMBER)
            standing = Activity.objects.filter(kind__key="investment").exclude(stage="withdrawn")
            wanted = [r for r in standing if SEPTEMBER["since"] <= r.happened_on <= SEPTEMBER["until"]]
            wanted = [r for r in wanted if place is None or r.path.startswith(place.path)]
            assert (found.n, found.amount) == (len(wanted), sum((Decimal(r.amount_fen) for r in wanted), Decimal(0)))

    for op, which, day, yuan in ops:
        live = [r for r in rows if r.stage != "withdrawn"]
        if op == "add":
            rows.append(invest(made, target, min(first + timedelta(days=day), AT.date()), yuan))
        elif op == "read":
            check(None)
        elif op == "read_place":
            check(made.places["示例社区01"])
        elif live:
            row = live[which % len(live)]
            if op == "withdraw":
                withdraw(actor=made.system, at=AT, activity=row, reason="x")
            elif op == "move":
                when = min(first + timedelta(days=day), AT.date())
                correct_activity(actor=made.system, at=AT, activity=row, values={"date": when})
            else:
                correct_activity(actor=made.system, at=AT, activity=row, values={"amount": yuan * 100})
    check(None)
    check(made.places["示例社区01"])
    check(made.places["第二网格"])


@pytest.fixture
def site(db):
    made = office()
    return made, project(made)


@pytest.mark.django_db
def test_what_was_marked_dirty_meanwhile_is_not_overwritten():
    made = office()
    target = project(made)
    actor = made.actor("secretary")
    value(figure("investment.done"), actor, at=AT, **SEPTEMBER)
    cell = FigureDay.objects.get(figure__key="investment.done", path=made.place.path, day=MONDAY)
    assert cell.n == 0
    invest(made, target, MONDAY, 5)
    cell.refresh_from_db()
    assert cell.n is None
    assert cell.version == 1
    assert value(figure("investment.done"), actor, at=AT, **SEPTEMBER).amount == 500


@pytest.mark.django_db
class TestMarking:
    def test_filing_what_happens_today_reads_once_and_writes_nothing(self, django_assert_num_queries):
        made = office()
        case = blocker(made, project(made))
        value(
            figure("blockers.filed"), made.actor("secretary"), at=moment(MONDAY), until=MONDAY, since=date(2020, 9, 1)
        )
        assert FigureDay.objects.exists()
        with act(made.system, moment(MONDAY)) as a, django_assert_num_queries(1):
            touch(a, case)

    def test_a_clock_set_back_leaves_no_stale_number(self):
        made = office()
        target = project(made)
        actor = made.actor("secretary")
        assert value(figure("blockers.filed"), actor, at=AT, **SEPTEMBER).amount == 0
        blocker(made, target, MONDAY)
        assert value(figure("blockers.filed"), actor, at=AT, **SEPTEMBER).amount == 1
        assert value(figure("blockers.filed"), actor, at=moment(MONDAY, 20), **SEPTEMBER).amount == 1
