"""A scheme computed: by the version of its time, over periods that are over, seen by those who may."""

from datetime import date
from decimal import Decimal

import pytest

from tests.factories.assessed import AFTER, AUGUST, assessed, closed, month, scores
from tests.factories.office import moment
from zijing.assessment.actions import put_scheme, run
from zijing.assessment.models import Run, Scheme, SchemeVersion, Score
from zijing.assessment.queries import version_for
from zijing.core.errors import Invalid, Refused
from zijing.figures.models import Publication
from zijing.journal.models import JournalEntry

GOOD = ("社区11", "社区12", "社区13", "社区14", "社区15")


@pytest.fixture
def made(db):
    return assessed()


def lived(made, day=AUGUST):
    for name in GOOD:
        closed(made, f"{name}网格", 38, 2, day=day)
    closed(made, "社区16网格", 12, 28, day=day)


def publish(found):
    """What a publication will do to a run, without its verb."""
    made = Publication.objects.create(
        office=found.office, key=f"a{found.pk}", period=found.since, published_at=AFTER, evidence=b"", digest="",
        journal_seq=0, journal_digest="",
    )  # fmt: skip
    Run.objects.filter(pk=found.pk).update(publication=made)


def test_a_month_gives_everyone_a_score_with_what_it_follows_from(made):
    lived(made)
    found = scores(month(made))
    best, worst = found["社区11"], found["社区16"]
    assert (best.rank, worst.rank, worst.last) == (1, 6, True)
    line = best.breakdown[0]
    assert (line["item"], line["met"], line["n"], line["value"]) == ("on_time", 38, 40, "95")
    assert line["low"] < 95 < line["high"]
    assert sum(Decimal(x["points"]) for x in best.breakdown if x["points"]) == best.total


def test_no_case_is_no_score_and_not_zero(made):
    lived(made)
    found = scores(month(made))["示例社区01"]
    assert (found.total, found.rank, found.last) == (None, None, False)
    assert {line["value"] for line in found.breakdown} == {None}


def test_a_weight_nobody_can_earn_is_shared_over_the_rest(made):
    lived(made)
    found = scores(month(made))["社区11"]
    satisfied = next(x for x in found.breakdown if x["item"] == "satisfied")
    assert (satisfied["value"], satisfied["points"]) == (None, None)
    assert found.total == Decimal("100.00")


def test_a_period_that_is_not_over_is_refused_and_may_be_looked_at(made):
    lived(made)
    during = moment(date(2020, 8, 20))
    with pytest.raises(Invalid, match=r"2020-08-31"):
        month(made, at=during)
    found = month(made, at=during, provisional=True)
    assert (found.provisional, found.until) == (True, date(2020, 8, 19))
    assert month(made, at=during, provisional=True).pk != found.pk
    assert Run.objects.count() == 1


def test_the_first_day_has_nothing_to_look_at(made):
    with pytest.raises(Invalid, match="刚开始"):
        month(made, at=moment(AUGUST), provisional=True)


def test_computing_again_gives_what_was_found_unless_it_is_wanted_anew(made):
    lived(made)
    first = month(made)
    assert month(made) == first
    closed(made, "社区16网格", 300)
    again = month(made, again=True)
    assert (again.serial, scores(again)["社区16"].total > scores(first)["社区16"].total) == (2, True)


def test_movement_is_from_the_period_before(made):
    for name in GOOD:
        closed(made, f"{name}网格", 20, day=date(2020, 7, 6))
    closed(made, "社区11网格", 0, 20, day=date(2020, 7, 7))
    lived(made)
    month(made, day=date(2020, 7, 1))
    found = scores(month(made))
    assert found["社区11"].moved == 4
    assert found["社区12"].moved == 0
    assert found["社区16"].moved is None


def test_an_old_period_is_computed_by_its_old_version(made):
    lived(made)
    first = month(made)
    scheme = Scheme.objects.get(key="community-monthly")
    definition = scheme.definition | {"items": [scheme.definition["items"][0] | {"weight": "100"}]}
    columns = {
        name: getattr(scheme, name)
        for name in ("title_zh", "title_en", "population", "period", "since", "source", "pack")
    }
    put_scheme(key=scheme.key, columns=columns | {"definition": definition}, at=AFTER)
    assert SchemeVersion.objects.filter(scheme=scheme).count() == 2
    assert month(made, again=True).version == first.version
    assert version_for(scheme, made.place, date(2020, 9, 1)).number == 2


def test_posts_are_assessed_by_the_cases_of_their_grids(made):
    lived(made)
    found = scores(month(made, "grid-monthly"))
    assert set(found) == {*(f"社区{n}网格员" for n in range(11, 17)), "grid岗"}
    assert found["社区16网格员"].last
    assert found["社区11网格员"].breakdown[0]["n"] == 40


def test_only_who_may_computes(made):
    with pytest.raises(Refused):
        run(actor=made.actor("grid"), at=AFTER, office=made.place, scheme=Scheme.objects.first(), day=AUGUST)
    with pytest.raises(Refused):
        run(actor=made.actor("secretary"), at=AFTER, office=made.county, scheme=Scheme.objects.first(), day=AUGUST)


def test_the_journal_keeps_that_it_was_computed(made):
    lived(made)
    found = month(made)
    entry = JournalEntry.objects.get(verb="assessment.run")
    assert (entry.subject_id, entry.changes["since"]) == (found.pk, [None, "2020-08-01"])


@pytest.mark.parametrize(
    ("role", "places", "posts"),
    [
        ("secretary", 8, 7), ("leader", 8, 7), ("section", 8, 0), ("community", 8, 0), ("grid", 8, 1), ("G11", 8, 1),
        ("team", 0, 0), ("system_admin", 0, 0),
    ],
)  # fmt: skip
def test_a_persons_score_is_seen_by_the_person_and_superiors_only(made, role, places, posts):
    lived(made)
    runs = [month(made), month(made, "grid-monthly")]
    for each in runs:
        publish(each)
    seen = [Score.objects.visible_to(made.actor(role)).filter(run=each) for each in runs]
    assert [rows.count() for rows in seen] == [places, posts]
    if role == "G11":
        assert seen[1].get().post == made.posts["G11"]


def test_what_is_not_published_is_seen_by_who_computes_it(made):
    lived(made)
    found, own = month(made), month(made, "grid-monthly")
    assert Run.objects.visible_to(made.actor("section")).count() == 2
    assert not Run.objects.visible_to(made.actor("grid")).exists()
    assert not Score.objects.visible_to(made.actor("grid")).filter(run__in=[found, own]).exists()
