"""The last lines of the journal about a project: the entry itself and everything recorded about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext

from zijing.activities.models import Activity
from zijing.cases.models import Case
from zijing.commitments.models import Commitment
from zijing.journal.models import JournalEntry
from zijing.people.access import Actor
from zijing.people.models import Post
from zijing.projects.models import Consequence, Project
from zijing.records.history import verb_in_words
from zijing.registers.models import Entry

NEWEST = 10
NOUNS: dict[str, tuple[str, type[Model]]] = {
    Entry._meta.label_lower: ("register", Entry),
    Activity._meta.label_lower: ("activity", Activity),
    Commitment._meta.label_lower: ("commitment", Commitment),
    Case._meta.label_lower: ("case", Case),
}


@dataclass(frozen=True)
class Mention:
    """A journal line as a reader sees it: when, what happened to which record, by which post.

    ``noun`` is "" for a line about no record of the four nouns.
    """

    seq: int
    at: datetime
    verb: str
    what: str
    noun: str
    subject: int
    who: str
    digest: str


def mentions(actor: Actor, project: Project) -> list[Mention]:
    """The newest lines about a project the reader may see, and about those of its records the reader may see."""
    entries = list(_about(actor, project).order_by("-seq")[:NEWEST])
    posts = Post.objects.in_bulk({e.post for e in entries if e.post})
    titles = _titles(entries)
    return [
        Mention(
            e.seq, e.happened_at, verb_in_words(e.verb),
            titles.get((e.subject_type, e.subject_id), ""), _noun(e), e.subject_id,
            posts[e.post].title if e.post in posts else gettext("the system"), e.digest[:12],
        )
        for e in entries
    ]  # fmt: skip


def _about(actor: Actor, project: Project) -> Any:
    q = Q(subject_type=Entry._meta.label_lower, subject_id=project.pk)
    for model in (Activity, Commitment, Case):
        mine = model.objects.visible_to(actor).filter(subject=project.pk).values("pk")
        q |= Q(subject_type=model._meta.label_lower, subject_id__in=mine)
    decided = Consequence.objects.visible_to(actor).filter(project=project).values("pk")
    q |= Q(subject_type=Consequence._meta.label_lower, subject_id__in=decided)
    return JournalEntry.objects.filter(q, office=project.entry.office_id)


def _titles(entries: Iterable[JournalEntry]) -> dict[tuple[str, int], str]:
    ids: dict[str, set[int]] = {}
    for e in entries:
        ids.setdefault(e.subject_type, set()).add(e.subject_id)
    found: dict[tuple[str, int], str] = {}
    for type_, pks in ids.items():
        if type_ in NOUNS:
            rows = NOUNS[type_][1]._default_manager.filter(pk__in=pks).values_list("pk", "title")
            found |= {(type_, pk): title for pk, title in rows}
    return found


def _noun(entry: JournalEntry) -> str:
    return NOUNS[entry.subject_type][0] if entry.subject_type in NOUNS else ""
