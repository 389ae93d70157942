"""The review of indicators: where each stands, who answers, published once and frozen."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from tests.factories.office import FOUNDED, MONDAY, moment, office, pack
from zijing.commitments.actions import publish_review, publish_standing, state
from zijing.commitments.models import Commitment
from zijing.commitments.reviews import REVIEW, STANDING, gone, published, review
from zijing.core.errors import Refused
from zijing.figures.models import Publication
from zijing.outbox.rhythm import tick
from zijing.packs.actions import apply
from zijing.packs.intake import correct, record
from zijing.people.models import Assignment
from zijing.records.models import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    place = office()
    apply(at=FOUNDED, pack=pack("targets"), offices=[place.place])
    return place


def indicator(made, code="Z1", **more):
    values = {
        "code": code, "name": f"指标{code}", "target": "200", "unit": "家", "bound": "不低于", "deadline": "2020-12-31",
        "lead": f"#{made.posts['section'].unit_id}", **more,
    }  # fmt: skip
    return record(actor=made.system, at=FOUNDED, kind=Kind.objects.get(key="indicator"), values=values)


def say(made, target, value, period=date(2020, 8, 1), at=None, status="actual"):
    state(
        actor=made.system,
        at=at or moment(date(2020, 9, 3)),
        commitment=target,
        period=period,
        value=Decimal(value),
        status=status,
    )


def line(made, at=None):
    [found] = review(made.place, at or moment(MONDAY))
    return found


class TestALine:
    def test_half_done_with_two_thirds_of_the_year_gone(self, made):
        say(made, indicator(made), 100)
        found = line(made)
        assert (found.done, found.gone) == (Decimal("50.0"), Decimal("68.6")) and found.points == Decimal("-18.6")

    def test_nothing_stated_is_not_nought(self, made):
        indicator(made)
        assert (line(made).done, line(made).points) == (None, None)

    def test_an_expected_value_is_none(self, made):
        say(made, indicator(made), 100, status="expected")
        assert line(made).value is None

    def test_the_latest_of_several_and_none_of_tomorrow(self, made):
        target = indicator(made)
        say(made, target, 60, period=date(2020, 7, 1))
        say(made, target, 80, period=date(2020, 8, 1))
        say(made, target, 199, period=date(2020, 9, 1), at=moment(date(2020, 10, 9)))
        assert (line(made).value, line(made).period) == (80, date(2020, 8, 1))

    def test_a_ceiling_has_no_share_and_a_target_of_nought_neither(self, made):
        say(made, indicator(made, bound="不高于"), 100)
        assert line(made).done is None
        say(made, indicator(made, "Z2", target="0"), 5)
        assert all(x.done is None for x in review(made.place, moment(MONDAY)))

    def test_a_withdrawn_indicator_is_not_reviewed(self, made):
        target = indicator(made)
        Commitment.objects.filter(pk=target.pk).update(stage="withdrawn", closed_at=FOUNDED)
        assert review(made.place, moment(MONDAY)) == []


@given(st.dates(date(2019, 1, 1), date(2021, 12, 31)), st.dates(date(2020, 1, 1), date(2020, 12, 31)))
def test_the_share_of_time_gone_never_falls_and_stays_within_bounds(day, deadline):
    assert 0 <= gone(deadline, day) <= gone(deadline, day + timedelta(days=1)) <= 100


class TestWhoAnswers:
    def test_lead_joint_and_assisting_posts_become_parts(self, made):
        posts = {
            name: f"#{made.posts[role].pk}"
            for name, role in (("lead_post", "leader"), ("joint_posts", "leader2"), ("assisting_posts", "team"))
        }
        target = indicator(made, **posts)
        assert line(made).owners == {
            "lead": ["section单位", "leader岗"],
            "joint": ["leader2岗"],
            "assisting": ["team岗"],
        }
        assert Commitment.objects.visible_to(made.actor("team")).filter(pk=target.pk).exists()
        assert not Commitment.objects.visible_to(made.actor("team2")).filter(pk=target.pk).exists()

    def test_who_is_named_no_more_answers_no_more(self, made):
        target = indicator(made, assisting_posts=f"#{made.posts['team'].pk}")
        correct(
            actor=made.system,
            at=moment(MONDAY),
            record=target,
            values={"assisting_posts": f"#{made.posts['team2'].pk}"},
        )
        assert line(made).owners["assisting"] == ["team2岗"]
        assert Assignment.objects.filter(subject_id=target.pk, part="assisting").count() == 2


class TestPublished:
    def test_frozen_it_does_not_follow_what_is_stated_later(self, made):
        target = indicator(made)
        say(made, target, 100)
        first = publish_review(actor=made.system, at=moment(MONDAY), office=made.place)
        say(made, target, 150, at=moment(MONDAY, 10))
        again = publish_review(actor=made.system, at=moment(MONDAY, 11), office=made.place)
        assert again.pk == first.pk and again.values["lines"][0]["done"] == "50"
        assert published(made.actor("grid"), REVIEW).get().pk == first.pk

    def test_the_standing_of_units(self, made):
        say(made, indicator(made), 190)
        say(made, indicator(made, "Z2"), 20)
        indicator(made, "Z3")
        values = publish_standing(actor=made.system, at=moment(MONDAY), office=made.place).values
        assert values["units"] == [{"unit": "section单位", "count": 3, "on_pace": 1, "behind": 1, "unstated": 1}]

    def test_by_the_clock_every_monday_and_month(self, made):
        indicator(made)
        tick(made.place, moment(date(2020, 2, 29), 23))
        days = Publication.objects.filter(key=REVIEW).order_by("period").values_list("period", flat=True)
        assert {d.isoweekday() for d in days} == {1} and len(days) == 8
        assert [str(d) for d in Publication.objects.filter(key=STANDING).values_list("period", flat=True)] == [
            "2020-01-01",
            "2020-02-01",
        ]

    @pytest.mark.parametrize("role", ["grid", "team", "project_office", "county"])
    def test_not_by_anybody(self, made, role):
        with pytest.raises(Refused):
            publish_review(actor=made.actor(role), at=moment(MONDAY), office=made.place)

    def test_another_office_does_not_see_it(self, made):
        other = office("410181006000", "别的街道")
        publish_review(actor=made.system, at=moment(MONDAY), office=made.place)
        assert (
            not published(other.actor("secretary"), REVIEW).exists()
            and published(made.actor("county"), REVIEW).exists()
        )
