"""What is published stays as it was, and says which records changed since; numbers of restricted kinds tell nothing."""

import json
import uuid
import zlib
from datetime import date, timedelta

import pytest

from tests.factories.office import MONDAY, blocker, moment, office, project
from zijing.activities.actions import correct_activity, record_activity, withdraw
from zijing.core.errors import Invalid, Missing, Refused
from zijing.figures.actions import put_figure
from zijing.figures.counting import Scope
from zijing.figures.courses import rollup, series
from zijing.figures.known import find
from zijing.figures.models import Publication
from zijing.figures.periods import Period, parse_period, periods, year_earlier
from zijing.figures.publishing import lines_of, publication, publications, publish_figures
from zijing.figures.queries import rows_of, value, with_hidden
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry
from zijing.records.models import Kind

AT = moment(date(2020, 9, 30), 20)
SEPTEMBER = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}

pytestmark = pytest.mark.django_db


def invest(made, target, day, yuan):
    kind = Kind.objects.get(key="investment")
    values = {"project": target.pk, "date": day, "amount": yuan * 100}
    return record_activity(actor=made.system, at=AT, kind=kind, values=values, subject=target.entry)


def published(made, *keys, role="secretary", place=None, **more):
    asked = {"title": "九月通报", "client_id": uuid.uuid4(), **SEPTEMBER, **more}
    figures = [find(k) for k in keys]
    return publish_figures(actor=made.actor(role), at=AT, figures=figures, place=place or made.place, **asked)


def test_a_publication_stays_and_says_what_changed_since():
    made = office()
    target = project(made)
    kept, gone, corrected = (invest(made, target, MONDAY, y) for y in (100, 20, 3))
    frozen = published(made, "investment.done")
    withdraw(actor=made.system, at=AT, activity=gone, reason="错")
    correct_activity(actor=made.system, at=AT, activity=corrected, values={"amount": 50_000})
    added = invest(made, target, MONDAY, 7)
    [line] = lines_of(publication(made.actor("secretary"), frozen.pk), made.actor("secretary"), at=AT)
    assert (line.shown, line.n, line.now.shown, line.differs) == ("123元", 3, "607元", True)
    assert (line.changed.added, line.changed.removed, line.changed.changed) == ([added], [gone], [corrected])
    assert (line.changed.n, line.changed.hidden) == (3, 0)
    assert kept.pk in {pk for pk, _revision in json.loads(zlib.decompress(bytes(frozen.evidence)))["investment.done"]}
    assert JournalEntry.objects.filter(verb="figures.publish").count() == 1 and verify(made.place.pk).sound


def test_who_sees_less_is_told_how_many_changes_are_hidden_and_no_recount():
    made = office()
    frozen = published(made, "investment.done")
    invest(made, project(made, "X02", team="team2"), MONDAY, 7)
    reader = made.actor("team")
    [line] = lines_of(publication(reader, frozen.pk), reader, at=AT)
    assert (line.now, line.changed.added, line.changed.n, line.changed.hidden) == (None, [], 1, 1)


def test_a_share_is_published_with_its_two_inputs_and_all_their_evidence():
    made = office()
    blocker(made, project(made))
    frozen = published(made, "cases.on_time_rate", "forms.count", "projects.red")
    lines = lines_of(frozen, made.actor("director"), at=AT)
    assert [i.key for i in lines[0].inputs] == ["cases.due_on_time", "cases.due"]
    assert not any(x.differs for x in lines) and not any(x.changed.n for x in lines[1:])
    assert set(json.loads(zlib.decompress(bytes(frozen.evidence)))) == {
        "cases.due_on_time",
        "cases.due",
        "forms.count",
        "projects.red",
    }


def test_the_old_sentence_stays_with_the_old_number():
    made = office()
    frozen = published(made, "investment.done")
    figure = find("investment.done")
    put_figure(key="investment.done", columns={"sentence_zh": "别的口径。"}, at=AT)
    [line] = lines_of(frozen, made.actor("secretary"), at=AT)
    assert line.sentence == figure.sentence_zh != find("investment.done").sentence_zh


def test_sending_the_form_twice_publishes_once():
    made, again = office(), uuid.uuid4()
    assert published(made, "cases.open", client_id=again) == published(made, "cases.open", client_id=again)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"title": " "}, Invalid),
        ({"until": date(2020, 10, 1)}, Invalid),
        ({"role": "section"}, Refused),
        ({"role": "county"}, Refused),
    ],
)
def test_what_cannot_be_published(more, error):
    made = office()
    with pytest.raises(error):
        published(made, "cases.open", **more)


def test_nobody_publishes_about_places_they_do_not_see_whole():
    made = office()
    with pytest.raises(Refused):
        published(made, "cases.open", place=made.county)
    with pytest.raises(Invalid):
        published(made)


def test_publications_are_the_offices_own():
    made = office()
    frozen = published(made, "cases.open")
    elsewhere = office("410181006000", "新华路街道")
    assert list(publications(made.actor("grid"))) == [frozen]
    assert not publications(elsewhere.actor("secretary")).exists()
    with pytest.raises(Missing):
        publication(elsewhere.actor("secretary"), frozen.pk)


