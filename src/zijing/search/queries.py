"""Find things by their words, within sight. Reads only; what the index has not read yet is looked at directly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q

from zijing.journal.models import ChainHead, JournalEntry
from zijing.people.access import Actor
from zijing.people.models import Role
from zijing.places.models import Place, under
from zijing.records.models import Kind, Record
from zijing.search.index import documents, searched
from zijing.search.models import Document, Group, Position
from zijing.search.words import BEGIN, BEGINNING, CODE, Question, question, scope

PER_GROUP = 30
# Entries of the journal looked at directly while the work process has not come to them.
TAIL = 300
# So many records given to an actor are looked up one by one.
FEW = 900
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
    titles = _titles()
    hits = [_hit(d, asked, titles) for d in fitting if (d.label, d.subject) in seen]
    return Found(asked, _grouped(hits, per_group), behind)


def _grouped(hits: Sequence[Hit], per_group: int) -> dict[Group, list[Hit]]:
    groups: dict[Group, list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda h: (h.rank, -h.newness)):
        if len(groups[hit.group]) < per_group:
            groups[hit.group].append(hit)
    return {group: groups[group] for group in Group if group in groups}


def _hit(document: Document, asked: Question, titles: dict[str, str]) -> Hit:
    return Hit(
        document.label, document.subject, Group(document.group), document.kind,
        titles.get(document.kind, "") if document.group in OF_RECORDS else "", document.title, document.code,
        asked.rank(document.title, document.code), document.pk or 2**62 + document.subject,
    )  # fmt: skip


def _titles() -> dict[str, str]:
    return {k.key: str(k) for k in Kind.objects.only("key", "title_zh", "title_en")}


def _indexed(actor: Actor, asked: Question, per_group: int) -> list[Document]:
    """Documents below the actor's prefixes by the index, and those given to the actor wherever they lie."""
    ids: set[int] = set()
    for conditions in _lookups(asked, actor):
        ids.update(_matching(conditions, per_group))
    found = list(Document.objects.filter(pk__in=ids).defer("words"))
    return found + _given(actor, asked, per_group)


def _scopes(actor: Actor) -> list[str]:
    """The scope words of what the actor sees by place."""
    offices = [scope(g, _last(actor.office_path)) for g in OF_OFFICES]
    return offices + ([scope(g, _last(actor.path)) for g in OF_RECORDS] if actor.path else [])


def _last(path: str) -> str:
    return path.strip("/").rpartition("/")[2]


Lookup = tuple[list[str], list[tuple[str, bool]]]


def _lookups(asked: Question, actor: Actor) -> list[Lookup]:
    """(any of these scopes, all of these words): codes and beginnings anywhere, words group by group."""
    scopes = _scopes(actor)
    begins = [(CODE + asked.code, False)], [(BEGIN + asked.code[:BEGINNING], True)]
    return [(scopes, [*words]) for words in begins] + [([one], asked.wanted()) for one in scopes]


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


def _given(actor: Actor, asked: Question, per_group: int) -> list[Document]:
    """What fits among the records that the actor sees though they do not lie below the actor's prefix."""
    if actor.is_system or (actor.path and not actor.foreign and actor.sight == Role.Sight.OFFICE):
        return []
    apart = replace(actor, path="", sight=Role.Sight.ASSIGNED)
    fits = Q()
    for word, begins in asked.wanted():
        beginning = Q(words__startswith=word) | Q(words__contains=f" {word}")
        whole = Q(words__startswith=f"{word} ") | Q(words__contains=f" {word} ")
        fits &= beginning if begins else whole
    found: list[Document] = []
    for label, model in searched().items():
        if issubclass(model, Record):
            mine: Any = model._default_manager
            ids = mine.visible_to(apart).order_by().values("pk")
            if actor.path:  # what lies below it was looked up by the index
                ids = ids.exclude(under(actor.path))
            few = list(ids.values_list("pk", flat=True)[: FEW + 1])
            # A short list is looked up one by one; left to itself SQLite reads every document instead.
            of = few if len(few) <= FEW else ids
            found += (
                Document.objects.filter(fits, label=label, subject__in=of).order_by("-pk")[:per_group] if few else []
            )
    return found


def _seen(actor: Actor, wanted: Iterable[Document]) -> set[tuple[str, int]]:
    """Which of them the actor sees now, asked of the tables themselves."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for document in wanted:
        by_label[document.label].append(document.subject)
    models = searched()
    seen: set[tuple[str, int]] = set()
    for label, ids in by_label.items():
        rows: Any = models[label]._default_manager
        seen |= {(label, pk) for pk in rows.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)}
    return seen


def _tail(actor: Actor) -> tuple[list[Document], set[tuple[str, int]], int]:
    """What the index has not read yet: documents made now, the subjects they are of, and how much is left unread."""
    done = dict(Position.objects.values_list("office", "seq"))
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
