"""What follows from a score, and the appeal against it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.factories.assessed import AFTER, AUGUST, assessed, closed, month, scores
from tests.factories.office import moment
from zijing.assessment.actions import (
    Help,
    appeal,
    decide,
    decide_appeal,
    last_day,
    lift,
    propose,
    publish_run,
    review,
)
from zijing.assessment.models import Appeal, Consequence, Observation, Review, Score
from zijing.assessment.rhythms import compute_what_is_over
from zijing.core.errors import Conflict, DomainError, Invalid, Refused
from zijing.figures.models import Publication

GOOD = ("社区11", "社区12", "社区13", "社区14", "社区15")
LATER = date(2020, 11, 30)


def lived(made, day=AUGUST):
    for name in GOOD:
        closed(made, f"{name}网格", 38, 2, day=day)
    closed(made, "社区16网格", 12, 28, day=day)


def ahead(made, best, day):
    """A month in which one community is far ahead of the others."""
    for name in (*GOOD, "社区16"):
        timely = 60 if name == best else 45
        closed(made, f"{name}网格", timely, 60 - timely, day=day)


@pytest.fixture
def made(db):
    found = assessed()
    lived(found)
    return found


def published(made, key="grid-monthly", *, by="section"):
    found = month(made, key)
    propose(actor=made.system, at=AFTER, run=found)
    publish_run(actor=made.actor(by), at=AFTER, run=found)
    found.refresh_from_db()
    return found


def helped(made, until=LATER):
    return Help(until=until, plan="每周一次带班", helper=made.posts["community"])


def of(made, type):
    return Consequence.objects.select_related("score__run__version__scheme", "score__run__publication").get(type=type)


class TestPublishing:
    def test_it_freezes_what_was_found(self, made):
        found = published(made, "community-monthly")
        again = publish_run(actor=made.actor("section"), at=AFTER, run=found)
        assert again == found.publication
        assert {x["label"] for x in again.values["lines"]} == {s.label for s in Score.objects.filter(run=found)}

    def test_nobody_reads_a_persons_score_from_a_publication(self, made):
        values = published(made).publication.values
        assert sorted(values) == ["digest", "members"]
        assert "网格员" not in str(values)

    def test_what_was_computed_anew_is_not_published_in_its_old_form(self, made):
        first = month(made)
        month(made, again=True)
        with pytest.raises(Conflict):
            publish_run(actor=made.actor("section"), at=AFTER, run=first)

    def test_a_look_at_a_running_period_is_not_published(self, made):
        found = month(made, at=moment(date(2020, 8, 20)), provisional=True)
        with pytest.raises(Invalid):
            publish_run(actor=made.actor("section"), at=AFTER, run=found)

    def test_only_who_may_publishes(self, made):
        with pytest.raises(Refused):
            publish_run(actor=made.actor("grid"), at=AFTER, run=month(made))
        assert not Publication.objects.exists()


class TestConsequences:
    def test_the_rhythm_computes_and_proposes_and_confirms_nothing(self, made):
        compute_what_is_over(made.place, AFTER)
        compute_what_is_over(made.place, AFTER)
        found = Consequence.objects.all()
        assert {(c.type, c.status) for c in found} == {
            ("naming", "proposed"), ("observation", "proposed"),
        }  # fmt: skip
        assert not Publication.objects.exists()

    def test_only_a_last_beyond_chance_is_proposed(self, db):
        found = assessed()
        for name in (*GOOD, "社区16"):
            closed(found, f"{name}网格", 38, 2)
        closed(found, "社区16网格", 0, 1)
        assert propose(actor=found.system, at=AFTER, run=month(found, "grid-monthly")) == []

    def test_a_person_confirms_with_a_reason_once(self, made):
        published(made, "community-monthly")
        naming = of(made, "naming")
        chief = made.actor("secretary")
        with pytest.raises(Invalid):
            decide(actor=chief, at=AFTER, consequence=naming, confirm=True, reason=" ")
        with pytest.raises(Refused):
            decide(actor=made.actor("section"), at=AFTER, consequence=naming, confirm=True, reason="同意")
        decide(actor=chief, at=AFTER, consequence=naming, confirm=True, reason="同意")
        with pytest.raises(Conflict):
            decide(actor=chief, at=AFTER, consequence=naming, confirm=False, reason="再想想")
        lift(actor=chief, at=AFTER, consequence=naming, reason="已整改")
        assert of(made, "naming").status == "lifted"

    def test_what_nobody_can_read_is_not_confirmed(self, made):
        propose(actor=made.system, at=AFTER, run=month(made))
        with pytest.raises(Invalid):
            decide(actor=made.actor("secretary"), at=AFTER, consequence=of(made, "naming"), confirm=True, reason="同意")

    def test_the_red_flag_moves_on(self, db):
        made = assessed()
        ahead(made, "社区11", AUGUST)
        published(made, "community-monthly")
        chief = made.actor("secretary")
        flags = list(Consequence.objects.filter(type="red_flag").select_related("score__run__version__scheme"))
        decide(actor=chief, at=AFTER, consequence=flags[0], confirm=True, reason="第一")
        ahead(made, "社区12", date(2020, 9, 3))
        after = moment(date(2020, 10, 3))
        september = month(made, "community-monthly", day=date(2020, 9, 1), at=after)
        [next_flag] = propose(actor=made.system, at=after, run=september)
        publish_run(actor=made.actor("section"), at=after, run=september)
        next_flag.score.run.refresh_from_db()
        decide(actor=chief, at=after, consequence=next_flag, confirm=True, reason="第一")
        flags[0].refresh_from_db()
        assert (flags[0].status, Consequence.objects.filter(type="red_flag", status="confirmed").count()) == (
            "passed",
            1,
        )

    def test_computing_anew_drops_what_nobody_decided_on(self, made):
        propose(actor=made.system, at=AFTER, run=month(made))
        propose(actor=made.system, at=AFTER, run=month(made, again=True))
        assert set(Consequence.objects.filter(type="naming").values_list("score__run__serial", "status")) == {
            (1, "dropped"), (2, "proposed"),
        }  # fmt: skip


class TestObservation:
    def test_it_has_days_help_reviews_and_an_end(self, made):
        published(made)
        chief, proposal = made.actor("secretary"), of(made, "observation")
        for bad in (None, helped(made, until=date(2020, 9, 3)), Help(LATER, " ", made.posts["community"])):
            with pytest.raises(Invalid):
                decide(actor=chief, at=AFTER, consequence=proposal, confirm=True, reason="末位", help=bad)
        decide(actor=chief, at=AFTER, consequence=proposal, confirm=True, reason="末位", help=helped(made))
        observed = Observation.objects.get()
        later = moment(date(2020, 10, 8))
        review(
            actor=chief, at=later, observation=observed, verdict="extended", found="有改进", until=date(2020, 12, 31)
        )
        with pytest.raises(Conflict):
            review(actor=chief, at=later, observation=observed, verdict="exited", found="按期结案")
        observed.refresh_from_db()
        review(actor=chief, at=later, observation=observed, verdict="exited", found="按期结案")
        observed.refresh_from_db()
        assert (observed.status, observed.until, Review.objects.count()) == ("exited", date(2020, 12, 31), 2)

    def test_who_lifts_the_consequence_ends_it(self, made):
        published(made)
        chief, proposal = made.actor("secretary"), of(made, "observation")
        decide(actor=chief, at=AFTER, consequence=proposal, confirm=True, reason="末位", help=helped(made))
        lift(actor=chief, at=AFTER, consequence=proposal, reason="调岗")
        assert Observation.objects.get().status == "lifted"


class TestAppeals:
    def score(self, made, label="社区16网格员"):
        rows = Score.objects.select_related("run__version__scheme", "run__publication", "entry")
        return rows.order_by("-run__serial").filter(label=label)[0]

    def test_a_grid_worker_appeals_the_own_score_in_time(self, made):
        published(made)
        score = self.score(made)
        assert last_day(score) == date(2020, 9, 10)
        with pytest.raises(Refused):
            appeal(actor=made.actor("G11"), at=AFTER, score=score, text="不是我的")
        with pytest.raises(Invalid, match="2020-09-10"):
            appeal(actor=made.actor("G16"), at=moment(date(2020, 9, 11)), score=score, text="晚了")
        appeal(actor=made.actor("G16"), at=moment(date(2020, 9, 10), 20), score=score, text="停电两周，案件不可能按期")
        with pytest.raises(Conflict):
            appeal(actor=made.actor("G16"), at=AFTER, score=score, text="再说一次")

    def test_before_its_publication_nothing_is_appealed(self, made):
        month(made, "grid-monthly")
        with pytest.raises(Invalid):
            appeal(actor=made.actor("G16"), at=AFTER, score=self.score(made), text="早了")

    def test_who_had_a_part_does_not_decide(self, made):
        published(made, by="director")
        made_appeal = appeal(actor=made.actor("G16"), at=AFTER, score=self.score(made), text="停电")
        for role, error in (("director", Refused), ("section", Refused), ("G16", Refused)):
            with pytest.raises(error):
                decide_appeal(actor=made.actor(role), at=AFTER, appeal=made_appeal, accept=True, reason="属实")
        decide_appeal(actor=made.actor("secretary"), at=AFTER, appeal=made_appeal, accept=False, reason="证据不足")
        with pytest.raises(Conflict):
            decide_appeal(actor=made.actor("secretary"), at=AFTER, appeal=made_appeal, accept=True, reason="属实")
        assert self.score(made).exempt == ""

    def test_an_accepted_appeal_exempts_without_erasing(self, made):
        published(made)
        before = self.score(made)
        decide(
            actor=made.actor("director"), at=AFTER, consequence=of(made, "observation"), confirm=True, reason="末位",
            help=helped(made),
        )  # fmt: skip
        made_appeal = appeal(actor=made.actor("G16"), at=AFTER, score=before, text="停电两周")
        decide_appeal(actor=made.actor("secretary"), at=AFTER, appeal=made_appeal, accept=True, reason="属实")
        kept = self.score(made)
        assert (kept.exempt, kept.total, kept.rank) == ("appeal", before.total, before.rank)
        assert (of(made, "observation").status, Observation.objects.get().status) == ("lifted", "lifted")
        again = scores(month(made, "grid-monthly", again=True))["社区16网格员"]
        assert (again.exempt, again.rank, again.last) == ("appeal", None, False)
        assert again.total is not None


class Judged(RuleBasedStateMachine):
    """A score's life from its publication: whatever is tried in whatever order, what was decided once stands."""

    made = None

    @initialize()
    def begin(self):
        self.chief, self.second = self.made.actor("secretary"), self.made.actor("director")
        self.worker = self.made.actor("G16")
        Review.objects.all().delete()
        for model in (Observation, Appeal, Consequence):
            model.objects.all().delete()
        Score.objects.filter(exempt="appeal").update(exempt="")
        self.score = Score.objects.select_related("run__version__scheme", "run__publication", "entry").get(
            label="社区16网格员"
        )
        self.proposal = Consequence.objects.create(score=self.score, type="observation", rule="末位", proposed_at=AFTER)
        self.was: list[str] = []

    def tried(self, verb, **more):
        try:
            verb(at=AFTER, **more)
        except DomainError:
            return False
        return True

    @rule(confirm=st.booleans())
    def decides(self, confirm):
        stood = self.status()
        done = self.tried(
            decide, actor=self.second, consequence=self.proposal, confirm=confirm, reason="理由", help=helped(self.made)
        )
        assert done == (stood == "proposed")

    @rule()
    def lifts(self):
        stood = self.status()
        assert self.tried(lift, actor=self.second, consequence=self.proposal, reason="理由") == (stood == "confirmed")

    @rule()
    def appeals(self):
        had = Appeal.objects.exists()
        assert self.tried(appeal, actor=self.worker, score=self.score, text="停电") != had

    @precondition(lambda self: Appeal.objects.exists())
    @rule(accept=st.booleans())
    def judges(self, accept):
        one = Appeal.objects.select_related("score__run__publication").get()
        open_ = one.status == "open"
        assert self.tried(decide_appeal, actor=self.chief, appeal=one, accept=accept, reason="理由") == open_

    @precondition(lambda self: Observation.objects.filter(status="running").exists())
    @rule(verdict=st.sampled_from(["goes_on", "exited", "ended"]))
    def reviews(self, verdict):
        assert self.tried(
            review, actor=self.chief, observation=Observation.objects.get(), verdict=verdict, found="看过", until=None
        )

    def status(self):
        return Consequence.objects.get(pk=self.proposal.pk).status

    @invariant()
    def what_is_over_stays_over(self):
        now = self.status()
        order = ["proposed", "confirmed", "dropped", "lifted"]
        assert not self.was or now == self.was[-1] or order.index(now) > order.index(self.was[-1])
        self.was.append(now)

    @invariant()
    def an_accepted_appeal_leaves_nothing_standing(self):
        accepted = Appeal.objects.filter(status="accepted").exists()
        assert (Score.objects.get(pk=self.score.pk).exempt == "appeal") == accepted
        assert not (accepted and self.status() in {"proposed", "confirmed"})

    @invariant()
    def an_observation_runs_only_under_a_confirmed_consequence(self):
        running = Observation.objects.filter(status="running").exists()
        assert not running or self.status() == "confirmed"
        assert Observation.objects.exists() <= (self.status() in {"confirmed", "lifted"})


def test_whatever_is_tried_what_was_decided_stands(made):
    published(made)
    kind = type("JudgedHere", (Judged,), {"made": made})
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=20, stateful_step_count=10, deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture],
        ),
    )  # fmt: skip


def test_an_appeal_has_so_many_working_days(made):
    found = published(made)
    score = Score.objects.select_related("run__version__scheme", "run__publication").filter(run=found).first()
    Publication.objects.filter(pk=found.publication_id).update(published_at=moment(date(2020, 9, 28)))
    score.run.publication.refresh_from_db()
    assert last_day(score) - date(2020, 9, 28) > timedelta(days=10)
