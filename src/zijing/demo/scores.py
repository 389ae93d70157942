"""What people make of the assessments in the replay: results are published, the red flag moves on, one objects."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from zijing.assessment.actions import appeal, decide, publish_run
from zijing.assessment.models import Appeal, Consequence, Run, Score
from zijing.demo.days import moment, workday
from zijing.demo.world import Happening, World

FLAG = Consequence.Type.RED_FLAG
OBJECTS = date(2020, 10, 13)
WHO = "grid"
WHY = "其中两件是部门职责，已提出异议，请核减。"


def on(world: World, day: date) -> Iterator[Happening]:
    """Soon after the month's results are computed the secretary publishes them; in October a grid worker objects."""
    if day == workday(date(day.year, day.month, 4)):
        yield Happening(moment(day, 11, 5), "results", partial(_publish, world, moment(day, 11, 5)))
    if day == OBJECTS:
        yield Happening(moment(day, 14, 40), "objection", partial(_object, world, moment(day, 14, 40)))


def _publish(world: World, at: datetime) -> int:
    """Publish what is computed and not yet published, then pass the red flag on."""
    secretary, director = world.cast.one("secretary"), world.cast.one("director", "secretary")
    runs = Run.objects.filter(office=world.office, provisional=False, publication=None, computed_at__lte=at)
    waiting = list(runs.order_by("pk"))
    for run in waiting:
        publish_run(actor=secretary, at=at, run=run)
    flags = Consequence.objects.filter(score__run__in=waiting, type=FLAG, status=Consequence.Status.PROPOSED)
    proposed = list(flags.select_related("score__run__version__scheme").order_by("pk"))
    for flag in proposed:
        decide(actor=director, at=at, consequence=flag, confirm=True, reason="月度第一，授流动红旗")
    return len(waiting) + len(proposed)


def _object(world: World, at: datetime) -> int:
    """A grid worker objects to the own score of the month before, once."""
    actors = {a.post_id: a for a in world.cast.of_role(WHO)}
    rows = Score.objects.filter(
        run__office=world.office, post__in=actors, run__publication__isnull=False, total__isnull=False
    )
    mine = rows.filter(run__until__lt=at.date(), run__until__month=at.month - 1)
    score = mine.select_related("run__version__scheme", "run__publication").order_by("total", "pk").first()
    if score is None or Appeal.objects.filter(score=score).exists():
        return 0
    appeal(actor=actors[score.post_id], at=at, score=score, text=WHY)
    return 1
