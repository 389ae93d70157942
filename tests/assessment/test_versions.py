"""An office's own versions of a scheme: what they may say, from when they hold, and what they would have changed."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from tests.factories.assessed import AFTER, AUGUST, assessed, closed, month, scores
from tests.factories.office import moment
from zijing.assessment.actions import propose_version, put_scheme, withdraw_version
from zijing.assessment.models import Consequence, Run, Scheme, SchemeVersion, Score
from zijing.assessment.queries import version_for
from zijing.assessment.trial import past_periods, try_version
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.figures.models import Figure
from zijing.journal.models import JournalEntry

OCTOBER = date(2020, 10, 1)
GOOD = ("社区11", "社区12", "社区13", "社区14", "社区15")


@pytest.fixture
def made(db):
    return assessed()


def lived(made, day=AUGUST):
    for n, name in enumerate(GOOD):
        closed(made, f"{name}网格", 38 - n, 2 + n, day=day)
    closed(made, "社区16网格", 12, 28, day=day)


def scheme(key="community-monthly"):
    return Scheme.objects.get(key=key)


def items(key="community-monthly", **changed):
    """The items of the pack's version; ``changed`` by their keys."""
    return [i | changed.get(i["key"], {}) for i in scheme(key).definition["items"]]


def own(made, *, key="community-monthly", role="secretary", since=OCTOBER, at=AFTER, **more):
    given = {"items": items(key, on_time={"weight": "30"}, closing={"weight": "30"})} | more
    return propose_version(
        actor=made.actor(role), at=at, office=made.place, scheme=scheme(key), since=since, **given
    )  # fmt: skip


class TestProposing:
    def test_an_office_makes_its_own_from_a_month_to_come(self, made):
        version = own(made, source="办公会议纪要")
        assert (version.number, version.office, version.since) == (2, made.place, OCTOBER)
        assert [i.weight for i in version.spec.items] == [30, 30, 20, 20]
        assert JournalEntry.objects.get(verb="assessment.version").subject_id == version.pk

    @pytest.mark.parametrize("since", [date(2020, 9, 1), date(2020, 9, 3), date(2020, 10, 2), AUGUST])
    def test_it_begins_with_a_period_that_has_not_begun(self, made, since):
        with pytest.raises(Invalid) as found:
            own(made, since=since)
        assert found.value.field == "since"

    def test_weights_of_99_are_refused_with_the_sum_and_the_field(self, made):
        with translation.override("en"), pytest.raises(Invalid, match="The weights sum to 99, not 100") as found:
            own(made, items=items(on_time={"weight": "39"}))
        assert found.value.field == "weight"

    @pytest.mark.parametrize(
        ("changed", "field", "said"),
        [
            ({"figure": "cases.loved"}, "items.on_time.figure", "There is no figure"),
            ({"figure": "cases.overdue"}, "items.on_time.figure", "how things stand now"),
            ({"target": "40"}, "items.on_time.direction", "the target lies above"),
            ({"target": "1e999"}, "items.on_time.target", "is not as it must be"),
            ({"weight": "many"}, "items.on_time.weight", "is not as it must be"),
            ({"clicks": "1"}, "items.on_time.clicks", "is not as it must be"),
        ],
    )
    def test_a_rule_that_is_broken_is_named_with_its_item_and_field(self, made, changed, field, said):
        with translation.override("en"), pytest.raises(Invalid, match=said) as found:
            own(made, items=items(on_time=changed))
        assert found.value.field == field

    def test_effort_counts_only_with_the_duty_rule_that_asks_for_it(self, made):
        effort = next(
            f for f in Figure.objects.filter(measures="effort").order_by("key") if f.time and f.measure == "count"
        )
        with pytest.raises(Invalid) as found:
            own(made, items=items(on_time={"figure": effort.key}))
        assert found.value.field == "items.on_time.duty"
        assert own(made, items=items(on_time={"figure": effort.key, "duty": "巡查制度第三条"})).number == 2

    def test_whom_it_assesses_and_how_often_stays(self, made):
        said = own(made).spec
        assert (said.key, said.population, said.period) == ("community-monthly", "communities", "month")

    @pytest.mark.parametrize("role", ["section", "community", "grid", "system_admin"])
    def test_only_who_may_makes_versions(self, made, role):
        with pytest.raises(Refused):
            own(made, role=role)

    def test_nobody_makes_versions_for_another_office(self, made):
        with pytest.raises(Refused):
            propose_version(
                actor=made.actor("secretary"), at=AFTER, office=made.county, scheme=scheme(), items=items(),
                since=OCTOBER,
            )  # fmt: skip


