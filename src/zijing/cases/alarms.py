"""Timers that speak: the clock notes when the last part of a limit begins, when the limit has run out, and to whom
above that is told the longer it lasts.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from zijing.cases.models import Case, Stage, Timer
from zijing.cases.pleas import resume
from zijing.core.worktime import day_of
from zijing.journal.acting import Act, act
from zijing.outbox.messages import readers
from zijing.outbox.rhythm import Watch, register_watch
from zijing.people.access import Actor, dated, system_actor
from zijing.people.models import Assignment, Post
from zijing.places.models import Place
from zijing.records.kinds import every_kind
from zijing.registers.models import Entry

READ = (
    "alarm_at", "warned_at", "rung", "spans", "case__path", "case__due_at", "case__closed_at", "case__stage",
    "case__kind", "case__subject", "case__office",
)  # fmt: skip
# How many timers are noted in one act: a slice must not keep other writers waiting.
SLICE = 200


def note_alarms(office: Place, at: datetime, go: Callable[[], bool]) -> int:
    """Note what the open cases' timers of an office have made due until ``at``, the oldest first; how many notes.

    Each note is a journal entry (``cases.warned``, ``cases.overdue``, ``cases.escalated``) at the moment it is about,
    so that it does not matter in which steps time passes. A timer noted moves on in the same act: a crash or a second
    ticker repeats none.
    """
    noted = 0
    while go() and _due(office, at).exists():
        done = _note_some(office, at)
        if done is None:
            break
        noted += done
    return noted


def next_alarm(office: Place) -> datetime | None:
    """When the next thing is to be noted of an office's open cases."""
    waiting = Timer.objects.filter(office=office, alarm_at__isnull=False)
    return waiting.order_by("alarm_at").values_list("alarm_at", flat=True).first()


def _due(office: Place, at: datetime) -> QuerySet[Timer]:
    return Timer.objects.filter(office=office, alarm_at__lte=at)


def _note_some(office: Place, at: datetime) -> int | None:
    """Note one slice; how many, None when another ticker has all that is due."""
    clock = system_actor(office, "clock")
    with act(clock, at) as a:
        timers = _slice(office, at)
        for timer in (rested := [t for t in timers if t.case.stage == Stage.PARKED]):
            _wake(clock, timer, at)
        timers = [t for t in timers if t not in rested]
        live = [t for t in timers if t.case.closed_at is None]
        warned = [t for t in live if not _over(t)]
        for timer in live:
            if not timer.rung:
                a.record("cases.overdue" if _over(timer) else "cases.warned", timer.case, happened_at=timer.alarm_at)
        noted = len(rested) + sum(not t.rung for t in live) + _escalate(a, [t for t in live if t.rung])
        _move_on([t.pk for t in warned], alarm_at=_DEADLINE, warned_at=F("alarm_at"))
        _move_on([t.pk for t in timers if t not in live], alarm_at=None)
        _climb([t for t in live if t not in warned])
        return noted if timers or rested else None


def _escalate(a: Act, timers: Sequence[Timer]) -> int:
    """Note to which posts these cases are told now that they have been overdue so long; how many."""
    steps = {t: t.case.kind.ladder[t.rung - 1] for t in timers if t.rung <= len(t.case.kind.ladder)}
    told = posts_above({t.case: rung.to for t, rung in steps.items()}, day_of(a.at))
    for timer, rung in steps.items():
        facts = {
            "amount": [None, rung.after.amount], "clock": [None, rung.after.clock.value],
            "told": [None, {"post": told[timer.case]}],
        }  # fmt: skip
        a.record("cases.escalated", timer.case, facts, happened_at=timer.alarm_at)
    return len(steps)


def _climb(timers: Sequence[Timer]) -> None:
    """Set the next alarm of what has run out: the next step up its ladder, if there is one."""
    following: dict[datetime | None, list[int]] = defaultdict(list)
    for timer in timers:
        timer.rung += 1
        following[timer.next_rung(timer.case.due_at)].append(timer.pk)
    for alarm_at, ids in following.items():
        _move_on(ids, alarm_at=alarm_at, rung=F("rung") + 1)


def posts_above(roles: Mapping[Case, Sequence[str]], day: date) -> dict[Case, list[int]]:
    """The posts of these roles that see each case and that somebody holds on a day.

    Where the case, or what it is about, is given to some of a role's posts (the leader in charge), those alone.
    """
    ids = {case.pk for case in roles}
    by_role: dict[str, list[int]] = defaultdict(list)
    wanted = {role for some in roles.values() for role in some}
    offices = {case.office_id for case in roles}
    for post, role in Post.objects.filter(office__in=offices, role__key__in=wanted).values_list("pk", "role__key"):
        by_role[role].append(post)
    posts = [post for some in by_role.values() for post in some]
    seen = {
        post: set(Case.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True))
        for post, reader in readers(posts, day).items()
    }
    about = Q(subject_type=Case._meta.label_lower, subject_id__in=ids) | Q(
        subject_type=Entry._meta.label_lower, subject_id__in={case.subject_id for case in roles}
    )
    given = set(
        Assignment.objects.filter(about, dated(day), post__in=posts).values_list("subject_type", "subject_id", "post")
    )
    found = {}
    for case, some in roles.items():
        grounds = {(Case._meta.label_lower, case.pk), (Entry._meta.label_lower, case.subject_id)}
        found[case] = [
            post
            for role in some
            for post in ([p for p in by_role[role] if any((*g, p) in given for g in grounds)] or by_role[role])
            if case.pk in seen.get(post, ())
        ]
    return found


def _wake(clock: Actor, timer: Timer, at: datetime) -> None:
    """Let a parked case go on at the moment its rest was to end."""
    case = Case.objects.select_related("kind", "timer").get(pk=timer.case_id)
    resume(actor=clock, at=timer.alarm_at or at, case=case)


_DEADLINE = Subquery(Case.objects.filter(timer=OuterRef("pk")).values("due_at")[:1])


def _slice(office: Place, at: datetime) -> list[Timer]:
    rows = _due(office, at).select_related("case").order_by("alarm_at", "pk")
    if connection.vendor == "postgresql":  # on SQLite nobody else writes meanwhile
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    timers = list(rows.only(*READ)[:SLICE])
    kinds = {kind.pk: kind for kind in every_kind().values()}
    for timer in timers:
        timer.case.kind = kinds[timer.case.kind_id]
    return timers


def _over(timer: Timer) -> bool:
    """Whether the alarm is the deadline itself or comes after it."""
    return timer.rung > 0 or timer.warned_at is not None or timer.alarm_at == timer.case.due_at


def _move_on(timers: list[int], **changes: object) -> None:
    if timers:
        Timer.objects.filter(pk__in=timers).update(**changes)


def declare() -> None:
    """Let every tick look at the timers."""
    register_watch(Watch(note_alarms, next_alarm))
