"""Two processes appeal, and decide on an appeal, in the same moment: one does."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.assessment.test_at_once import DIRECTORS, published, written
from tests.factories.assessed import AFTER
from tests.factories.processes import in_processes, on_disk
from zijing.assessment.actions import appeal, decide_appeal
from zijing.assessment.models import Appeal, Score
from zijing.journal.chain import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def reached_by_all(guards_afterwards: Any, tmp_path: Path) -> Iterator[None]:
    with on_disk(tmp_path):
        yield


def test_two_processes_appeal_once_and_decide_once() -> None:
    made = published()
    score = Score.objects.select_related("run__version__scheme", "run__publication").get(label="社区16网格员")
    worker = made.actor("G16")
    objects = [
        partial(appeal, actor=worker, at=AFTER, score=score, text=text) for text in ("有两件不归我管", "时限有误")
    ]
    assert in_processes(objects) == ["done", "refused"]
    rules = [
        partial(
            decide_appeal, actor=made.actor(role), at=AFTER, appeal=_standing(), accept=role == "director", reason="核"
        )
        for role in DIRECTORS
    ]
    assert in_processes(rules) == ["done", "refused"]
    kept = Appeal.objects.get()
    assert kept.status == ("accepted" if kept.decided_by == made.posts["director"] else "refused")
    assert written("assessment.appeal") == written("assessment.decide") == 1
    assert verify(made.place.pk).sound


def _standing() -> Appeal:
    """The appeal as each of the two read it before."""
    rows = Appeal.objects.select_related("score__run__version__scheme", "score__run__publication", "score__entry")
    return rows.get()
