"""What people make of the assessments in the replay: communities are marked on the spot, results are published, what
follows is confirmed, one objects.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from zijing.assessment.actions import Help, appeal, confirm_mark, decide, mark, publish_run
from zijing.assessment.models import Appeal, Consequence, Mark, Run, Scheme, Score
from zijing.core.worktime import day_of
from zijing.demo.days import moment, workday
from zijing.demo.words import marked
from zijing.demo.world import Happening, World
from zijing.people.models import Post

FLAG, OBSERVATION = Consequence.Type.RED_FLAG, Consequence.Type.OBSERVATION
OBJECTS, VISITS = date(2020, 10, 13), date(2020, 9, 24)
WHO = "grid"
WHY = "其中两件是部门职责，已提出异议，请核减。"
HELPED, PLAN = timedelta(days=60), "社区每周带班一次，逐件对照整改前后照片"
SCHEME, ITEM = "community-quarterly", "visit"
# What was seen on the tour of the quarter, and the mark; the last one is not confirmed yet.
SEEN = (
    ("示例社区02", "92", "楼院整洁，台账与现场一致"), ("示例社区03", "85", "沿街立面整齐，背街有堆物两处"),
    ("示例社区04", "81", "垃圾分类点位齐全，绿化带有垃圾"), ("示例社区05", "84", "停车有序，一处护栏缺损"),
    ("示例社区06", "80", "小广告清理不彻底"), ("示例社区07", "68", "整改后反弹，堆物三处"),
    ("示例社区08", "83", "公示栏更新及时，路面一处破损"),
)  # fmt: skip


def on(world: World, day: date) -> Iterator[Happening]:
    """Results are published soon after they are computed; in September the tour marks, in October somebody objects."""
    if day == workday(date(day.year, day.month, 4)):
        yield Happening(moment(day, 11, 5), "results", partial(_publish, world, moment(day, 11, 5)))
    if day == VISITS:
        yield Happening(moment(day, 16, 10), "marks", partial(_visit, world, moment(day, 16, 10)))
    if day == OBJECTS:
        yield Happening(moment(day, 14, 40), "objection", partial(_object, world, moment(day, 14, 40)))


def _visit(world: World, at: datetime) -> int:
    """The tour of the quarter: one person marks on the spot, the director confirms all but the last."""
    scheme = Scheme.objects.filter(key=SCHEME).first()
    marker, other = world.cast.one("section"), world.cast.one("director", "secretary")
    places = {p.name: p.pk for p in world.places.values()}
    marked_before = Mark.objects.filter(scheme=scheme, office=world.office).exists()
    if scheme is None or marked_before or not {name for name, _points, _seen in SEEN} <= places.keys():
        return 0
    given = [
        mark(
            actor=marker, at=at, office=world.office, scheme=scheme, item=ITEM, day=day_of(at),
            member=f"place-{places[name]}", mark=Decimal(points), evidence=marked(seen),
        )
        for name, points, seen in SEEN
    ]  # fmt: skip
    for one in given[:-1]:
        confirm_mark(actor=other, at=at, mark=one)
    return len(given) * 2 - 1


def _publish(world: World, at: datetime) -> int:
    """Publish what is computed and not yet published, then confirm the red flag and the observation period."""
    secretary, director = world.cast.one("secretary"), world.cast.one("director", "secretary")
    runs = Run.objects.filter(office=world.office, provisional=False, publication=None, computed_at__lte=at)
    waiting = list(runs.order_by("pk"))
    for run in waiting:
        publish_run(actor=secretary, at=at, run=run)
    wanted = Consequence.objects.filter(
        score__run__in=waiting, type__in=(FLAG, OBSERVATION), status=Consequence.Status.PROPOSED
    )
    proposed = list(wanted.select_related("score__run__version__scheme", "score__post__place").order_by("pk"))
    for one in proposed:
        if one.type == FLAG:
            decide(actor=director, at=at, consequence=one, confirm=True, reason="与其余社区拉开差距，授流动红旗")
        else:
            decide(
                actor=director, at=at, consequence=one, confirm=True, reason="多件返工、超期，先帮后评",
                help=_help(world, one, at),
            )  # fmt: skip
    return len(waiting) + len(proposed)


def _help(world: World, one: Consequence, at: datetime) -> Help:
    post = one.score.post
    chief = world.cast.one("community", "director", "secretary", place=post.place.parent_id if post else None)
    return Help(day_of(at + HELPED), PLAN, Post.objects.get(pk=chief.post_id or 0))


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
