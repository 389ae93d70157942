"""What a search costs: CPU time and p50/p99 by question and reader, over the office of ``seed.py`` in ``ZIJING_DATA``.

The index is made first when there is none; a line says how fast. Rare and common words, a code, initials; for an actor
with prefix sight, one of a community, and one who sees only what was assigned.
"""

import sys
import time
from functools import partial

import measuring

measuring.set_up()

from django.core.management import call_command

from zijing.cases.models import Case
from zijing.people.access import actor_of
from zijing.people.models import Holding
from zijing.places import clock
from zijing.search import index
from zijing.search.models import Document
from zijing.search.queries import find

ROUNDS = 15
QUESTIONS = ("井盖", "楼道堆物", "占", "jgqs", "zdjy 社区", "网格", "没有这个词语")


def made() -> None:
    """An index of everything there is, and how long it took."""
    if Document.objects.exists():
        return
    began, cpu = time.perf_counter(), time.process_time()
    count = index.rebuild()
    seconds = time.perf_counter() - began
    measuring.say(
        "search.rebuild", documents=count, seconds=round(seconds, 1), cpu_seconds=round(time.process_time() - cpu, 1),
        per_second=round(count / seconds),
    )  # fmt: skip


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    measuring.say("machine", **measuring.machine())
    made()
    cases = Case.objects.count()
    number = Case.objects.exclude(business_key="").order_by("-pk").values_list("business_key", flat=True).first()
    questions = [*QUESTIONS, *([number] if number else [])]
    for user in sys.argv[1:] or ("secretary", "community", "small"):
        holding = Holding.objects.select_related("post__role", "post__office", "post__place").get(
            account__username=user
        )
        actor = actor_of(holding, channel="bench", on=clock.today(holding.post.office))
        for asked in questions:
            hits = len(find(actor, asked).hits)
            taken = measuring.timed(partial(find, actor, asked), ROUNDS)
            measuring.say("search", cases=cases, reader=user, asked=asked, hits=hits, **taken)


if __name__ == "__main__":
    main()
