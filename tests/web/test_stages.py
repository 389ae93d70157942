"""Cases of a list by stage: columns with counts that open, under the same filter as the list."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.web.visiting import signed_in
from zijing.cases.actions import accept, close, dispatch, submit, void
from zijing.cases.models import Case
from zijing.people.models import Unit

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGE = "/list/blocker/stages/"
QUERIES = 9


@pytest.fixture
def made() -> Office:
    return office()


def to(made: Office, stage: str, n: int = 1) -> list[Case]:
    """Cases brought to a stage on Monday."""
    target, cases = project(made, f"X-{stage}"), []
    unit = Unit.objects.get(pk=made.posts["team"].unit_id)
    for i in range(n):
        case: Case = blocker(made, target, MONDAY, f"{stage}{i}")
        moves = ("dispatched", "handling", "checking", "closed")
        for move in moves[: moves.index(stage) + 1] if stage in moves else ():
            at = moment(MONDAY, 9, 10 + moves.index(move))
            if move == "dispatched":
                dispatch(actor=made.actor("project_office"), at=at, case=case, unit=unit)
            elif move == "handling":
                accept(actor=made.actor("team"), at=at, case=case)
            elif move == "checking":
                submit(actor=made.actor("team"), at=at, case=case, reason="好了")
            else:
                close(actor=made.actor("secretary"), at=at, case=case)
        cases.append(case)
    return cases


def columns(client: Any, query: str = "") -> dict[str, tuple[int, int]]:
    return {c.stage: (c.n, len(c.cards)) for c in client.get(PAGE + query).context["columns"]}


def test_each_case_stands_in_the_column_of_its_stage(made: Office) -> None:
    to(made, "filed", 9), to(made, "dispatched"), to(made, "handling", 2), to(made, "checking"), to(made, "closed")
    voided = to(made, "voided")[0]
    void(actor=made.actor("secretary"), at=moment(MONDAY, 9, 30), case=voided, reason="重复")
    assert columns(signed_in(made, "secretary")) == {
        "filed": (9, 8), "dispatched": (1, 1), "handling": (2, 2), "checking": (1, 1), "closed": (1, 1),
    }  # fmt: skip


def test_every_count_opens_to_a_list_of_as_many(made: Office) -> None:
    to(made, "filed", 3), to(made, "handling", 2), to(made, "closed", 2)
    client = signed_in(made, "secretary")
    for column in client.get(f"{PAGE}?place={made.places['示例社区01'].pk}").context["columns"]:
        assert client.get(column.href).context["totals"].n == column.n, column.stage


def test_what_was_closed_long_ago_is_told_only_when_asked_for(made: Office) -> None:
    to(made, "closed", 2)
    later = signed_in(made, "secretary", MONDAY + DAY * 9)
    assert columns(later)["closed"] == (0, 0)
    assert columns(later, "?stage=closed") == {"closed": (2, 2)}
    assert columns(later, f"?closed={MONDAY}..{MONDAY}")["closed"] == (2, 2)


def test_the_filter_of_the_list_is_the_filter_here(made: Office) -> None:
    to(made, "filed", 2), to(made, "handling")
    client = signed_in(made, "secretary", MONDAY + DAY * 20)
    assert set(columns(client, "?overdue=yes")) == {"filed", "dispatched", "handling", "checking"}
    assert columns(client, "?stage=handling") == {"handling": (1, 1)}
    assert columns(client, "?text=filed0")["filed"] == (1, 1)
    page = client.get(f"{PAGE}?overdue=yes").content.decode()
    assert 'href="/list/blocker/?overdue=yes"' in page, "the table under the same filter"
    assert client.get(f"{PAGE}?nonsense=1").status_code == 422


def test_only_what_is_seen_is_counted(made: Office) -> None:
    to(made, "filed", 2)
    assert columns(signed_in(made, "community2"))["filed"] == (0, 0)
    assert columns(signed_in(made, "team"))["filed"] == (2, 2)
    assert signed_in(made, "team").get("/list/project/stages/").status_code == 404, "nothing but cases has stages"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_in_both_languages(made: Office, language: str) -> None:
    assert signed_in(made, "secretary", language=language).get(PAGE).status_code == 200


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    to(made, "filed", n), to(made, "checking", n), to(made, "closed", n)
    client = signed_in(made, "secretary")
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
