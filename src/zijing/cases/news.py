"""Whom a step of a case concerns, so that they are told."""

from collections import defaultdict
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache

from zijing.cases.models import Case, Step
from zijing.journal.following import Entry
from zijing.outbox.messages import Concerned, register_teller
from zijing.people.models import Post, Role

# To the posts named in the entry.
ABOVE = "escalated"
# To who dispatches: it waits to be verified.
RECEIVED = "receive"
DISPATCH = "cases.dispatch"
# To the unit whose turn it is; to the unit named in the entry; to who dispatched; to who reported.
TURN = (
    "file", "rework", "reopen", "warned", "overdue", "resume", "park", "supervise", "strike_off",
    "extension_granted", "extension_denied", "parking_denied", "appeal_granted", "appeal_denied", "exclusion_granted",
    "exclusion_denied", "part_answered",
)  # fmt: skip
NAMED = ("dispatch", "involved")
SENDER = ("object", "submit", "extension_asked", "parking_asked", "appeal_asked", "exclusion_asked", "overdue")
REPORTER = ("refuse", "close", "void")


def concerned(entries: Sequence[Entry]) -> Concerned:
    """The posts and units that each of these steps concerns."""
    ids = {e.subject_id for e in entries}
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "office", "unit", "recorded_by")
    cases = {pk: (office, unit, by) for pk, office, unit, by in rows}
    sent = Step.objects.filter(case__in=ids, verb="dispatch").order_by("pk").values_list("case", "post")
    senders = {case: post for case, post in sent if post}
    dispatchers = cache(_dispatchers)
    found: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for entry in entries:
        step, (office, unit, reporter) = entry.verb.rpartition(".")[2], cases[entry.subject_id]
        posts, units = found[entry.seq]
        units += [unit] if step in TURN and unit else []
        units += [entry.changes["unit"][1]] if step in NAMED else []
        posts += entry.changes["told"][1]["post"] if step == ABOVE else []
        posts += [senders[entry.subject_id]] if step in SENDER and entry.subject_id in senders else []
        unsent = step == "overdue" and entry.subject_id not in senders
        posts += dispatchers(office) if step == RECEIVED or unsent else []
        posts += [reporter] if step in REPORTER and reporter else []
    return found


def _dispatchers(office: int) -> list[int]:
    """The posts that dispatch: by name of the right, or where no role names it, by a right to all of cases."""
    roles = dict(Role.objects.values_list("pk", "verbs"))
    posts = Post.objects.filter(office=office).values_list("pk", "role")
    named = [pk for pk, role in posts if DISPATCH in roles[role]]
    return named or [pk for pk, role in posts if any(fnmatchcase(DISPATCH, grant) for grant in roles[role])]


def declare() -> None:
    """Let messages be sent of the steps of cases."""
    register_teller((f"cases.{step}" for step in {*TURN, *NAMED, *SENDER, *REPORTER, ABOVE, RECEIVED}), concerned)