def restricted(made, n, day=MONDAY):
    Kind.objects.filter(key="blocker").update(restricted=True)
    return [blocker(made, made.target, day) for _n in range(n)]


@pytest.fixture
def quiet():
    made = office()
    made.target = project(made)
    return made


def counted(made, role="secretary", place=None, **days):
    return value(find("blockers.filed"), made.actor(role), at=AT, place=place, **{**SEPTEMBER, **days})


def test_restricted_numbers_under_five_are_not_told(quiet):
    restricted(quiet, 4)
    found = counted(quiet)
    assert (found.amount, found.n, found.shown) == (None, 0, "少于 5")
    restricted(quiet, 1)
    assert (counted(quiet).amount, counted(quiet).n) == (5, 5)


def test_restricted_numbers_are_told_for_the_office_only(quiet):
    restricted(quiet, 9)
    assert counted(quiet, place=quiet.place).amount == 9
    assert counted(quiet, place=quiet.places["示例社区01"]).amount is None
    assert counted(quiet, role="community").amount is None
    assert rollup(find("blockers.filed"), quiet.actor("secretary"), at=AT, **SEPTEMBER) is None


def test_two_restricted_periods_a_day_apart_cannot_be_subtracted(quiet):
    restricted(quiet, 9)
    assert counted(quiet, until=date(2020, 9, 29)).amount is None
    assert counted(quiet, since=date(2020, 9, 2)).amount is None
    weeks = series(find("blockers.filed"), quiet.actor("secretary"), at=AT, step="week", **SEPTEMBER)
    assert {s.value.amount for s in weeks} == {None}


def test_a_single_hidden_step_takes_the_smallest_other_one_along(quiet):
    restricted(quiet, 6, date(2020, 7, 6))
    restricted(quiet, 9, date(2020, 8, 3))
    restricted(quiet, 2)
    months = series(find("blockers.filed"), quiet.actor("secretary"), at=AT, since=date(2020, 7, 1), until=AT.date())
    assert [s.value.amount for s in months] == [None, 9, None]


def test_restricted_evidence_is_what_the_reader_was_given(quiet):
    restricted(quiet, 6)
    figure, scope = find("blockers.filed"), Scope(quiet.actor("secretary"), AT, **SEPTEMBER)
    assert not rows_of(figure, scope).exists()
    assert value(find("cases.filed"), quiet.actor("secretary"), at=AT, **SEPTEMBER).n == 0


def test_a_place_beyond_sight_says_how_many_records_are_hidden(quiet):
    for _n in range(3):
        blocker(quiet, quiet.target)
    reader = quiet.actor("grid")
    scope = Scope(reader, AT, quiet.places["示例社区01"], **SEPTEMBER)
    found = with_hidden(value(find("blockers.filed"), reader, at=AT, place=scope.place, **SEPTEMBER), scope)
    assert (found.n, found.hidden) == (0, 3)


def test_periods_as_people_name_them():
    today = date(2020, 9, 30)
    spans = {
        name: (p.since, p.until)
        for name in ("week", "quarter", "2019", "2020-Q1", "2020-02", "2020-W37")
        for p in [parse_period(name, today)]
    }
    assert spans == {
        "week": (date(2020, 9, 28), today), "quarter": (date(2020, 7, 1), today), "2019": (date(2019, 1, 1), date(2019, 12, 31)),
        "2020-Q1": (date(2020, 1, 1), date(2020, 3, 31)), "2020-02": (date(2020, 2, 1), date(2020, 2, 29)),
        "2020-W37": (MONDAY, MONDAY + timedelta(days=6)),
    }  # fmt: skip
    assert year_earlier(date(2020, 2, 29)) == date(2019, 2, 28)
    for wrong in ("2019-W53", "2020-13", "soon", "2020-09-01..", "2020-09-02..2020-09-01"):
        with pytest.raises(Invalid):
            parse_period(wrong, today)


@pytest.mark.parametrize("step", ["day", "week", "month", "quarter", "year"])
def test_steps_cover_every_day_once(step):
    span = Period("", date(2019, 11, 5), date(2020, 10, 20))
    found = list(periods(span.since, span.until, step))
    assert (
        sum((b - a).days + 1 for a, b in found) == span.days
        and found[0][0] == span.since
        and found[-1][1] == span.until
    )


def test_a_course_stands_beside_last_years_and_costs_the_same_for_a_week_and_a_year(django_assert_num_queries):
    made = office()
    target = project(made)
    invest(made, target, date(2019, 9, 9), 5)
    invest(made, target, MONDAY, 7)
    reader, figure = made.actor("secretary"), find("investment.done")
    span = {"since": date(2020, 1, 1), "until": AT.date()}
    steps = series(figure, reader, at=AT, step="quarter", compare=True, **span)
    assert [(s.value.amount, s.before.amount) for s in steps] == [(0, 0), (0, 0), (700, 500)]
    assert reader.foreign is False
    with django_assert_num_queries(2):  # the cells of all steps, and the day that is not over
        series(figure, reader, at=AT, step="week", **span)
    with django_assert_num_queries(2):
        series(figure, reader, at=AT, step="day", since=date(2020, 9, 25), until=AT.date())
