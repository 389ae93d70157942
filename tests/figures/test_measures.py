"""Every measure by a golden value, exactly; and the evidence, which is the rows counted and no other."""

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.factories.office import MONDAY, blocker, moment, office, project, say
from zijing.activities.models import Activity
from zijing.cases.actions import accept, close, dispatch, reopen, rework, submit
from zijing.core.errors import Invalid, Missing
from zijing.figures import counting
from zijing.figures.actions import put_figure
from zijing.figures.classes import by_class, of_class
from zijing.figures.counting import Scope, records_of
from zijing.figures.known import every, find
from zijing.figures.models import Figure, FigureVersion
from zijing.figures.queries import noun_of, rows_of, value, values
from zijing.figures.registry import KIND
from zijing.people.models import Unit
from zijing.records.filters import parse
from zijing.records.models import Kind
from zijing.records.writing import build

AT = moment(date(2020, 9, 30), 20)
SPAN = {"since": date(2020, 9, 1), "until": date(2020, 9, 30)}
ACTORS = ("secretary", "leader", "project_office", "team", "team2", "community", "community2", "grid", "county")
NUMBERS = ("0.1", "0.2", "-0.5", "123456789.1234", "7", "0.0001", None)

pytestmark = pytest.mark.django_db


def probe(made):
    """A kind with numbers of every type in its own fields, and one record for each of NUMBERS."""
    fields = [
        {"key": key, "type": type_, "title": {"zh": key, "en": key}}
        for key, type_ in (
            ("dose", "decimal"),
            ("fee", "money"),
            ("heads", "integer"),
            ("part", "percent"),
            ("word", "text"),
        )
    ]
    kind = Kind.objects.create(
        noun="activity",
        key="probe",
        title_zh="采样",
        title_en="Probe",
        pack="test",
        edition="1",
        definition={"fields": fields},
    )
    for n, text in enumerate(NUMBERS):
        dose = None if text is None else Decimal(text)
        values = {"dose": dose, "fee": 10 + n, "heads": n, "part": Decimal("12.5"), "word": "x"}
        record = build(Activity, kind=kind, actor=made.system, at=AT, values=values, place=made.place, quantity=dose)
        record.happened_on = MONDAY + timedelta(days=n)
        record.save()
    return kind


def define(key, kind, **columns):
    defaults = {
        "title_zh": key, "title_en": key, "sentence_zh": "。", "sentence_en": ".", "measure": "sum", "time": "happened_on",
        "measures": "outcome", "since": date(2020, 1, 1), "pack": "test", "kind_id": kind.pk, "decimals": 4,
    }  # fmt: skip
    put_figure(key=key, columns=defaults | columns, at=AT)
    return find(key)


GOLDEN = [
    ("sum", "f.dose", "123456795.9235"), ("sum", "quantity", "123456795.9235"), ("sum", "f.fee", "91"), ("sum", "f.heads", "21"),
    ("sum", "f.part", "87.5"), ("count", "", "7"), ("median", "f.dose", "0.15"), ("median", "f.heads", "3"),
    ("p90", "f.heads", "6"), ("p90", "f.dose", "123456789.1234"), ("latest", "f.heads", "6"), ("latest", "f.fee", "16"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "of", "amount"), GOLDEN)
@pytest.mark.parametrize("role", ["secretary", "county"])
def test_numbers_of_fields_are_exact(measure, of, amount, role):
    made = office()
    figure = define("t.x", probe(made), measure=measure, of=of)
    for _again in range(2):
        assert value(figure, made.actor(role), at=AT, **SPAN).amount == Decimal(amount)


def test_a_median_says_how_many_records_carry_the_value():
    made = office()
    found = value(define("t.x", probe(made), measure="median", of="f.dose"), made.actor("secretary"), at=AT, **SPAN)
    assert found.n == 7 and "6" in found.note


