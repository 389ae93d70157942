"""A quarter by its rhythms, replayed over the National Day: each done once, at its time, and nothing twice."""

import itertools
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from tests.factories.office import Office, moment, office, project
from tests.web.visiting import show, signed_in
from zijing.activities.rounds import ROUND, done
from zijing.assessment.actions import confirm_mark, mark
from zijing.assessment.models import Consequence, Run, Scheme
from zijing.cases.models import Case
from zijing.core.errors import Refused
from zijing.core.worktime import ZONE, is_working
from zijing.documents.actions import check, submit
from zijing.documents.models import Document, Template
from zijing.figures.models import Publication
from zijing.journal.models import JournalEntry
from zijing.outbox.messages import catch_up
from zijing.outbox.models import Message, Rhythm
from zijing.outbox.rhythm import next_after, tick
from zijing.packs.intake import record
from zijing.records.kinds import kind_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SINCE, UNTIL = date(2020, 10, 1), date(2021, 1, 6)
DAYS = [SINCE + DAY * n for n in range((UNTIL - SINCE).days)]
MONDAYS = [d for d in DAYS if d.isoweekday() == 1]


@pytest.fixture
def made() -> Office:
    made = office(packs=("documents", "targets", "assessment", "community-rounds"))
    begin(made, SINCE)
    return made


def begin(made: Office, day: date) -> None:
    """Let the rhythms of the office begin with a day."""
    for row in Rhythm.objects.filter(office=made.place):
        row.next_at = next_after(row, moment(day, 0))
        row.save()


def enter(made: Office, kind: str, day: date, **values: Any) -> Any:
    said = {"date": day.isoformat(), **values}
    return record(actor=made.system, at=moment(day, 10), kind=kind_of(kind), values=said, client_id=uuid4())


def problem(made: Office, day: date) -> Any:
    return enter(
        made, "round-check", day, place="示例社区01", result="problem", what="路口有积存垃圾", duty="U-community"
    )  # fmt: skip


def live(made: Office, days: list[date]) -> dict[str, list[datetime]]:
    """Let the days pass, an hour's step at a time where something is due; when each rhythm was performed."""
    when = defaultdict[str, list[datetime]](list)
    for day in days:
        before = dict(Rhythm.objects.filter(office=made.place).values_list("key", "last_at"))
        tick(made.place, moment(day, 23))
        for key, last in Rhythm.objects.filter(office=made.place).values_list("key", "last_at"):
            if last != before[key]:
                when[key].append(last.astimezone(ZONE))
        assert tick(made.place, moment(day, 23)) == 0, "nothing is done twice"
    return when


def at(days: list[date], hour: int, minute: int = 0) -> list[datetime]:
    return [moment(d, hour, minute) for d in days]


def test_a_quarter_is_kept_over_the_holidays(made: Office) -> None:
    first, later = DAYS[:9], DAYS[9:]
    assert live(made, first)["weekly-bulletin"] == [moment(date(2020, 10, 9), 8, 30)], (
        "put off to the first working day"
    )
    [one] = Document.objects.all()
    assert (one.since, one.until, one.stage) == (date(2020, 9, 28), date(2020, 10, 4), "draft")
    problem(made, date(2020, 10, 12))
    assert Case.objects.get().kind.key == "round-problem"

    when = live(made, later)
    working = [d for d in later if is_working(d)]
    assert date(2020, 10, 10) in working, "a working Saturday"
    assert when["daily-round"] == at(working, 17, 30) and when["daily-report"] == at(working, 18)
    assert when["weekly-ranking"] == at([d for d in later if d.isoweekday() == 7], 20)
    assert when["indicator-review"] == at(MONDAYS[1:], 8, 30)
    last = [date(2020, 10, 30), date(2020, 11, 30), date(2020, 12, 31)]
    assert when["indicator-standing"] == at(last, 17, 30), "the last working day"
    assert when["weekly-bulletin"] == at(MONDAYS[1:], 8, 30)
    assert when["monthly-inspection"] == at([date(2020, m, 25) for m in (10, 11, 12)], 9)
    assert when["environment-month"] == at([date(2020, 11, 5), date(2020, 12, 7), date(2021, 1, 5)], 8), (
        "5 December: Saturday"
    )
    assert when["quarterly-observation"] == at([date(2020, 12, 21)], 17, 30), "20 December is a Sunday"

    weeks = list(Document.objects.order_by("since").values_list("since", flat=True))
    assert weeks == [d - 7 * DAY for d in MONDAYS], "one bulletin for each week that is over"
    assert not Document.objects.exclude(stage="draft", number=None, drafted_by=None).exists()
    months = Run.objects.filter(version__scheme__key="environment-monthly").order_by("since")
    assert [r.since for r in months if r.since >= SINCE] == [date(2020, m, 1) for m in (10, 11, 12)]
    assert not Publication.objects.filter(key__startswith="assessment").exists(), "computed, published by a person"
    noted = JournalEntry.objects.filter(verb=ROUND, office=made.place.pk).order_by("seq")
    told = [e.changes for e in noted if e.changes["day"][1] == "2020-10-12"]
    assert told == [
        {"kind": [None, "round-check"], "day": [None, "2020-10-12"], "done": [None, 1], "missing": [None, 1]}
    ]


