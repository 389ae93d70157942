"""A season of cases through every verb of the loop, hour by hour; then the journal is counted by hand.

The full year of 100,000 cases is ``tools/bench/year.py``; this is the same replay, small.
"""

import sys
from datetime import date
from pathlib import Path

import pytest

from tests.factories.office import MONDAY, office
from zijing.cases.models import Case, Timer
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry

pytestmark = pytest.mark.django_db
BENCH = Path(__file__).resolve().parents[2] / "tools" / "bench"
# With the eight days of National Day and Mid-autumn, and the make-up days before and after them.
SINCE, UNTIL = date(2020, 9, 14), date(2020, 11, 15)
CASES = 180


@pytest.fixture
def lives(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    import lives

    yield lives
    sys.modules.pop("lives")


def test_the_figures_of_every_month_are_what_the_journal_comes_to(lives):
    made = office()
    lives.vary_limits()
    actors = {role: made.actor(role, MONDAY) for role in ("grid", "director", "section", "secretary", "team", "team2")}
    cast = lives.Cast(
        made.place, ["第一网格", "第二网格", "村一网格"], actors["grid"], actors["director"],
        [actors["team"], actors["team2"]], actors["section"], actors["secretary"],
    )  # fmt: skip
    year = lives.Year(cast, CASES, SINCE, UNTIL)
    year.live()
    for step in ("file", "dispatch", "object", "accept", "submit", "rework", "close", "appeal", "decide", "reopen"):
        assert year.did[step], f"the season had no {step}"
    assert lives.compare(year, actors["secretary"], [made.place, made.places["示例社区01"]]) > 70
    assert verify(made.place.pk).sound

    due = Case.objects.filter(office=made.place, due_at__lt=year.ends)
    late = {pk for pk, on_time in due.values_list("pk", "closed_on_time") if not on_time}
    told = JournalEntry.objects.filter(office=made.place.pk, verb="cases.overdue").values_list("subject_id", flat=True)
    voided = set(Case.objects.filter(stage="voided").values_list("pk", flat=True))
    assert late - set(told) <= voided, "whatever ran out was noted"
    assert not Timer.objects.filter(office=made.place, alarm_at__lte=year.ends).exists(), "nothing that is due is left"
