"""Whom a step of a case concerns, so that they are told."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

from zijing.cases.access import WORKED_ON
from zijing.cases.models import Case, Stage, Step
from zijing.core.worktime import Clock
from zijing.journal.following import Entry
from zijing.outbox.messages import Concern, Concerned, register_teller
from zijing.outbox.models import Topic
from zijing.people.models import Post, Role

# To the posts named in the entry.
ABOVE = ("escalated", "stage_escalated")
# To whoever's turn it is at the stage that the entry names.
STOOD = ("stage_warned", "stage_overdue")
TO_DISPATCH = (Stage.REPORTED, Stage.FILED, Stage.REOPENED)
# To who dispatches: it waits to be verified.
RECEIVED = "receive"
DISPATCH = "cases.dispatch"
# To the unit whose turn it is; to the unit named in the entry; to who dispatched; to who reported.
TURN = (
    "file", "rework", "reopen", "came_back", "warned", "overdue", "resume", "park",
    "extension_granted", "extension_denied", "parking_denied", "appeal_granted", "appeal_denied", "exclusion_granted",
    "exclusion_denied", "part_answered",
)  # fmt: skip
NAMED = ("dispatch", "involved")
SENDER = ("object", "submit", "extension_asked", "parking_asked", "appeal_asked", "exclusion_asked", "overdue")
REPORTER = ("refuse", "close", "void")
# What each is about; all else is an answer, and waits for the morning whatever the class.
WORK = {RECEIVED, *NAMED, "file", "rework", "reopen", "resume", "object", "submit", "part_answered"}
LIMITS = {"warned", "overdue", *ABOVE, *STOOD}


def concerned(entries: Sequence[Entry]) -> Concerned:
    """The posts and units that each of these steps concerns."""
    ids = {e.subject_id for e in entries}
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "office", "unit", "recorded_by", "timer__clock")
    cases = {pk: facts for pk, *facts in rows}
    sent = Step.objects.filter(case__in=ids, verb="dispatch").order_by("pk").values_list("case", "post")
    senders = {case: post for case, post in sent if post}
    dispatchers = cache(_dispatchers)
    found: dict[int, Concern] = {}
    for entry in entries:
        step, (office, unit, reporter, clock) = entry.verb.rpartition(".")[2], cases[entry.subject_id]
        stood = entry.changes["turn"][1] if step in STOOD else ""
        sender = senders.get(entry.subject_id)
        posts: list[int] = []
        units: list[int] = []
        units += [unit] if (step in TURN or stood in WORKED_ON) and unit else []
        units += [entry.changes["unit"][1]] if step in NAMED else []
        posts += entry.changes["told"][1]["post"] if step in ABOVE else []
        posts += [sender] if sender and (step in SENDER or stood == Stage.CHECKING) else []
        unsent = stood in TO_DISPATCH or (not sender and (step == "overdue" or stood == Stage.CHECKING))
        posts += dispatchers(office) if step == RECEIVED or unsent else []
        posts += [reporter] if step in REPORTER and reporter else []
        now = clock == Clock.CONTINUOUS_HOURS and _topic(step) != Topic.ANSWERS
        found[entry.seq] = Concern(posts, units, urgent=now)
    return found


def _dispatchers(office: int) -> list[int]:
    """The posts that dispatch: by name of the right, or where no role names it, by a right to all of cases."""
    roles = dict(Role.objects.values_list("pk", "verbs"))
    posts = Post.objects.filter(office=office).values_list("pk", "role")
    named = [pk for pk, role in posts if DISPATCH in roles[role]]
    return named or [pk for pk, role in posts if any(fnmatchcase(DISPATCH, grant) for grant in roles[role])]


def declare() -> None:
    """Let messages be sent of the steps of cases."""
    steps = {*TURN, *NAMED, *SENDER, *REPORTER, *ABOVE, *STOOD, RECEIVED}
    register_teller({f"cases.{step}": _topic(step) for step in steps}, concerned)


def _topic(step: str) -> Topic:
    asked = step.endswith("_asked")
    return Topic.LIMITS if step in LIMITS else Topic.WORK if step in WORK or asked else Topic.ANSWERS
