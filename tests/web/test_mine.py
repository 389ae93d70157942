"""All that a post answers for: what slipped and why, worst first; nothing that is another's."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories.office import MONDAY, Office, blocker, moment, office, project, say
from tests.web.visiting import signed_in
from zijing.cases.models import Case
from zijing.cases.supervision import supervise
from zijing.commitments.models import Commitment

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
