"""Lists that speak: the clock notes when a report is due or missed and when a last day has passed; who is told."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from zijing.cases.models import Supervision
from zijing.cases.supervision import answering
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import Act, act
from zijing.journal.following import Entry
from zijing.outbox.messages import Concern, Concerned, register_teller
from zijing.outbox.models import Topic
from zijing.outbox.rhythm import Watch, register_watch
from zijing.people.access import system_actor
from zijing.places.models import Place
from zijing.records.models import Record

# How many listings are noted in one act.
SLICE = 100
# Told to whoever answers for it; to whoever put it on the list.
TO_ANSWERING = {
    "cases.supervise": Topic.WORK, "cases.strike_off": Topic.ANSWERS, "cases.progress_due": Topic.LIMITS,
    "cases.progress_missed": Topic.LIMITS, "cases.list_overdue": Topic.LIMITS,
}  # fmt: skip
TO_LISTER = {
    "cases.progress": Topic.ANSWERS, "cases.progress_missed": Topic.LIMITS, "cases.list_overdue": Topic.LIMITS,
}  # fmt: skip


def note_lists(office: Place, at: datetime, go: Callable[[], bool]) -> int:
    """Note what has become due until ``at`` of what stands on lists in an office; how many listings were looked at.

    Each note (``cases.progress_due``, ``cases.progress_missed``, ``cases.list_overdue``) is a journal entry at the
    moment it is about. A listing moves on in the same act: a crash or a second ticker repeats none.
    """
    looked = 0
    while go() and _due(office, at).exists():
        done = _note_some(office, at)
        if not done:
            break
        looked += done
    return looked


def next_of_lists(office: Place) -> datetime | None:
    """When the next thing is to be noted of what stands on lists in an office."""
    waiting = Supervision.objects.filter(office=office, alarm_at__isnull=False)
    return waiting.order_by("alarm_at").values_list("alarm_at", flat=True).first()


def _due(office: Place, at: datetime) -> QuerySet[Supervision]:
    return Supervision.objects.filter(office=office, alarm_at__lte=at)


def _note_some(office: Place, at: datetime) -> int:
    """Note one slice; how many, none when another ticker has all that is due."""
    with act(system_actor(office, "clock"), at) as a:
        rows = _due(office, at).order_by("alarm_at", "pk")
        if connection.vendor == "postgresql":  # on SQLite nobody else writes meanwhile
            rows = rows.select_for_update(of=("self",), skip_locked=True)
        listed = list(rows.prefetch_related("reports")[:SLICE])
        for one in listed:
            if one.alarm_at is not None:
                _note(a, one, one.alarm_at)
                Supervision.objects.filter(pk=one.pk).update(alarm_at=one.next_alarm(one.alarm_at))
        return len(listed)


def _note(a: Act, listed: Supervision, moment: datetime) -> None:
    """Note what a morning brings, unless what is listed has ended."""
    if listed.subject.closed_at is not None:
        return
    today, yesterday = day_of(moment), day_of(moment) - DAY
    if listed.is_due(yesterday) and not listed.is_reported(yesterday):
        a.record("cases.progress_missed", listed.subject, {"day": [None, yesterday]}, happened_at=moment)
    if listed.until == yesterday:
        a.record("cases.list_overdue", listed.subject, {"until": [None, yesterday]}, happened_at=moment)
    if listed.is_due(today) and not listed.is_reported(today):
        a.record("cases.progress_due", listed.subject, {"day": [None, today]}, happened_at=moment)


def concerned(entries: Sequence[Entry]) -> Concerned:
    """The posts and units that what happens with lists concerns."""
    wanted = defaultdict[str, set[int]](set)
    for entry in entries:
        wanted[entry.subject_type].add(entry.subject_id)
    records: dict[tuple[str, int], Record] = {
        (label, pk): record for label, ids in wanted.items() for pk, record in Supervision.told_of(label, ids).items()
    }
    listers = defaultdict[tuple[str, int], set[int]](set)
    ids = {pk for some in wanted.values() for pk in some}
    standing = Supervision.objects.standing().filter(subject_id__in=ids, listed_by__isnull=False)
    for label, pk, post in standing.values_list("subject_type", "subject_id", "listed_by"):
        listers[label, pk].add(post)
    found = {}
    for day in {day_of(entry.happened_at) for entry in entries}:
        those = [e for e in entries if day_of(e.happened_at) == day]
        who = answering({records[e.subject_type, e.subject_id] for e in those}, day)
        for e in those:
            key = e.subject_type, e.subject_id
            answers = who[records[key]]
            to_answering, to_lister = e.verb in TO_ANSWERING, e.verb in TO_LISTER
            posts = (answers.posts if to_answering else frozenset()) | (listers[key] if to_lister else set())
            found[e.seq] = Concern(posts, answers.units if to_answering else ())
    return found


def declare() -> None:
    """Let every tick look at what stands on lists, and let messages be sent of it."""
    register_watch(Watch(note_lists, next_of_lists))
    register_teller(TO_ANSWERING | TO_LISTER, concerned)
