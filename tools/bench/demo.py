"""What the pages of plans and projects cost on the demo: ``python tools/bench/demo.py [PAGE …]``.

``ZIJING_DATA`` names a folder that ``zijing setup`` filled with ``ZIJING_DEMO=1``. Each page is asked for in this
process by somebody who opens it, one JSON line each. ``calls`` counts Python's function calls in one answer: unlike
CPU time it does not move with what else the machine does.
"""

import cProfile
import pstats
import sys
from typing import Any

import measuring

measuring.set_up()

from django.db import connection
from django.db.models import Count
from django.test import Client

from zijing.commitments.models import Commitment, Paper
from zijing.people.models import Account
from zijing.projects.models import Project
from zijing.projects.queries.contests import contests

ROUNDS = 20


def pages() -> dict[str, tuple[str, str]]:
    """Who opens which address, by name; of projects the one with most works, of plans the one with most below it."""
    by_works = Project.objects.annotate(n=Count("works"))
    project = by_works.order_by("-n", "pk").values_list("pk", flat=True)[0]
    plan = Commitment.objects.filter(parent=None).annotate(n=Count("children")).order_by("-n", "pk")[0].pk
    paper, contest = Paper.objects.order_by("pk").first(), next(iter(contests()), None)
    return {
        "plan tree": ("office01", f"/plans/{plan}/"),
        "slipped": ("secretary", f"/plans/{plan}/slipped/"),
        "indicators": ("secretary", "/indicators/"),
        "reader's list": ("office01", "/plans/read/"),
        "projects": ("secretary", "/projects/"),
        "project": ("secretary", f"/projects/{project}/"),
        "schedule": ("leader06", f"/projects/{project}/schedule/"),
        "mine": ("leader06", "/mine/"),
        "calendar": ("leader06", "/calendar/"),
        **({"reader's text": ("office01", f"/plans/read/{paper.pk}/")} if paper else {}),
        **({"contest": ("secretary", f"/board/contests/{contest.key}/")} if contest else {}),
    }


def measure(wanted: list[str]) -> None:
    """Print a line for each page."""
    for name, (reader, address) in pages().items():
        if not wanted or name in wanted:
            client = Client(headers={"Accept-Language": "zh-hans"})
            client.force_login(Account.objects.get(username=reader))
            _page(client, reader, name, address)


def _page(client: Client, reader: str, name: str, address: str) -> None:
    for _warm in range(2):
        answer = client.get(address)
    facts: dict[str, Any] = {"page": name, "reader": reader, "database": connection.vendor}
    if answer.status_code != 200:
        measuring.say("page", **facts, status=answer.status_code)
        return
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
        client.get(address)
    with cProfile.Profile() as profile:
        client.get(address)
    calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    measuring.say(
        "page", **facts, **measuring.timed(lambda: client.get(address), ROUNDS), calls=calls, queries=len(asked),
        kilobytes=round(len(answer.content) / 1024, 1),
    )  # fmt: skip


if __name__ == "__main__":
    measuring.say("machine", **measuring.machine())
    measure(sys.argv[1:])
