"""The same step for several cases: chosen in a list, each done or refused by itself."""

import uuid
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.web.visiting import form, signed_in
from zijing.cases.actions import accept, close, dispatch, submit
from zijing.cases.models import Case, Step
from zijing.journal.models import JournalEntry
from zijing.people.models import Unit

pytestmark = pytest.mark.django_db
LIST = "/list/blocker/"
QUERIES = 6


@pytest.fixture
def made() -> Office:
    return office()


@pytest.fixture
def cases(made: Office) -> list[Case]:
    target = project(made)
    return [blocker(made, target, MONDAY, f"第{n}件") for n in range(3)]


def unit(made: Office, role: str = "team") -> Unit:
    return Unit.objects.get(pk=made.posts[role].unit_id)


def chosen(cases: list[Case]) -> list[str]:
    return [f"{c.pk}.{Case.objects.get(pk=c.pk).revision}" for c in cases]


def to_checking(made: Office, case: Case) -> None:
    dispatch(actor=made.actor("project_office"), at=moment(MONDAY, 11), case=case, unit=unit(made))
    accept(actor=made.actor("team"), at=moment(MONDAY, 12), case=case)
    submit(actor=made.actor("team"), at=moment(MONDAY, 13), case=case, reason="好了")


def stages(cases: list[Case]) -> list[str]:
    return list(Case.objects.filter(pk__in=[c.pk for c in cases]).order_by("pk").values_list("stage", flat=True))


def test_chosen_in_the_list_and_dispatched_by_one_form(made: Office, cases: list[Case]) -> None:
    client = signed_in(made, "project_office")
    listed = client.get(LIST).content.decode()
    assert listed.count('name="case"') == 3 and 'name="do" value="dispatch"' in listed
    page = client.get("/cases/several/", {"do": "dispatch", "case": [c.pk for c in cases]})
    assert page.content.decode().count(" checked") == 3
    sent = form(do="dispatch", case=chosen(cases), unit=unit(made).pk, next=LIST)
    answer = client.post("/cases/several/", sent)
    assert answer.status_code == 200 and "3 done, 0 not done" in answer.content.decode()
    assert stages(cases) == ["dispatched"] * 3
    entries = JournalEntry.objects.filter(verb="cases.dispatch")
    assert entries.count() == 3 and entries.values("request_id").distinct().count() == 3, "each an act of its own"


def test_one_refused_leaves_the_others_done(made: Office, cases: list[Case]) -> None:
    """One was dispatched by a colleague meanwhile, one is handled by who presses the button now."""
    seen = chosen(cases)
    dispatch(actor=made.actor("secretary"), at=moment(MONDAY, 11), case=cases[1], unit=unit(made, "team2"))
    answer = signed_in(made, "project_office").post(
        "/cases/several/", form(do="dispatch", case=seen, unit=unit(made).pk)
    )
    text = answer.content.decode()
    assert answer.status_code == 200 and "2 done, 1 not done" in text and "does not fit any more" in text
    assert Case.objects.get(pk=cases[1].pk).unit == unit(made, "team2")


def test_closing_several_is_as_strict_as_closing_one(made: Office, cases: list[Case]) -> None:
    for case in cases[:2]:
        to_checking(made, case)
    Case.objects.filter(pk=cases[0].pk).update(handler=made.posts["secretary"].pk)
    answer = signed_in(made, "secretary").post("/cases/several/", form(do="close", case=chosen(cases)))
    text = answer.content.decode()
    assert "1 done, 2 not done" in text and "Who handled a case does not check it" in text
    assert stages(cases) == ["checking", "closed", "filed"]


def test_the_same_form_sent_twice_moves_each_once(made: Office, cases: list[Case]) -> None:
    client = signed_in(made, "project_office")
    sent = form(do="dispatch", case=chosen(cases), unit=unit(made).pk)
    answers = [client.post("/cases/several/", sent).content.decode() for _n in range(2)]
    assert all("3 done, 0 not done" in text for text in answers)
    assert Step.objects.filter(verb="dispatch").count() == 3


def test_a_form_whose_answer_was_lost_half_way_goes_on(made: Office, cases: list[Case]) -> None:
    client, seen = signed_in(made, "project_office"), chosen(cases)
    sent = form(do="dispatch", case=seen, unit=unit(made).pk)
    first = client.post("/cases/several/", sent | {"case": seen[:1]})
    whole = client.post("/cases/several/", sent)
    assert "1 done" in first.content.decode() and "3 done, 0 not done" in whole.content.decode()
    assert Step.objects.filter(verb="dispatch").count() == 3


@pytest.mark.parametrize(("role", "status"), [("community", 403), ("team", 403), ("team2", 200)])
def test_whoever_may_not_take_the_step_takes_none(made: Office, cases: list[Case], role: str, status: int) -> None:
    """A post of another team does not even see them; nothing is said about them."""
    client = signed_in(made, role)
    answer = client.post("/cases/several/", form(do="dispatch", case=chosen(cases), unit=unit(made).pk))
    assert answer.status_code == status and stages(cases) == ["filed"] * 3
    assert role != "team2" or "第0件" not in answer.content.decode()
    assert 'name="case"' not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"do": "void", "case": ["1"]}, 404), ({"do": "dispatch", "case": ["x"]}, 422),
        ({"do": "dispatch", "case": ["1.x"]}, 422), ({"do": "dispatch", "case": ["9" * 40]}, 422),
        ({"do": "close", "case": [str(n) for n in range(1, 102)]}, 422), ({"do": "close"}, 200),
    ],
)  # fmt: skip
def test_nonsense_does_nothing(made: Office, cases: list[Case], values: dict[str, Any], status: int) -> None:
    client = signed_in(made, "project_office")
    assert client.get("/cases/several/", values).status_code == status
    assert client.post("/cases/several/", form(**values)).status_code == status
    assert stages(cases) == ["filed"] * 3


def test_without_a_unit_the_form_comes_back(made: Office, cases: list[Case]) -> None:
    answer = signed_in(made, "project_office").post("/cases/several/", form(do="dispatch", case=chosen(cases), unit=""))
    assert answer.status_code == 422 and "Choose the unit" in answer.content.decode()
    answer = signed_in(made, "project_office").post("/cases/several/", {"do": "close", "case": chosen(cases)})
    assert answer.status_code == 422 and stages(cases) == ["filed"] * 3, "a form without its id does nothing"


def test_what_is_closed_cannot_be_chosen(made: Office, cases: list[Case]) -> None:
    to_checking(made, cases[0])
    close(actor=made.actor("secretary"), at=moment(MONDAY, 15), case=cases[0])
    listed = signed_in(made, "project_office").get(LIST).content.decode()
    assert listed.count('name="case"') == 2
    page = signed_in(made, "project_office").get("/cases/several/", {"do": "dispatch", "case": [c.pk for c in cases]})
    assert page.content.decode().count("checked") == 2 and "does not fit its stage" in page.content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, cases: list[Case], n: int, django_assert_num_queries: Any) -> None:
    client = signed_in(made, "project_office")
    asked = {"do": "dispatch", "case": [c.pk for c in cases[:n]]}
    client.get("/cases/several/", asked)
    with django_assert_num_queries(QUERIES):
        client.get("/cases/several/", asked)


def test_keys_of_one_form_differ_by_case_and_stay_the_same(cases: list[Case]) -> None:
    of_form = uuid.uuid4()
    assert uuid.uuid5(of_form, str(cases[0].pk)) != uuid.uuid5(of_form, str(cases[1].pk))