class TestWithdrawing:
    def test_before_its_first_day_it_is_taken_back_and_keeps_its_number(self, made):
        version = own(made)
        withdraw_version(actor=made.actor("director"), at=AFTER, version=version)
        assert version_for(scheme(), made.place, OCTOBER).number == 1
        assert own(made).number == 3
        with pytest.raises(Conflict):
            withdraw_version(actor=made.actor("director"), at=AFTER, version=version)

    def test_what_holds_is_not_taken_back(self, made):
        version = own(made)
        with pytest.raises(Invalid, match="2020-10-01"):
            withdraw_version(actor=made.actor("secretary"), at=moment(OCTOBER), version=version)

    def test_a_packs_version_is_not_taken_back(self, made):
        with pytest.raises(Invalid):
            withdraw_version(actor=made.actor("secretary"), at=AFTER, version=SchemeVersion.objects.first())


class TestWhichHolds:
    def test_the_offices_own_holds_from_its_first_day_and_for_it_only(self, made):
        version = own(made)
        assert version_for(scheme(), made.place, date(2020, 9, 1)).number == 1
        assert version_for(scheme(), made.place, OCTOBER) == version
        assert version_for(scheme(), made.county, OCTOBER).number == 1

    def test_it_goes_before_a_newer_one_of_the_pack(self, made):
        version, pack = own(made), scheme()
        columns = {
            n: getattr(pack, n)
            for n in ("title_zh", "title_en", "population", "period", "source", "pack", "definition")
        }
        put_scheme(key=pack.key, columns=columns | {"since": date(2020, 11, 1)}, at=AFTER)
        assert version_for(pack, made.place, date(2020, 11, 1)) == version

    def test_an_old_period_is_computed_anew_by_its_old_version(self, made):
        lived(made, date(2020, 10, 5))
        first, later = own(made), moment(date(2020, 11, 3))
        october = month(made, day=OCTOBER, at=later)
        assert october.version == first
        second = own(made, since=date(2020, 12, 1), at=later, items=items())
        again = month(made, day=OCTOBER, at=moment(date(2020, 12, 20)), again=True)
        assert (again.version, again.serial) == (first, 2)
        assert version_for(scheme(), made.place, date(2020, 12, 1)) == second
        assert {s.label: s.total for s in scores(again).values()} == {
            s.label: s.total for s in scores(october).values()
        }


class TestTrying:
    def trial(self, made, version, role="secretary", day=AUGUST, at=AFTER):
        return try_version(actor=made.actor(role), at=at, office=made.place, version=version, day=day)

    def test_it_shows_who_would_gain_and_lose_and_writes_nothing(self, made):
        lived(made)
        kept = scores(month(made))
        version = own(made, items=items(on_time={"weight": "10"}, closing={"weight": "50"}))
        before = (Run.objects.count(), Score.objects.count(), JournalEntry.objects.count())
        trial = self.trial(made, version)
        assert (Run.objects.count(), Score.objects.count(), JournalEntry.objects.count()) == before
        found = {m.label: m for m in trial.members}
        assert (trial.base.number, trial.version, trial.hidden) == (1, version, 0)
        assert found["社区16"].before.total == kept["社区16"].total
        assert found["社区16"].gain == found["社区16"].after.total - kept["社区16"].total > 0
        gains = [m.gain for m in trial.members if m.gain is not None]
        assert gains == sorted(gains, reverse=True)
        assert trial.members[0].label == "社区16"
        assert trial.members[-1].gain is None

    def test_it_counts_what_would_be_proposed(self, made):
        for n in range(11, 17):
            timely = {11: 60, 12: 60}.get(n, 45)
            closed(made, f"社区{n}网格", timely, 60 - timely)
        version = own(made, consequences=[{"when": "top", "n": 3, "type": "red_flag", "source": "前三名"}])
        assert [(f.type, f.before, f.after) for f in self.trial(made, version).follows] == [
            ("red_flag", 0, 2), ("naming", 0, 0),
        ]  # fmt: skip
        assert not Consequence.objects.exists()

    def test_the_version_that_holds_changes_nothing(self, made):
        lived(made)
        trial = self.trial(made, SchemeVersion.objects.get(scheme=scheme()))
        assert {m.gain for m in trial.members} == {None, Decimal(0)}

    def test_only_a_period_that_is_over(self, made):
        with pytest.raises(Invalid):
            self.trial(made, SchemeVersion.objects.get(scheme=scheme()), day=date(2020, 9, 1))
        assert past_periods(scheme(), date(2020, 9, 3))[:2] == [AUGUST, date(2020, 7, 1)]
        assert past_periods(scheme(), date(2020, 3, 3)) == [date(2020, 2, 1), date(2020, 1, 1)]

    @pytest.mark.parametrize(("role", "key"), [("community", "community-monthly"), ("section", "grid-monthly")])
    def test_only_who_may_compute_tries_and_posts_only_superiors(self, made, role, key):
        with pytest.raises(Refused):
            self.trial(made, SchemeVersion.objects.get(scheme=scheme(key)), role=role)
        assert self.trial(made, SchemeVersion.objects.get(scheme=scheme(key))).members
