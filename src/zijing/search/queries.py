"""Find things by their words, within sight. Reads only; what the index has not read yet is looked at directly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from zijing.journal.models import Bookmark, ChainHead, JournalEntry
from zijing.people.access import Actor
from zijing.places.models import Place
from zijing.records.kinds import every_kind
from zijing.records.models import Kind, RecordQuerySet
from zijing.search.index import READER, documents, searched
from zijing.search.models import Document, Group
from zijing.search.words import BEGIN, BEGINNING, CODE, Question, holder_words, question, scope

PER_GROUP = 30
# Entries of the journal looked at directly while the work process has not come to them.
TAIL = 300
OF_RECORDS = (Group.REGISTER, Group.CASE, Group.COMMITMENT, Group.ACTIVITY)
OF_OFFICES = (Group.PLACE, Group.PEOPLE)


@dataclass(frozen=True)
class Hit:
    """A thing found. ``kind`` is the key of its kind, ``kind_title`` its name; ``rank`` 0 is the best."""

    label: str
    pk: int
    group: Group
    kind: str
    kind_title: str
    title: str
    code: str
    rank: int
    newness: int

    @property
    def noun(self) -> str:
        return {"r": "register", "c": "case", "m": "commitment", "a": "activity"}.get(self.group.value, "")


@dataclass(frozen=True)
class Found:
    """The answer to a question. ``behind``: entries of the journal that neither the index nor this search has read."""

    question: Question
    groups: dict[Group, list[Hit]]
    behind: int = 0

    @property
    def hits(self) -> list[Hit]:
        """All of them, the best and newest first."""
        return sorted((h for hits in self.groups.values() for h in hits), key=lambda h: (h.rank, -h.newness))


def find(actor: Actor, text: str, *, per_group: int = PER_GROUP) -> Found:
    """What the actor sees that has all the words of ``text``: at most ``per_group`` of each group.

    In each group exact codes and numbers first, then titles that begin so, then words, then initials; the newest first.
    """
    asked = question(text)
    if not asked.terms:
        return Found(asked, {})
    wanted = {(d.label, d.subject): d for d in _indexed(actor, asked, per_group)}
    fresh, stale, behind = _tail(actor)
    wanted = {key: d for key, d in wanted.items() if key not in stale}
    wanted |= {(d.label, d.subject): d for d in fresh if asked.fits(d.words)}
    fitting = [d for d in wanted.values() if asked.together(d.title, d.code)]
    seen = _seen(actor, fitting)
    kinds = every_kind()
    hits = [_hit(d, asked, kinds) for d in fitting if (d.label, d.subject) in seen]
    return Found(asked, _grouped(hits, per_group), behind)


def _grouped(hits: Sequence[Hit], per_group: int) -> dict[Group, list[Hit]]:
    groups: dict[Group, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda h: (h.rank, -h.newness)):
        if len(groups[hit.group]) < per_group:
            groups[hit.group].append(hit)
    return {group: groups[group] for group in Group if group in groups}


def _hit(document: Document, asked: Question, kinds: dict[str, Kind]) -> Hit:
    kind = kinds.get(document.kind) if document.group in OF_RECORDS else None
    return Hit(
        document.label, document.subject, Group(document.group), document.kind, str(kind or ""), document.title,
        document.code, asked.rank(document.title, document.code), document.pk or 2**62 + document.subject,
    )  # fmt: skip


def _indexed(actor: Actor, asked: Question, per_group: int) -> list[Document]:
    """What the index has within the actor's sight."""
    ids: set[int] = set()
    for conditions in _lookups(asked, actor):
        ids.update(_matching(conditions, per_group))
    return list(Document.objects.filter(pk__in=ids).defer("words"))


def _scopes(actor: Actor) -> list[list[str]]:
    """Group by group the scope words of what the actor sees: by place, and as given to its post and unit."""
    places = [_last(actor.path)] if actor.path else []
    mine = places + holder_words(actor.post_id, actor.unit_id)
    offices = [[scope(g, _last(actor.office_path))] for g in OF_OFFICES]
    return offices + ([[scope(g, within) for within in mine] for g in OF_RECORDS] if mine else [])


