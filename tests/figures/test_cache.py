"""The cache equals a recount whatever happens, in whatever order things are read; and readers never outrun writers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from zijing.activities.actions import correct_activity, record_activity, withdraw
from zijing.activities.models import Activity
from zijing.cases.actions import accept, close, dispatch, file_case, reopen, submit, void
from zijing.cases.models import Case
from zijing.core.worktime import day_of
from zijing.figures import cells
from zijing.figures.actions import put_figure, touch
from zijing.figures.courses import rollup, series
from zijing.figures.known import find
from zijing.figures.models import Figure, FigureDay
from zijing.figures.queries import value
from zijing.journal.acting import act
from zijing.people.models import Unit
from zijing.records.models import Kind
from zijing.registers.actions import correct_entry, put_entries, retire_entry
from zijing.registers.models import Entry

AT = moment(date(2020, 9, 30), 20)
SINCE, UNTIL = date(2020, 8, 20), date(2020, 9, 28)
FIRST = date(2020, 8, 17)
PLACES = ("", "示例社区01", "示例村02", "第一网格", "村一网格")


@pytest.fixture
def made(db):
    found = office()
    project(found)
    columns = {
        "title_zh": "新增企业", "title_en": "Enterprises entered", "sentence_zh": "期内登记的企业数。",
        "sentence_en": "Enterprises entered in the period.", "kind_id": Kind.objects.get(key="enterprise").pk, "measure": "count",
        "time": "recorded_at", "measures": "outcome", "since": date(2020, 1, 1), "pack": "test",
    }  # fmt: skip
    put_figure(key="test.entered", columns=columns, at=AT)
    return found


class World:
    """What happens in an office, and a count of it that knows nothing of figures."""

    def __init__(self, made: Office) -> None:
        self.made = made
        self.system = made.system
        self.unit = Unit.objects.get(office=made.place, code="U-team")
        self.blocker = Kind.objects.get(key="issue")
        self.investment = Kind.objects.get(key="investment")
        self.enterprise = Kind.objects.get(key="enterprise")
        self.target = project(made)

    def place(self, which):
        return self.made.places[PLACES[1 + which % 4]]

    def file(self, which, day):
        when = FIRST + timedelta(days=day)
        values = {"happened": when} if "happened" in self.blocker.by_key else {}
        file_case(actor=self.system, at=moment(when), kind=self.blocker, values=values, place=self.place(which))

    def of(self, model, which, **conditions):
        rows = list(model.objects.filter(**conditions).order_by("pk"))
        return rows[which % len(rows)] if rows else None

    def step(self, which, day):
        """Move a case one step on, or close it, or bring it back."""
        case = self.of(Case, which)
        at = moment(FIRST + timedelta(days=day), 15)
        if case is None:
            return
        case.stage in {"filed", "reopened"} and dispatch(actor=self.system, at=at, case=case, unit=self.unit)
        case.stage == "dispatched" and accept(actor=self.system, at=at, case=case)
        case.stage == "handling" and submit(actor=self.system, at=at, case=case, reason="好了")
        case.stage == "checking" and close(actor=self.system, at=at, case=case)

    def reopen(self, which, day):
        if case := self.of(Case, which, stage="closed"):
            reopen(actor=self.system, at=moment(FIRST + timedelta(days=day), 16), case=case, reason="又犯")

    def void(self, which, day):
        if case := self.of(Case, which, closed_at=None):
            void(actor=self.system, at=moment(FIRST + timedelta(days=day), 16), case=case, reason="错")

    def invest(self, which, day):
        values = {"project": self.target.pk, "date": FIRST + timedelta(days=day), "amount": 100 * (which + 1)}
        record_activity(actor=self.system, at=AT, kind=self.investment, values=values, subject=self.target.entry)

    def move_day(self, which, day):
        if row := self.of(Activity, which, kind=self.investment, stage="open"):
            correct_activity(actor=self.system, at=AT, activity=row, values={"date": FIRST + timedelta(days=day)})

    def withdraw(self, which, day):
        if row := self.of(Activity, which, kind=self.investment, stage="open"):
            withdraw(actor=self.system, at=AT, activity=row, reason="错")

    def enter(self, which, day):
        rows = [
            {
                "name": f"企业{which}",
                "code": f"E{which}",
                "place": self.place(which).pk,
                "status": "cultivating",
                "sector": "industry",
            }
        ]
        rows = [{k: v for k, v in row.items() if k in self.enterprise.by_key} for row in rows]
        put_entries(
            actor=self.system,
            at=moment(FIRST + timedelta(days=day)),
            kind=self.enterprise,
            rows=rows,
            place=self.place(which),
        )

    def move_place(self, which, day):
        if entry := self.of(Entry, which, kind=self.enterprise, stage="open"):
            correct_entry(actor=self.system, at=AT, entry=entry, values={"place": self.place(day).pk})

    def retire(self, which, day):
        if entry := self.of(Entry, which, kind=self.enterprise, stage="open"):
            retire_entry(actor=self.system, at=AT, entry=entry, reason="注销")

    def counted(self, key, path, since, until):
        if key == "investment.done":
            rows = [r for r in Activity.objects.filter(kind=self.investment) if r.stage == "open"]
            kept = [r for r in rows if since <= r.happened_on <= until and r.path.startswith(path)]
            return len(kept), sum((Decimal(r.amount_fen) for r in kept), Decimal(0))
        if key == "test.entered":
            rows = [
                (r, day_of(r.recorded_at)) for r in Entry.objects.filter(kind=self.enterprise) if r.stage != "retired"
            ]
        else:
            column = {"cases.filed": "happened_on", "cases.closed": "closed_at", "cases.due": "due_at"}[key]
            live = [c for c in Case.objects.all() if c.stage != "voided" and getattr(c, column)]
            live = [c for c in live if key != "cases.closed" or c.stage == "closed"]
            rows = [(c, getattr(c, column) if column == "happened_on" else day_of(getattr(c, column))) for c in live]
        n = len([r for r, day in rows if since <= day <= until and r.path.startswith(path)])
        return n, Decimal(n)


KEYS = ("cases.filed", "cases.closed", "cases.due", "investment.done", "test.entered")
STEPS = ("day", "week", "month", "quarter", "year")


class Reader:
    """A secretary who compares whatever is shown with what happened."""

    def __init__(self, world: World) -> None:
        self.world, self.made, self.actor = world, world.made, world.made.actor("secretary")

    def read(self, which, day):
        key, place = KEYS[which % len(KEYS)], self.made.places.get(PLACES[day % len(PLACES)])
        since = SINCE + timedelta(days=which)
        found = value(find(key), self.actor, at=AT, place=place, since=since, until=UNTIL)
        path = place.path if place else self.made.place.path
        assert (found.n, found.amount) == self.world.counted(key, path, since, UNTIL), (key, place)

    def places(self, which, day):
        key = KEYS[which % len(KEYS)]
        below = rollup(find(key), self.actor, at=AT, since=SINCE, until=UNTIL)
        for line in below.lines:
            assert (line.value.n, line.value.amount) == self.world.counted(key, line.place.path, SINCE, UNTIL), (
                key,
                line.place,
            )
        assert sum(line.value.amount for line in below.lines) + below.outside.amount == below.whole.amount

    def course(self, which, day):
        key = KEYS[which % len(KEYS)]
        for one in series(find(key), self.actor, at=AT, since=SINCE, until=UNTIL, step=STEPS[day % len(STEPS)]):
            assert (one.value.n, one.value.amount) == self.world.counted(
                key, self.made.place.path, one.since, one.until
            )


WRITES = ("file", "step", "reopen", "void", "invest", "move_day", "withdraw", "enter", "move_place", "retire")
READS = ("read", "places", "course")


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ops=st.lists(st.tuples(st.sampled_from(WRITES + READS), st.integers(0, 7), st.integers(0, 40)), max_size=30))
def test_cache_and_recount_stay_equal(ops, made):
    for model in (FigureDay, Activity, Case):
        model.objects.all().delete()
    Entry.objects.filter(kind__key="enterprise").delete()
    world = World(made)
    reader = Reader(world)
    for op, which, day in ops:
        getattr(reader if op in READS else world, op)(which, day)
    for which in range(len(KEYS)):
        reader.places(which, 0)
        reader.course(which, 1)
        for day in range(len(PLACES)):
            reader.read(which, day)


def test_what_a_writer_marks_while_a_reader_counts_stays_dirty(made):
    """The reader has placed its empty cell and counted; the writer marks; the reader's number is of yesterday's news."""
    figure, path = find("investment.done"), made.place.path
    marks = cells._place_empty(figure, [path], MONDAY, MONDAY)
    world = World(made)
    world.invest(0, (MONDAY - FIRST).days)
    cells._write(figure, marks, {(path, MONDAY): (0, 0)})
    assert FigureDay.objects.get(figure=figure, path=path, day=MONDAY).n is None
    assert value(figure, made.actor("secretary"), at=AT, since=MONDAY, until=MONDAY).n == 1


def test_a_number_counted_by_an_old_definition_is_not_kept(made):
    figure, path = find("investment.done"), made.place.path
    marks = cells._place_empty(figure, [path], MONDAY, MONDAY)
    Figure.objects.filter(pk=figure.pk).update(version=figure.version + 1)
    cells._write(figure, marks, {(path, MONDAY): (7, 7)})
    assert FigureDay.objects.get(figure=figure, path=path, day=MONDAY).n is None


def test_marking_many_records_marks_no_other_kind(made):
    world, reader = World(made), made.actor("secretary")
    for key in KEYS:
        value(find(key), reader, at=AT, since=SINCE, until=UNTIL)
    case = blocker(made, world.target)
    dirty = set(FigureDay.objects.filter(n=None).values_list("figure__key", flat=True))
    assert "investment.done" not in dirty and "cases.filed" in dirty
    with act(made.system, AT) as a:
        touch(a, case)
