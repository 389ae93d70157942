"""What waits for a post: by next step, the nearest deadline first, each line with its button."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_supervision import NOUNS, answers, listable, put
from tests.factories.office import MONDAY, Office, blocker, moment, office, project
from tests.web.test_supervision_pages import page_of
from tests.web.visiting import form, signed_in
from zijing.cases.actions import accept, dispatch, submit, void
from zijing.cases.models import Case
from zijing.cases.pleas import ask
from zijing.cases.shares import involve
from zijing.cases.supervision import report_progress, strike_off
from zijing.cases.waiting import piles
from zijing.people.models import Unit
from zijing.registers.models import Entry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
QUERIES = 8
# Of a post for which nothing waits.
UNOWED = 7


@pytest.fixture
def made() -> Office:
    return office()


def unit(made: Office, role: str = "team") -> Unit:
    return Unit.objects.get(pk=made.posts[role].unit_id)


def at_stage(made: Office, stage: str, what: str = "停水", day: Any = MONDAY) -> Case:
    """A blocker of one project brought to a stage."""
    target = project(made, what) if what not in made.places else None
    case: Case = blocker(made, target, day, what)  # type: ignore[arg-type]
    moves = ("dispatched", "handling", "checking")
    for move in moves[: moves.index(stage) + 1] if stage in moves else ():
        at = moment(day, 10)
        if move == "dispatched":
            dispatch(actor=made.actor("project_office"), at=at, case=case, unit=unit(made))
        elif move == "handling":
            accept(actor=made.actor("team"), at=at, case=case)
        else:
            submit(actor=made.actor("team"), at=at, case=case, reason="已接通")
    return case


def steps(made: Office, role: str) -> dict[str, list[int]]:
    found = piles(made.actor(role), moment(MONDAY, 12), most=8)
    return {pile.step: [w.case.pk for w in pile.first] for pile in found}


def test_each_case_waits_for_whose_turn_it_is_and_for_nobody_else(made: Office) -> None:
    filed, sent, handled, done = (at_stage(made, s, f"{s}事") for s in ("filed", "dispatched", "handling", "checking"))
    assert steps(made, "project_office") == {"dispatch": [filed.pk], "close": [done.pk]}
    assert steps(made, "team") == {"accept": [sent.pk], "submit": [handled.pk]}
    assert steps(made, "team2") == {} and steps(made, "grid") == {}


def test_who_handled_it_is_not_asked_to_check_it(made: Office) -> None:
    case = at_stage(made, "checking")
    Case.objects.filter(pk=case.pk).update(handler=made.posts["secretary"].pk)
    assert "close" not in steps(made, "secretary")
    assert steps(made, "project_office")["close"] == [case.pk]


def test_the_nearest_deadline_comes_first_and_those_without_one_last(made: Office) -> None:
    late, soon, open_end = (at_stage(made, "filed", what) for what in ("晚", "早", "无"))
    Case.objects.filter(pk=soon.pk).update(due_at=moment(MONDAY, 11))
    Case.objects.filter(pk=late.pk).update(due_at=moment(MONDAY + DAY, 11))
    Case.objects.filter(pk=open_end.pk).update(due_at=None)
    assert steps(made, "project_office")["dispatch"] == [soon.pk, late.pk, open_end.pk]


def test_what_is_asked_waits_for_who_decides_and_for_the_unit_asked(made: Office) -> None:
    case = at_stage(made, "handling")
    ask(
        actor=made.actor("team"), at=moment(MONDAY, 11), case=case, matter="extension", reason="管线未批", amount=2,
    )  # fmt: skip
    involve(
        actor=made.actor("project_office"), at=moment(MONDAY, 11), case=Case.objects.get(pk=case.pk),
        unit=unit(made, "team2"), task="现场断电",
    )  # fmt: skip
    assert steps(made, "project_office")["decide"] == [case.pk] and steps(made, "leader")["decide"] == [case.pk]
    assert steps(made, "team2") == {"answer": [case.pk]}
    assert "decide" not in steps(made, "team"), "who asked does not decide"
    page = signed_in(made, "leader").get("/queue/").content.decode()
    assert "管线未批" in page and 'value="grant"' in page and 'value="deny"' in page


def test_an_appeal_against_a_closing_waits_too(made: Office) -> None:
    case = at_stage(made, "checking")
    signed_in(made, "project_office", MONDAY + DAY * 20).post(f"/cases/{case.pk}/close/", form())
    ask(
        actor=made.actor("team"), at=moment(MONDAY + DAY * 20, 11), case=Case.objects.get(pk=case.pk), matter="appeal",
        reason="等省里批复",
    )  # fmt: skip
    assert steps(made, "leader")["decide"] == [case.pk]


def test_a_button_takes_the_step_and_comes_back_to_the_queue(made: Office) -> None:
    case = at_stage(made, "dispatched")
    team = signed_in(made, "team")
    page = team.get("/queue/").content.decode()
    assert f'action="/cases/{case.pk}/accept/"' in page and 'name="next" value="/queue/"' in page
    answer = team.post(f"/cases/{case.pk}/accept/", form(next="/queue/", seen=Case.objects.get(pk=case.pk).revision))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/queue/")
    assert steps(made, "team") == {"submit": [case.pk]}
    elsewhere = team.post(f"/cases/{case.pk}/submit/", form(reason="好了", next="https://elsewhere.example/"))
    assert elsewhere.headers["Location"] == f"/cases/{case.pk}/", "no address of another site"


def test_what_was_done_stands_beside_the_check(made: Office) -> None:
    at_stage(made, "checking")
    assert "已接通" in signed_in(made, "project_office").get("/queue/").content.decode()


def test_one_step_alone_shows_more_and_a_strange_one_is_none(made: Office) -> None:
    for n in range(9):
        at_stage(made, "filed", f"第{n}件")
    office_ = signed_in(made, "project_office")
    whole, alone = (
        office_.get("/queue/").context["groups"][0],
        office_.get("/queue/?step=dispatch").context["groups"][0],
    )
    assert (whole.n, len(whole.lines), whole.more) == (9, 8, 1)
    assert (alone.n, len(alone.lines), alone.more) == (9, 9, 0)
    assert office_.get("/queue/?step=nonsense").status_code == 404
    assert office_.get("/queue/?step=verify").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_waits(made: Office, language: str) -> None:
    answer = signed_in(made, "grid", language=language).get("/queue/")
    assert answer.status_code == 200 and answer.context["groups"] == []


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        at_stage(made, "filed", f"甲{i}")
        at_stage(made, "checking", f"乙{i}")
    client = signed_in(made, "project_office")
    client.get("/queue/")
    with django_assert_num_queries(QUERIES):
        client.get("/queue/")


def owing(made: Office, role: str, day: Any) -> list[tuple[str, str]]:
    """What the queue of a role says of reports on supervision: the page of each and when it is or was due."""
    groups = signed_in(made, role, day).get("/queue/?step=progress").context["groups"]
    return [(line.item.href, line.item.badge) for group in groups for line in group.lines]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_report_on_supervision_waits_for_who_answers_while_it_is_due_or_missed(made: Office, noun: str) -> None:
    record, team = listable(made, noun), answers(noun)
    listed, page = put(made, record, every=3), page_of(noun, record)
    due = MONDAY + 3 * DAY
    assert [owing(made, team, day) for day in (MONDAY, due - DAY)] == [[], []]
    assert owing(made, team, due) == [(page, "due 10 Sep 2020")]
    assert owing(made, team, due + DAY) == [(page, "was due 10 Sep 2020")]
    assert owing(made, team, due + 3 * DAY) == [(page, "due 13 Sep 2020")]
    for other in {"team", "team2", "section", "secretary", "leader", "county"} - {team}:
        assert owing(made, other, due) == [], other
    text = signed_in(made, team, due).get("/queue/").content.decode()
    assert f'href="{page}?next=/queue/#listed-{listed.pk}"' in text
    assert f'id="listed-{listed.pk}"' in signed_in(made, team, due).get(page).content.decode()
    report_progress(actor=made.actor(team), at=moment(due + DAY, 9), supervision=listed, said="迟报")
    assert owing(made, team, due + DAY) == []
    strike_off(actor=made.actor("leader"), at=moment(due + DAY, 10), supervision=listed, reason="好了")
    assert owing(made, team, due + 9 * DAY) == []


def test_each_report_owed_is_named_by_what_it_is_on(made: Office) -> None:
    case, entry = (listable(made, noun) for noun in ("case", "project"))
    type(entry).objects.filter(pk=entry.pk).update(title="清表")
    for record in (case, entry):
        put(made, record, every=1)
    groups = signed_in(made, "team", MONDAY + DAY).get("/queue/").context["groups"]
    assert [line.item.title for line in groups[-1].lines] == [case.title, "清表"]


def test_nothing_is_owed_on_what_has_ended_or_asks_for_no_reports(made: Office) -> None:
    ended, silent = listable(made, "case"), listable(made, "commitment")
    put(made, ended, every=1)
    put(made, silent)
    void(actor=made.actor("secretary"), at=moment(MONDAY, 12), case=ended, reason="误报")
    assert owing(made, "team", MONDAY + DAY) == [] and owing(made, "section", MONDAY + DAY) == []


@pytest.mark.parametrize("n", [1, 3])
def test_reports_owed_cost_one_query_and_none_where_no_list_asks_for_them(
    made: Office, n: int, django_assert_num_queries: Any
) -> None:
    client = signed_in(made, "team", MONDAY + DAY)
    client.get("/queue/")
    with django_assert_num_queries(UNOWED):
        client.get("/queue/")
    for i in range(n):
        put(made, Entry.objects.select_related("kind").get(pk=project(made, f"Y{i}").pk), every=1)
    client.get("/queue/")
    with django_assert_num_queries(UNOWED + 1):
        assert len(client.get("/queue/").context["groups"][0].lines) == n
