"""Whom a step of a document concerns, so that they are told."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from zijing.documents.models import Document, Recipient
from zijing.journal.following import Entry
from zijing.outbox.messages import Concern, Concerned, register_teller
from zijing.outbox.models import Topic
from zijing.people.models import Post, Role

# Who takes the next step, by the right it needs.
NEXT = {"documents.submit": "documents.check", "documents.check": "documents.sign", "documents.sign": "documents.issue"}
# By the clock: somebody who writes documents reads it, corrects it and hands it in.
DRAFTED = "documents.draft"
TO_DRAFTER = frozenset({"documents.send_back", "documents.reply"})


def concerned(entries: Sequence[Entry]) -> Concerned:
    """Who takes the next step, the clock's too; of what is issued or void its recipients; of a reply who drafted."""
    ids = {e.subject_id for e in entries}
    known = {pk: facts for pk, *facts in Document.objects.filter(pk__in=ids).values_list("pk", "drafted_by", "office")}
    units: dict[int, list[int]] = {}
    for document, unit in Recipient.objects.filter(document__in=ids).values_list("document", "unit"):
        units.setdefault(document, []).append(unit)
    found: dict[int, Concern] = {}
    for e in entries:
        drafter, office = known.get(e.subject_id) or (None, 0)
        if e.verb == DRAFTED:
            found[e.seq] = Concern([] if drafter else _may(office or 0, "documents.write"))
        elif right := NEXT.get(e.verb):
            found[e.seq] = Concern(p for p in _may(office or 0, right) if p != drafter)
        elif e.verb in TO_DRAFTER:
            found[e.seq] = Concern([drafter] if drafter else [])
        else:
            found[e.seq] = Concern(units=units.get(e.subject_id, []))
    return found


def _may(office: int, right: str) -> list[int]:
    """The posts whose role names the right; where none does, those that have all of documents."""
    roles = dict(Role.objects.values_list("pk", "verbs"))
    posts = Post.objects.filter(office=office).values_list("pk", "role")
    named = [pk for pk, role in posts if right in roles[role]]
    return named or [pk for pk, role in posts if any(fnmatchcase(right, grant) for grant in roles[role])]


def declare() -> None:
    """Tell of documents."""
    work = ("draft", "submit", "check", "sign", "send_back", "issue")
    verbs = {f"documents.{verb}": Topic.WORK for verb in work}
    register_teller(verbs | {"documents.reply": Topic.ANSWERS, "documents.void": Topic.ANSWERS}, concerned)
