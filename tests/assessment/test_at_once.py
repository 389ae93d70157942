"""Two persons decide on the same thing in the same moment, each with a database connection of their own: one does."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from tests.factories.assessed import AFTER, assessed, closed, month
from tests.factories.at_once import told
from tests.factories.office import Office
from zijing.assessment.actions import (
    appeal,
    confirm_mark,
    decide,
    decide_appeal,
    mark,
    propose,
    propose_version,
    publish_run,
    refuse_mark,
    withdraw_version,
)
from zijing.assessment.models import Appeal, Consequence, Mark, Scheme, SchemeVersion, Score
from zijing.journal.chain import verify
from zijing.journal.models import JournalEntry

pytestmark = [pytest.mark.usefixtures("guards_afterwards"), pytest.mark.django_db(transaction=True)]
DIRECTORS = ("secretary", "director")
OCTOBER = date(2020, 10, 1)


def published() -> Office:
    """A month in which one community stands below the rest, published, with what it proposes."""
    made = assessed()
    for n in range(11, 16):
        closed(made, f"社区{n}网格", 38, 2)
    closed(made, "社区16网格", 12, 28)
    for key in ("community-monthly", "grid-monthly"):
        run = month(made, key)
        propose(actor=made.system, at=AFTER, run=run)
        publish_run(actor=made.actor("section"), at=AFTER, run=run)
    return made


def written(verb: str) -> int:
    return JournalEntry.objects.filter(verb=verb).count()


def test_of_two_who_decide_on_a_consequence_at_once_one_does() -> None:
    made = published()
    naming = Consequence.objects.select_related("score__run__version__scheme", "score__run__publication").get(
        type="naming"
    )
    one = partial(decide, at=AFTER, consequence=naming, reason="同意")
    verbs = [partial(one, actor=made.actor(role), confirm=role == "secretary") for role in DIRECTORS]
    assert told(*verbs) == ["done", "refused"]
    kept = Consequence.objects.get(type="naming")
    assert kept.status == ("confirmed" if kept.decided_by == made.posts["secretary"] else "dropped")
    assert written("assessment.consequence") == 1
    assert verify(made.place.pk).sound


def test_of_two_who_decide_on_an_appeal_at_once_one_does() -> None:
    made = published()
    score = Score.objects.select_related("run__version__scheme", "run__publication", "entry").get(label="社区16网格员")
    raised = appeal(actor=made.actor("G16"), at=AFTER, score=score, text="停电两周")
    one = partial(decide_appeal, at=AFTER, appeal=raised, reason="查过")
    verbs = [partial(one, actor=made.actor(role), accept=role == "secretary") for role in DIRECTORS]
    assert told(*verbs) == ["done", "refused"]
    kept = Appeal.objects.select_related("score").get()
    accepted = kept.decided_by == made.posts["secretary"]
    assert (kept.status, kept.score.exempt) == (("accepted", "appeal") if accepted else ("refused", ""))
    assert written("assessment.decide") == 1
    assert Consequence.objects.filter(score=score, status="lifted").exists() == accepted


def test_of_two_appeals_against_a_score_at_once_one_is_made() -> None:
    made = published()
    score = Score.objects.select_related("run__version__scheme", "run__publication", "entry").get(label="社区16网格员")
    one = partial(appeal, actor=made.actor("G16"), at=AFTER, score=score)
    assert told(partial(one, text="停电"), partial(one, text="修路")) == ["done", "refused"]


def test_of_two_who_decide_on_a_mark_at_once_one_does() -> None:
    made = assessed()
    scheme = Scheme.objects.get(key="community-monthly")
    items = [
        scheme.definition["items"][0] | {"weight": "60"},
        {"key": "order", "title": {"zh": "秩序", "en": "Order"}, "weight": "40", "way": "marks"},
    ]
    propose_version(
        actor=made.actor("secretary"), at=AFTER, office=made.place, scheme=scheme, items=items, since=OCTOBER
    )
    given = mark(
        actor=made.actor("section"), at=AFTER.replace(month=10), office=made.place, scheme=scheme, item="order",
        day=OCTOBER, member=f"place-{made.places['社区11'].pk}", mark=Decimal(80), evidence="现场有序",
    )  # fmt: skip
    one = partial(confirm_mark, actor=made.actor("secretary"), at=AFTER, mark=given)
    other = partial(refuse_mark, actor=made.actor("director"), at=AFTER, mark=given, reason="不实")
    assert told(one, other) == ["done", "refused"]
    kept = Mark.objects.get()
    assert kept.status == ("confirmed" if kept.confirmed_by == made.posts["secretary"] else "refused")


def test_versions_made_at_once_have_numbers_of_their_own_and_are_withdrawn_once() -> None:
    made = assessed()
    scheme = Scheme.objects.get(key="community-monthly")
    items = scheme.definition["items"]
    one = partial(propose_version, at=AFTER, office=made.place, scheme=scheme, items=items, since=OCTOBER)
    assert told(*(partial(one, actor=made.actor(role)) for role in DIRECTORS)) == ["done", "done"]
    assert sorted(SchemeVersion.objects.filter(scheme=scheme).values_list("number", flat=True)) == [1, 2, 3]
    version = SchemeVersion.objects.get(scheme=scheme, number=3)
    back = partial(withdraw_version, at=AFTER, version=version)
    assert told(*(partial(back, actor=made.actor(role)) for role in DIRECTORS)) == ["done", "refused"]
