"""Columns, rows, sums and pages of any kind, from its one description."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from tests.factories.office import MONDAY, Office, blocker, office, project, say
from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.core.errors import Invalid
from zijing.records.models import Kind
from zijing.records.paging import page
from zijing.records.tables import columns, every_column, rows, totals
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made() -> Any:
    with translation.override("en"):
        yield office()


def kind(key: str) -> Kind:
    return Kind.objects.get(key=key)


@pytest.mark.parametrize(
    "key", ["enterprise", "project", "building", "daily-report", "indicator", "milestone", "blocker", "issue"]
)
def test_every_kind_has_a_table_without_doubled_columns(made: Office, key: str) -> None:
    found = columns(kind(key))
    attributes = [c.attribute for c in found if c.attribute]
    assert len(attributes) == len(set(attributes))
    assert {"stage", "place_id", "recorded_at"} <= set(attributes)
    assert not [c for c in found if c.type in {"file", "point"}]


def test_cases_also_show_unit_and_deadline(made: Office) -> None:
    keys = [c.key for c in columns(kind("blocker"))]
    assert keys[0] == "what" and {"unit", "due_at", "happened_on"} <= set(keys)
    assert "due_at" not in [c.key for c in columns(kind("daily-report"))]


def test_a_field_named_like_a_fixed_column_keeps_its_name(made: Office) -> None:
    said = say(made, project(made), MONDAY, 10).activity
    described = kind("daily-report")
    found = columns(described, ["stage", "record.stage"])
    assert [c.text for c in rows(described, [said], found)[0].cells] == ["X01-1", ""], "what stands needs no word"


def test_chosen_columns_come_in_that_order_and_unknown_ones_are_named(made: Office) -> None:
    assert [c.key for c in columns(kind("blocker"), ["due_at", "what"])] == ["due_at", "what"]
    with pytest.raises(Invalid, match="nonsense"):
        columns(kind("blocker"), ["nonsense"])


def test_cells_name_references_and_link_to_them(made: Office) -> None:
    case = blocker(made, project(made))
    described = kind("blocker")
    found = columns(described, ["what", "project", "class", "place", "stage"])
    row = rows(described, [case], found, lambda type_, pk: f"/{type_}/{pk}")[0]
    assert [c.text for c in row.cells] == ["停水", "示例项目X01", "utilities", "示例社区01", "filed"]
    assert [c.href for c in row.cells][:3] == [f"/case/{case.pk}", f"/project/{case.subject_id}", ""]
    assert row.href == f"/case/{case.pk}"


def test_numbers_stand_right(made: Office) -> None:
    right = {c.key for c in columns(kind("project")) if c.numeric}
    assert {"investment", "year_plan"} <= right and "name" not in right


@pytest.mark.parametrize("n", [1, 3])
def test_names_are_read_once_for_all_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        blocker(made, project(made, f"X{i}"))
    described, records = kind("blocker"), list(Case.objects.all())
    columns(described)  # reads the kind's description once
    with django_assert_num_queries(2):  # entries, places; no case has a unit yet
        rows(described, records, columns(described))


def test_sums_are_of_all_and_only_where_units_are_the_same(made: Office) -> None:
    project(made, "X01")
    project(made, "X02")
    found = totals(kind("project"), Entry.objects.of_kind("project"))
    assert (found.n, [(s.key, s.amount) for s in found.sums]) == (2, [("investment", Decimal(2_000_000_000))])
    assert [c.key for c in every_column(kind("building")) if c.summed] == ["flats"]
    assert not [c for c in every_column(kind("daily-report")) if c.summed], "percents do not add up"
    assert not [c for c in every_column(kind("milestone")) if c.summed], "stages count different things"


def test_totals_take_one_query_and_know_emptiness(made: Office, django_assert_num_queries: Any) -> None:
    described = kind("project")
    with django_assert_num_queries(1):
        assert totals(described, Entry.objects.of_kind("project")).n == 0
    assert totals(described, Entry.objects.none()).sums == []


def test_pages_by_key_meet_equal_days(made: Office) -> None:
    target = project(made)
    for i in range(7):
        say(made, target, MONDAY - DAY * (i // 2), 10, stage="基础" if i % 2 else "主体", remark="x")
    seen, after = list[int](), ""
    while True:
        found = page(Activity.objects.all(), "activity", after=after, size=2)
        seen += [r.pk for r in found.records]
        after = found.after
        if not after:
            break
    assert sorted(seen) == sorted(Activity.objects.values_list("pk", flat=True)) and len(seen) == 7


@pytest.mark.parametrize("after", ["x", "~", "2020-02-31~1", "~-1", "1" * 30, "٣~٣", "2020-01-01~1~2"])
def test_damaged_marks_are_refused(made: Office, after: str) -> None:
    for noun in ("activity", "register"):
        model = Activity if noun == "activity" else Entry
        with pytest.raises(Invalid):
            page(model.objects.all(), noun, after=after)


def test_an_exactly_full_page_is_the_last(made: Office) -> None:
    for i in range(2):
        project(made, f"X{i}")
    assert page(Entry.objects.of_kind("project"), "register", size=2).after == ""