def test_what_the_clock_drafted_a_person_hands_in_and_another_checks(made: Office) -> None:
    problem(made, date(2020, 10, 12))
    begin(made, date(2020, 10, 19))
    catch_up(made.place.pk)
    live(made, [date(2020, 10, 19)])
    drafted = Document.objects.get()
    show(made, moment(date(2020, 10, 19), 9))
    catch_up(made.place.pk)
    told = Message.objects.filter(verb="documents.draft").values_list("post__code", flat=True)
    assert set(told) >= {"P-section"} and "P-grid" not in told
    clerk, now = made.actor("section"), moment(date(2020, 10, 19), 10)
    submit(actor=clerk, at=now, document=drafted, seen=drafted.revision)
    assert drafted.drafted_by_id == clerk.post_id and "1件" in str(drafted.content)
    with pytest.raises(Refused):
        check(actor=clerk, at=now, document=drafted)
    check(actor=made.actor("leader"), at=now, document=drafted)


def test_a_form_that_cannot_be_written_stops_no_clock(made: Office) -> None:
    Template.objects.filter(key="environment-bulletin").update(text_zh="{{没有这个数}}。")
    begin(made, date(2020, 10, 12))
    live(made, [date(2020, 10, 12)])
    assert not Document.objects.exists()
    assert JournalEntry.objects.filter(verb="documents.draft_refused").count() == 1


def test_projects_observed_are_marked_by_reviewers_and_ranked(made: Office) -> None:
    marks = {"GC1": "96", "GC2": "60", "GC3": "58", "GC4": "61", "GC5": "59", "GC6": "60"}
    scheme, toured = Scheme.objects.get(key="quarterly-observation"), date(2020, 12, 18)
    for code, given in marks.items():
        seen = project(made, code)
        enter(made, "site-observation", toured, project=code, summary="主体封顶，现场整洁")
        for item, role in itertools.product(("scene", "progress", "example"), ("section", "leader")):
            one = mark(
                actor=made.actor(role), at=moment(toured, 15), office=made.place, item=item, scheme=scheme, day=toured,
                member=f"entry-{seen.entry_id}", mark=Decimal(given), evidence="现场所见：围挡整齐",
            )  # fmt: skip
            confirm_mark(actor=made.actor("secretary"), at=moment(toured, 16), mark=one)
    actor, key = made.actor("secretary"), ("site-observation", "quarter")
    assert done(actor, made.place, [key], toured)[key].count == 6
    begin(made, date(2021, 1, 5))
    assert live(made, [date(2021, 1, 5)])["environment-month"]
    found = Run.objects.get(version__scheme=scheme, since=date(2020, 10, 1))
    best = found.scores.get(rank=1)
    assert (best.entry.business_key, best.total) == ("GC1", Decimal(96))
    assert list(found.scores.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 3, 5, 6]
    assert not Consequence.objects.filter(score__run=found, score__above=False).exists(), "no praise on six alone"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_lists_them_in_both_languages(made: Office, language: str) -> None:
    enter(made, "round-check", date(2020, 10, 12), place="示例社区01", result="clean", what="主干道整洁")
    with translation.override(language):
        page = signed_in(made, "section", date(2020, 10, 12), language=language).get("/rhythms/").content.decode()
    for zh, en in (("周一起草上周环境督查通报", "Last week's bulletin"), ("逢休息日顺延", "on the next working day")):
        assert (zh in page) == (language != "en") and (en in page.replace("&#x27;", "'")) == (language == "en")
    assert "示例村02" in page, "where nobody has been yet"


@pytest.mark.parametrize("keys", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(made: Office, keys: int, django_assert_num_queries: Any) -> None:
    kept = ["daily-round", "quarterly-observation", "daily-report"][:keys]
    Rhythm.objects.exclude(key__in=kept).delete()
    reader = signed_in(made, "section", date(2020, 10, 12))
    reader.get("/rhythms/")
    with django_assert_num_queries(7):
        reader.get("/rhythms/")


def test_a_county_sees_the_rhythms_of_its_offices(made: Office) -> None:
    rows = signed_in(made, "county").get("/rhythms/").context["rows"]
    assert {r.rhythm.office_id for r in rows} == {made.place.pk} and all(r.done is None for r in rows)
