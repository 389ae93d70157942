"""Reviewers' marks: given with evidence by one person, confirmed by another, and counted from then on."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.factories.assessed import assessed, closed, month, scores
from tests.factories.office import moment
from zijing.assessment.actions import confirm_mark, mark, propose_version, refuse_mark
from zijing.assessment.marking import behind, came_later, for_decision, waiting_for
from zijing.assessment.models import Mark, Scheme
from zijing.core.errors import Conflict, Invalid, Missing, Refused
from zijing.journal.models import JournalEntry
from zijing.people.models import Post

SEPTEMBER = date(2020, 9, 1)
MADE, DURING, AFTER = moment(date(2020, 8, 20)), moment(date(2020, 9, 20)), moment(date(2020, 10, 3))
NEW = {"key": "order", "title": {"zh": "现场秩序", "en": "Order on site"}, "weight": "40", "way": "marks"}


@pytest.fixture
def made(db):
    found = assessed()
    for key, least in (("community-monthly", 4), ("grid-monthly", 3)):
        scheme = Scheme.objects.get(key=key)
        kept = [i | {"weight": "60"} for i in scheme.definition["items"][:1]]
        assert len(scheme.definition["items"]) == least
        propose_version(
            actor=found.actor("secretary"), at=MADE, office=found.place, scheme=scheme, items=[*kept, NEW],
            since=SEPTEMBER,
        )  # fmt: skip
    for n in range(11, 17):
        closed(found, f"社区{n}网格", 20, 20, day=date(2020, 9, 4))
    return found


def given(made, value="80", *, role="section", label="社区11", key="community-monthly", **more):
    """A mark for a community, or for the grid worker of one."""
    member = f"post-{made.posts[label].pk}" if label in made.posts else f"place-{made.places[label].pk}"
    said = {"evidence": "现场有序，通道畅通", "day": SEPTEMBER, "item": "order", "at": DURING} | more
    return mark(
        actor=made.actor(role), office=made.place, scheme=Scheme.objects.get(key=key), member=member,
        mark=Decimal(value), **said,
    )  # fmt: skip


def agreed(made, *args, at=DURING, by="secretary", **more):
    found = given(made, *args, **more)
    confirm_mark(actor=made.actor(by), at=at, mark=found)
    return found


class TestMarking:
    def test_it_names_who_what_and_when(self, made):
        one = given(made)
        assert (one.member, one.since, one.mark, one.status) == (
            ("place", made.places["社区11"].pk), SEPTEMBER, Decimal(80), "open",
        )  # fmt: skip
        assert (one.marked_by, one.marked_account) == (made.posts["section"], made.account("section"))
        assert JournalEntry.objects.get(verb="assessment.mark").subject_id == one.pk

    @pytest.mark.parametrize("value", ["-1", "100.01", "50.005", "NaN", "Infinity"])
    def test_a_mark_lies_between_0_and_100(self, made, value):
        with pytest.raises(Invalid) as found:
            given(made, value)
        assert found.value.field == "mark"

    @pytest.mark.parametrize("value", ["0", "100"])
    def test_both_ends_are_marks(self, made, value):
        assert given(made, value).mark == Decimal(value)

    @pytest.mark.parametrize("evidence", ["", " "])
    def test_without_evidence_it_is_refused(self, made, evidence):
        with pytest.raises(Invalid) as found:
            given(made, evidence=evidence)
        assert found.value.field == "evidence"

    def test_a_record_that_shows_it_lies_within_sight(self, made):
        [case] = closed(made, "社区11网格", 1, day=date(2020, 9, 5))
        assert given(made, record=("case", case.pk)).record_id == case.pk
        for record in (("case", 0), ("cats", case.pk)):
            with pytest.raises(Missing):
                given(made, label="社区12", record=record)

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"item": "on_time"}, "item"), ({"day": date(2020, 8, 1)}, "item"), ({"day": date(2020, 10, 1)}, "day")],
    )
    def test_only_an_item_that_is_marked_in_a_period_that_has_begun(self, made, more, field):
        with pytest.raises(Invalid) as found:
            given(made, **more)
        assert found.value.field == field

    def test_only_who_is_assessed_is_marked(self, made):
        with pytest.raises(Invalid) as found:
            given(made, label="社区11网格")
        assert found.value.field == "member"

    def test_a_post_marks_a_member_once(self, made):
        first = given(made)
        with pytest.raises(Conflict):
            given(made, "90")
        refuse_mark(actor=made.actor("secretary"), at=DURING, mark=first, reason="与照片不符")
        assert given(made, "60").mark == 60

    @pytest.mark.parametrize("role", ["community", "grid"])
    def test_only_who_may_marks(self, made, role):
        with pytest.raises(Refused):
            given(made, role=role)

    def test_the_software_marks_nobody(self, made):
        with pytest.raises(Refused):
            mark(
                actor=made.system, at=DURING, office=made.place, scheme=Scheme.objects.get(key="community-monthly"),
                item="order", day=SEPTEMBER, member=f"place-{made.places['社区11'].pk}", mark=Decimal(80),
                evidence="无人看过",
            )  # fmt: skip


class TestConfirming:
    def test_one_person_alone_is_refused(self, made):
        one = given(made, role="secretary")
        with pytest.raises(Refused):
            confirm_mark(actor=made.actor("secretary"), at=DURING, mark=one)
        with pytest.raises(Refused):
            confirm_mark(actor=made.system, at=DURING, mark=one)
        confirm_mark(actor=made.actor("director"), at=DURING, mark=one)
        assert Mark.objects.get().confirmed_by == made.posts["director"]

    def test_the_same_account_in_another_post_is_one_person(self, made):
        one = given(made, role="section")
        Mark.objects.filter(pk=one.pk).update(marked_account=made.account("director"))
        one.refresh_from_db()
        with pytest.raises(Refused):
            confirm_mark(actor=made.actor("director"), at=DURING, mark=one)
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.filter(pk=one.pk).update(confirmed_account=made.account("director"))

    @pytest.mark.parametrize("where", ["社区11", "社区11网格"])
    def test_who_sits_in_the_marked_community_does_not_decide(self, made, where):
        one, other = given(made), given(made, label="社区12")
        Post.objects.filter(pk=made.posts["secretary"].pk).update(place=made.places[where])
        member = made.actor("secretary")
        with pytest.raises(Refused):
            confirm_mark(actor=member, at=DURING, mark=one)
        with pytest.raises(Refused):
            refuse_mark(actor=member, at=DURING, mark=one, reason="不实")
        assert (waiting_for(member), for_decision(member, [one, other])) == ([other], {other.pk})
        confirm_mark(actor=member, at=DURING, mark=other)

    def test_who_sits_in_the_marked_unit_does_not_decide(self, made):
        one = given(made)
        Mark.objects.filter(pk=one.pk).update(place=None, unit=made.posts["secretary"].unit)
        with pytest.raises(Refused):
            confirm_mark(actor=made.actor("secretary"), at=DURING, mark=one)
        confirm_mark(actor=made.actor("director"), at=DURING, mark=one)

    def test_it_is_decided_once(self, made):
        one = agreed(made)
        for verb, more in ((confirm_mark, {}), (refuse_mark, {"reason": "再想想"})):
            with pytest.raises(Conflict):
                verb(actor=made.actor("director"), at=DURING, mark=one, **more)

    def test_a_refusal_says_why(self, made):
        one = given(made)
        with pytest.raises(Invalid):
            refuse_mark(actor=made.actor("secretary"), at=DURING, mark=one, reason=" ")
        refuse_mark(actor=made.actor("secretary"), at=DURING, mark=one, reason="照片不清")
        assert (Mark.objects.get().status, Mark.objects.get().reason) == ("refused", "照片不清")

    def test_only_who_may_confirms(self, made):
        with pytest.raises(Refused):
            confirm_mark(actor=made.actor("section"), at=DURING, mark=given(made, role="secretary"))


class TestCounting:
    def test_only_confirmed_marks_count_and_say_who_gave_them(self, made):
        agreed(made, "80")
        agreed(made, "60", role="director")
        given(made, "90", label="社区12")
        refuse_mark(actor=made.actor("secretary"), at=DURING, mark=given(made, "0", label="社区13"), reason="不实")
        found = scores(month(made, day=SEPTEMBER, at=AFTER))
        line = found["社区11"].breakdown[1]
        assert (line["item"], line["value"], line["n"], line["points"]) == ("order", "70", 2, "28.00")
        assert [found[f"社区{n}"].breakdown[1]["value"] for n in (12, 13)] == [None, None]
        assert [(m.mark, m.marked_by) for m in behind(found["社区11"])] == [
            (80, made.posts["section"]), (60, made.posts["director"]),
        ]  # fmt: skip
        assert behind(found["社区12"]) == []

    def test_a_mark_after_the_result_counts_only_when_it_is_computed_anew(self, made):
        first = month(made, day=SEPTEMBER, at=AFTER)
        assert came_later(first) == 0
        agreed(made, "80", at=moment(date(2020, 10, 4)))
        assert came_later(first) == 1
        assert behind(scores(first)["社区11"]) == []
        again = month(made, day=SEPTEMBER, at=moment(date(2020, 10, 5)), again=True)
        assert (came_later(again), scores(again)["社区11"].breakdown[1]["value"]) == (0, "80")


class TestSight:
    @pytest.mark.parametrize(
        ("role", "seen"),
        [("secretary", 2), ("director", 2), ("section", 2), ("community", 0), ("grid", 0), ("system_admin", 0)],
    )
    def test_marks_are_seen_by_who_marks_and_confirms(self, made, role, seen):
        given(made)
        given(made, label="G11", key="grid-monthly")
        assert Mark.objects.visible_to(made.actor(role)).count() == seen

    def test_of_posts_a_reviewer_sees_the_own_ones(self, made):
        given(made, label="G11", key="grid-monthly", role="secretary")
        assert not Mark.objects.visible_to(made.actor("section")).exists()
        assert Mark.objects.visible_to(made.actor("director")).count() == 1