def _last(path: str) -> str:
    return path.strip("/").rpartition("/")[2]


Lookup = tuple[list[str], list[tuple[str, bool]]]


def _lookups(asked: Question, actor: Actor) -> list[Lookup]:
    """(any of these scopes, all of these words): codes and beginnings anywhere, words group by group."""
    scopes = _scopes(actor)
    begins = [(CODE + asked.code, False)], [(BEGIN + asked.code[:BEGINNING], True)]
    anywhere = [word for group in scopes for word in group]
    return [(anywhere, [*words]) for words in begins] + [(group, asked.wanted()) for group in scopes]


def _matching(lookup: Lookup, limit: int) -> list[int]:
    """The newest documents of a lookup."""
    scopes, words = lookup
    if connection.vendor == "sqlite":
        sql = "SELECT rowid FROM search_words WHERE search_words MATCH %s ORDER BY rowid DESC LIMIT %s"
        asked = _fts5(scopes, words)
    else:
        sql = "SELECT id FROM search_document WHERE vector @@ %s::tsquery ORDER BY id DESC LIMIT %s"
        asked = _tsquery(scopes, words)
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, limit])
        return [row[0] for row in cursor.fetchall()]


def _fts5(scopes: Sequence[str], words: Sequence[tuple[str, bool]]) -> str:
    """Words hold letters and digits only, so nothing in them can be taken for syntax."""
    within = " OR ".join(f'"{one}"' for one in scopes)
    return " AND ".join([f"({within})", *(f'"{w}"*' if begins else f'"{w}"' for w, begins in words)])


def _tsquery(scopes: Sequence[str], words: Sequence[tuple[str, bool]]) -> str:
    within = " | ".join(f"'{one}'" for one in scopes)
    return " & ".join([f"({within})", *(f"'{w}':*" if begins else f"'{w}'" for w, begins in words)])


def _seen(actor: Actor, wanted: Iterable[Document]) -> set[tuple[str, int]]:
    """Which of them the actor sees now, asked of the tables themselves."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for document in wanted:
        by_label[document.label].append(document.subject)
    models = searched()
    seen: set[tuple[str, int]] = set()
    for label, ids in by_label.items():
        rows: Any = models[label]._default_manager.filter(pk__in=ids)
        visible = rows.tested_for(actor) if isinstance(rows, RecordQuerySet) else rows.visible_to(actor)
        seen |= {(label, pk) for pk in visible.values_list("pk", flat=True)}
    return seen


def _tail(actor: Actor) -> tuple[list[Document], set[tuple[str, int]], int]:
    """What the index has not read yet: documents made now, the subjects they are of, and how much is left unread."""
    done = dict(Bookmark.objects.filter(reader=READER).values_list("office", "seq"))
    labels = searched()
    subjects: dict[str, set[int]] = defaultdict(set)
    behind = 0
    for office, head in ChainHead.objects.filter(_offices_of(actor)).values_list("office", "seq"):
        missing = head - done.get(office, 0)
        if missing <= 0:
            continue
        last = JournalEntry.objects.filter(office=office, seq__gt=head - min(missing, TAIL), subject_type__in=labels)
        for label, pk in last.values_list("subject_type", "subject_id"):
            subjects[label].add(pk)
        behind += max(0, missing - TAIL)
    fresh = [d for label, ids in subjects.items() for d in documents(label, ids)]
    return fresh, {(label, pk) for label, ids in subjects.items() for pk in ids}, behind


def _offices_of(actor: Actor) -> Q:
    """The journals of what the actor may see: the own office's, and those of the offices below a county."""
    return Q() if actor.office_path == "/" or actor.foreign else Q(office=actor.office_id) | Q(office__in=_below(actor))


def _below(actor: Actor) -> Any:
    return Place.objects.visible_to(actor).offices().values("pk")
