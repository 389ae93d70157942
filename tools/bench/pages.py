"""What the hot pages cost, by reader: ``ZIJING_DATA=FOLDER python tools/bench/pages.py [PAGE …]`` on a seeded office.

The pages are asked for in this process, as a browser would, so that CPU time is this process's own and a busy
machine does not count. One line for each page and reader.
"""

import sys
from datetime import date, timedelta

import measuring

measuring.set_up()

from django.db import connection
from django.test import Client
from django.utils import timezone

from zijing.cases.models import Case
from zijing.core.worktime import ZONE
from zijing.figures.known import find
from zijing.figures.queries import evidence_of
from zijing.people.access import actor_of
from zijing.people.models import Account, Holding
from zijing.places.models import Place

READERS = ("secretary", "community", "bureau", "small")
ROUNDS = 40
SLOW_MS = 300


def pages(reader: str) -> dict[str, str]:
    """The addresses measured, by name; the case is the newest the reader sees."""
    holding = Holding.objects.select_related("post__role", "post__office", "post__place").get(account__username=reader)
    actor = actor_of(holding, channel="web", on=timezone.localdate())
    case = Case.objects.visible_to(actor).filter(kind__key="issue").order_by("-pk").values_list("pk", flat=True).first()
    today = timezone.now().astimezone(ZONE).date()
    month = f"{today - timedelta(days=30)}..{today}"
    place = Place.objects.filter(level="community").order_by("pk").values_list("pk", flat=True)[0]
    return {
        "today": "/today/",
        "board": "/board/",
        "wall": "/board/wall/",
        "map": "/map/",
        "queue": "/queue/",
        "stages": "/list/issue/stages/",
        "stages: class": "/list/issue/stages/?f.class=dust",
        "cases on the map": "/list/issue/map/?open=yes",
        "points": "/list/issue/map/points.geojson?open=yes&zoom=12&box=112,34,114,36",
        "case": f"/cases/{case}/",
        "list": "/list/issue/",
        "list: class": "/list/issue/?f.class=dust",
        "list: rare class": "/list/issue/?f.class=other",
        "list: open": "/list/issue/?open=yes",
        "list: overdue": "/list/issue/?overdue=yes",
        "list: closed, month": f"/list/issue/?stage=closed&closed={month}",
        "list: place": f"/list/issue/?place={place}",
        "list: text": "/list/issue/?text=井盖",
        "list: text, nothing": "/list/issue/?text=天外来客",
        "list: far page": "/list/issue/?after=2020-06-01~1",
        "evidence": evidence_of(find("issues.closed"), place=None, since=date(today.year, 1, 1), until=today),
        "figure": "/figures/issues.closed/",
        "figures": "/figures/",
    }


def client_of(reader: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Account.objects.get(username=reader))
    return client


def measure(wanted: list[str]) -> None:
    """Print a line for each page and reader."""
    cases = Case.objects.count()
    for reader in READERS:
        client = client_of(reader)
        for name, address in pages(reader).items():
            if not wanted or name in wanted:
                _page(client, reader, cases, name, address)


def _page(client: Client, reader: str, cases: int, name: str, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        measuring.say("page", page=name, reader=reader, cases=cases, status=answer.status_code)
        return
    once = measuring.timed(lambda: client.get(address), 1)
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: asked.append(sql) or execute(sql, *rest)):
        client.get(address)
    rounds = ROUNDS if once["p50_ms"] < SLOW_MS else 5
    cost = measuring.timed(lambda: client.get(address), rounds)
    measuring.say(
        "page", page=name, reader=reader, cases=cases, database=connection.vendor, **cost,
        queries=len(asked), kilobytes=round(len(answer.content) / 1024, 1),
    )  # fmt: skip


if __name__ == "__main__":
    measuring.say("machine", **measuring.machine())
    measure(sys.argv[1:])
