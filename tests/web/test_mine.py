"""All that a post answers for: what slipped and why, worst first; nothing that is another's."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.commitments.test_plans import indicator, say as tell, year
from tests.commitments.test_trees import put
from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.cases.supervision import supervise
from zijing.commitments.actions import Holder
from zijing.commitments.actions.sharing import give
from zijing.commitments.models import Commitment
from zijing.commitments.queries import plan_of, walk

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY
QUERIES = 19


@pytest.fixture
def made() -> Office:
    return office()


def three(made: Office) -> None:
    """X01 slips, blocked; X02 moves on; X03 says nothing; X04 is another leader's."""
    for code, shares in (("X01", (90, 90)), ("X02", (80, 100)), ("X04", (50, 50))):
        one = project(made, code, leader="leader2" if code == "X04" else "leader")
        say(made, one, MONDAY - 8 * DAY, 100)
        for day, share in zip((MONDAY - 8 * DAY, MONDAY), shares, strict=True):
            say(made, one, day, share, stage="主体")
        if code == "X01":
            blocker(made, one, what="停水")
    project(made, "X03")


def mine(made: Office, role: str = "leader") -> Any:
    return signed_in(made, role, TUESDAY).get("/mine/")


def test_what_slipped_comes_first_with_its_reasons(made: Office) -> None:
    three(made)
    slipped = mine(made).context["slipped"]
    assert [p.line.project.entry.business_key for p, _why in slipped] == ["X03", "X01"]
    first, why = slipped[1]
    assert str(first.slip) == "-3.5", "seven days of a hundred, half of the weight, without progress"
    stage = Commitment.objects.get(business_key="X01-2")
    assert [r.href for r in why] == [f"/records/commitment/{stage.pk}/", f"/cases/{Case.objects.get().pk}/"]
    assert "working days without a report" in slipped[0][1][0].text


def test_only_what_is_given_to_the_post(made: Office) -> None:
    three(made)
    context = mine(made).context
    assert [r.line.project.entry.business_key for r in context["projects"]] == ["X03", "X01", "X02"]
    assert [r.line.project.entry.business_key for r in mine(made, "leader2").context["projects"]] == ["X04"]
    assert not mine(made, "leader2").context["cases"]


def test_who_answers_for_nothing_is_told_so(made: Office) -> None:
    three(made)
    page = mine(made, "secretary").content.decode()
    assert "Nothing is given to your post" in page and 'href="/projects/"' in page


def test_what_stands_on_a_list_and_the_days_ahead(made: Office) -> None:
    three(made)
    case = Case.objects.get()
    supervise(
        actor=made.actor("secretary"),
        at=moment(MONDAY),
        subject=case,
        level="office",
        reason="久拖",
        until=MONDAY + 3 * DAY,
    )
    context = mine(made).context
    assert [line.one.subject for line, _href in context["listed"]] == [case]
    assert {(a.what, a.record.pk) for a, _w, _h in context["ahead"]} == {("case", case.pk), ("supervision", case.pk)}


def promised(made: Office, n: int) -> dict[str, Commitment]:
    """A plan whose indicators the leader answers for."""
    who = {"lead_post": made.posts["leader"].pk}
    return year(made, *(indicator(f"Z{i}", "P-1", **who) for i in range(n)))


def test_commitments_show_how_far_they_are_against_what_is_due(db: None) -> None:
    made = office(packs=("targets",))
    found = promised(made, 3)
    tell(made, found["Z0"], 180)
    tell(made, found["Z1"], 20)
    part = put(made, indicator("Z9", "Z2", begins=date(2020, 1, 1)))["Z9"]
    tell(made, part, 90)
    Commitment.objects.filter(pk=found["Z2"].pk).update(rule="sum", deadline=date(2020, 9, 1))
    answer = mine(made)
    told = {p.commitment.business_key: p for p in answer.context["mine"].commitments}
    assert list(told) == ["Z2", "Z1", "Z0"], "the worst first"
    assert [(p.state, p.source, p.progress.done) for p in told.values()] == [
        ("late", "sum", Decimal(45)), ("behind", "statement", Decimal(10)), ("ahead", "statement", Decimal(90)),
    ]  # fmt: skip
    nodes = {n.pk: n for n in walk(plan_of(made.actor("leader"), found["P"].pk, moment(TUESDAY)).root)}
    assert all(nodes[p.commitment.pk].progress == p.progress for p in told.values()), "as the tree says"
    page = answer.content.decode()
    assert "done 10%, due 68.9%" in page and "20/200家" in page and "7 days overdue" in page


def test_a_stage_given_by_itself_stands_as_its_reports_say(made: Office) -> None:
    one = project(made, "X04", leader="leader2")
    say(made, one, MONDAY, 30, stage="主体")
    stage = Commitment.objects.get(business_key="X04-2")
    give(made.system, moment(MONDAY), stage, [Holder(made.posts["leader"])], ["lead"])
    [told] = mine(made).context["mine"].commitments
    assert (told.commitment, told.source, told.progress.done) == (stage, "reports", 30)
    assert told.progress.due > 30 and told.state in {"slow", "behind", "late"}


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_commitments(db: None, n: int, django_assert_num_queries: Any) -> None:
    made = office(packs=("targets",))
    for c in promised(made, n).values():
        tell(made, c, 20)
    client = signed_in(made, "leader", TUESDAY)
    client.get("/mine/")
    with django_assert_num_queries(18):
        client.get("/mine/")


@pytest.mark.parametrize("n", [1, 3])
def test_queries_do_not_grow_with_rows(made: Office, n: int, django_assert_num_queries: Any) -> None:
    for i in range(n):
        one = project(made, f"X{i:02d}")
        say(made, one, MONDAY, 50)
        blocker(made, one)
    client = signed_in(made, "leader", TUESDAY)
    client.get("/mine/")
    with django_assert_num_queries(QUERIES):
        client.get("/mine/")


@pytest.mark.parametrize("role", ["leader", "director", "secretary"])
def test_today_leads_there(made: Office, role: str) -> None:
    assert 'href="/mine/"' in signed_in(made, role).get("/today/").content.decode()
