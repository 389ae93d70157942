"""Lists that speak: the clock notes when a report is due or missed and when a last day has passed; who is told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from zijing.cases.models import Supervision
from zijing.cases.supervision import answering
from zijing.core.worktime import DAY, day_of
from zijing.journal.acting import Act
from zijing.journal.following import Entry
from zijing.outbox.alarms import Alarms
from zijing.outbox.messages import Concern, Concerned, register_teller
from zijing.outbox.models import Topic
from zijing.records.models import Record

# Told to whoever answers for it; to whoever put it on the list.
TO_ANSWERING = {
    "cases.supervise": Topic.WORK, "cases.strike_off": Topic.ANSWERS, "cases.progress_due": Topic.LIMITS,
    "cases.progress_missed": Topic.LIMITS, "cases.list_overdue": Topic.LIMITS,
}  # fmt: skip
TO_LISTER = {
    "cases.progress": Topic.ANSWERS, "cases.progress_missed": Topic.LIMITS, "cases.list_overdue": Topic.LIMITS,
}  # fmt: skip


def note_lists(a: Act, listed: list[Supervision]) -> None:
    """Note what is due of listings (``cases.progress_due``, ``cases.progress_missed``, ``cases.list_overdue``)."""
    prefetch_related_objects(listed, "reports")
    for one in listed:
        if one.alarm_at is not None:
            _note(a, one, one.alarm_at)
            Supervision.objects.filter(pk=one.pk).update(alarm_at=one.next_alarm(one.alarm_at))


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
    Alarms(Supervision.objects.all(), "alarm_at", note_lists).watch()
    register_teller(TO_ANSWERING | TO_LISTER, concerned)