def test_the_latest_value_opens_the_one_record_it_is_of():
    made = office()
    figure = define("t.x", probe(made), measure="latest", of="f.heads")
    found = value(figure, made.actor("secretary"), at=AT, **SPAN)
    last = Activity.objects.get(fields__heads=6)
    assert found.n == 1 and f"id={last.pk}" in found.evidence
    assert list(rows_of(figure, Scope(made.actor("secretary"), AT, **SPAN))) == [last]


@pytest.mark.parametrize("of", ["f.word", "f.nothing", "title"])
def test_what_is_no_number_cannot_be_summed(of):
    made = office()
    with pytest.raises(Invalid):
        counting.measured(define("t.x", probe(made), of=of))


def lived(made):
    """Cases: three closed after 2, 10 and 50 hours, one of them reworked, one overdue, one closed late and reopened."""
    target, unit, system = project(made), Unit.objects.get(office=made.place, code="U-team"), made.system
    ends = [
        moment(MONDAY, 11),
        moment(MONDAY, 19),
        moment(MONDAY + timedelta(days=2), 11),
        moment(date(2020, 9, 28), 9),
        None,
    ]
    cases = []
    for n, end in enumerate(ends):
        case = blocker(made, target, what=f"第{n}件")
        cases.append(case)
        if end is None:
            continue
        dispatch(actor=system, at=moment(MONDAY, 9, 5), case=case, unit=unit)
        accept(actor=system, at=moment(MONDAY, 9, 6), case=case)
        submit(actor=system, at=moment(MONDAY, 9, 7), case=case, reason="办了")
        if n == 0:
            rework(actor=system, at=moment(MONDAY, 9, 8), case=case, reason="没办好")
            submit(actor=system, at=moment(MONDAY, 9, 9), case=case, reason="办好了")
        close(actor=system, at=end, case=case)
        if n == 3:
            reopen(actor=system, at=moment(date(2020, 9, 29), 9), case=case, reason="又犯")
    return cases


def test_the_figures_of_cases():
    made = office()
    lived(made)
    found = {v.figure.key: v for v in values(list(every("cases")), made.actor("secretary"), at=AT, **SPAN)}
    amounts = {k: v.amount for k, v in found.items()}
    assert (amounts["cases.open"], amounts["cases.overdue"], amounts["cases.filed"], amounts["cases.closed"]) == (
        2,
        1,
        5,
        3,
    )
    assert (amounts["cases.due"], amounts["cases.due_closed"], amounts["cases.due_on_time"]) == (4, 3, 3)
    assert amounts["cases.on_time_rate"] == amounts["cases.closing_rate"] == 75
    assert (amounts["cases.median_hours"], amounts["cases.p90_hours"]) == (10, 50)
    assert (amounts["cases.reworked"], amounts["cases.reopened"], amounts["cases.reopened_rate"]) == (1, 1, 20)
    assert round(amounts["cases.rework_rate"], 4) == Decimal("33.3333")
    assert [v.shown for v in found["cases.on_time_rate"].inputs] == ["3 件", "4 件"]
    scope = Scope(made.actor("secretary"), AT, **SPAN)
    kinds = by_class(find("cases.median_hours"), scope)
    assert [(c.kind.key, c.key, c.value.amount) for c in kinds if not c.key] == [("blocker", "", 10)]
    for each in kinds:
        opened, behind = of_class(find("cases.median_hours"), scope, each.kind.key, each.key)
        assert (opened, behind.count()) == (each, each.value.n)
    with pytest.raises(Missing):
        of_class(find("cases.median_hours"), scope, "blocker", "no-such-class")
    with pytest.raises(Missing):
        of_class(find("cases.open"), scope, "blocker", "")


def test_a_long_ranking_among_many_figures_is_left_to_its_own_page():
    made = office()
    lived(made)
    asked = {"at": AT, **SPAN}
    figures, actor = [find("cases.median_hours"), find("cases.closed")], made.actor("secretary")
    assert [v.amount for v in values(figures, actor, **asked, most_ranked=3)] == [10, 3]
    left, closed = values(figures, actor, **asked, most_ranked=2)
    assert (left.amount, closed.amount) == (None, 3)
    assert left.evidence == "/figures/cases.median_hours/?period=2020-09-01..2020-09-30"


def test_what_is_due_later_today_is_not_late_yet():
    made = office()
    case = blocker(made, project(made))
    day = case.due_at.date()
    before, after = (
        value(find("cases.due"), made.actor("secretary"), at=moment(day, h), since=day, until=day).n for h in (8, 23)
    )
    assert (before, after) == (0, 1)


def test_the_figures_of_projects_are_those_of_the_board():
    made = office()
    first, second = project(made, "X01"), project(made, "X02", place="示例村02", promised=date(2020, 8, 1))
    at = moment(MONDAY, 20)
    say(made, first, MONDAY, 100)
    say(made, first, MONDAY, 80, stage="主体")
    found = {v.figure.key: v for v in values(list(every("projects")), made.actor("secretary"), at=at)}
    assert (
        found["projects.red"].amount,
        found["projects.unreported"].amount,
        found["projects.promise_passed"].amount,
    ) == (1, 1, 1)
    assert found["projects.slip"].n == 1
    below = value(find("projects.red"), made.actor("secretary"), at=at, place=made.places["示例社区01"])
    assert below.amount == 0
    assert list(rows_of(find("projects.red"), Scope(made.actor("secretary"), at)).values_list("pk", flat=True)) == [
        second.pk
    ]


def test_forms_are_weighed_by_what_they_ask():
    made = office()
    actor = made.actor("secretary")
    asked = value(find("forms.facts_asked"), actor, at=AT)
    kinds = list(Kind.objects.all())
    assert asked.amount == Decimal(sum(len(k.fields) for k in kinds)) / len(kinds)
    assert value(find("forms.count"), actor, at=AT).amount == len(kinds)


def test_every_figure_counts_exactly_the_rows_of_its_evidence():
    """For every figure of every pack and every actor: as many rows, and of a list the very same ids."""
    made = office()
    lived(made)
    probe(made)
    say(made, project(made, "X02"), MONDAY, 10)
    for role in ACTORS:
        actor = made.actor(role)
        for place in (None, made.places["示例社区01"]):
            scope = Scope(actor, AT, place, SPAN["since"], SPAN["until"])
            for found in values(list(every()), actor, at=AT, place=place, **SPAN):
                figure = found.figure
                ids = sorted(rows_of(figure, scope).values_list("pk", flat=True))
                if figure.measure == Figure.Measure.SHARE:
                    assert found.amount is None or found.n == len(ids), (role, figure.key)
                    continue
                assert found.n == len(ids), (role, figure.key, place)
                if figure.kind and figure.measure != Figure.Measure.LATEST:
                    params = dict(parse_qsl(urlsplit(found.evidence).query))
                    listed = parse(params, figure.kind, at=AT, actor=actor).apply(records_of(noun_of(figure), actor))
                    assert sorted(listed.values_list("pk", flat=True)) == ids, (role, figure.key)


def test_a_changed_definition_is_a_new_version_and_the_old_one_is_kept():
    made = office()
    figure = define("t.x", probe(made), of="f.fee")
    assert value(figure, made.actor("secretary"), at=AT, **SPAN).amount == 91
    figure = define("t.x", Kind.objects.get(key="probe"), of="f.heads", sentence_zh="人数之和。")
    old = FigureVersion.objects.get(figure=figure)
    assert (figure.version, old.version, old.definition["of"], old.sentence) == (2, 1, "f.fee", "。")
    assert value(figure, made.actor("secretary"), at=AT, **SPAN).amount == 21
    define("t.x", Kind.objects.get(key="probe"), of="f.heads", sentence_zh="人数之和。")
    assert find("t.x").version == 2


def test_forms_count_the_same_for_everybody():
    made = office()
    assert {value(find("forms.count"), made.actor(r), at=AT).n for r in ACTORS} == {Kind.objects.count()}
    assert noun_of(find("forms.count")) == KIND
