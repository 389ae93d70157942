"""Keep the index up with the journal; nothing here is waited for by whoever enters a record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from zijing.journal.acting import writing
from zijing.journal.models import ChainHead, JournalEntry
from zijing.outbox.machinery import Gauge, behind
from zijing.people.models import Post, Unit
from zijing.places.models import Place, PlaceCode
from zijing.records.models import Kind, Noun, Record
from zijing.search.models import Document, Group, Position
from zijing.search.words import words_of

BATCH = 500
MOST_BEHIND = 20_000
NOUNS = {
    Noun.REGISTER: Group.REGISTER, Noun.CASE: Group.CASE, Noun.COMMITMENT: Group.COMMITMENT,
    Noun.ACTIVITY: Group.ACTIVITY,
}  # fmt: skip
# After these a place's records lie elsewhere.
MOVING = frozenset({"places.move", "places.merge"})
PACKS = "packs.apply"
WRITTEN = ("group", "kind", "path", "title", "code", "words")

Go = Callable[[], bool]


def always() -> bool:
    """Go on until everything is done."""
    return True


def searched() -> dict[str, type[models.Model]]:
    """The tables whose rows are found, by label: places, units, posts and every kind of record."""
    records = [m for m in apps.get_models() if issubclass(m, Record)]
    every: list[type[models.Model]] = [Place, Unit, Post, *records]
    return {m._meta.label_lower: m for m in every}


def catch_up(office: int, *, limit: int = 2000, go: Go = always) -> int:
    """Read on in an office's journal, at most ``limit`` entries; returns how many are left.

    An office met for the first time is read from its tables instead. ``go`` is asked between batches; when it says no,
    the rest is left for next time.
    """
    place = Position.objects.filter(office=office).first()
    head = ChainHead.objects.filter(office=office).values_list("seq", flat=True).first() or 0
    if place is None:
        if read_tables(office, go=go):
            Position.objects.get_or_create(office=office, defaults={"seq": head})
        return lag(office)
    done = place.seq
    while done < min(head, place.seq + limit) and go():
        entries = list(
            JournalEntry.objects.filter(office=office, seq__gt=done)
            .order_by("seq")
            .values_list("seq", "verb", "subject_type", "subject_id")[:BATCH]
        )
        if not entries:
            break
        with writing():
            moved = Position.objects.filter(office=office, seq=done).update(seq=entries[-1][0])
            if not moved:  # another process reads on
                break
            _follow(entries)
        done = entries[-1][0]
    return max(0, head - done)


def lag(office: int) -> int:
    """How many entries of an office's journal the index has not read yet."""
    head = ChainHead.objects.filter(office=office).values_list("seq", flat=True).first() or 0
    done = Position.objects.filter(office=office).values_list("seq", flat=True).first() or 0
    return max(0, head - done)


def measure(offices: Sequence[int]) -> Gauge:
    """How far the index is behind the journals of these offices, for the machinery page."""
    heads = dict(ChainHead.objects.filter(office__in=offices).values_list("office", "seq"))
    done = dict(Position.objects.filter(office__in=offices).values_list("office", "seq"))
    entries = sum(max(0, seq - done.get(office, 0)) for office, seq in heads.items())
    return behind(_("search index"), entries, most=MOST_BEHIND)


def rebuild(*, tell: Callable[[str, int], None] = lambda label, n: None) -> int:
    """Throw the index away and read every table anew; returns how many things can be found."""
    heads = dict(ChainHead.objects.values_list("office", "seq"))
    Position.objects.all().delete()
    Document.objects.all().delete()
    for label, model in searched().items():
        for ids in _batches(model._default_manager.all()):
            write(label, ids)
            tell(label, len(ids))
    Position.objects.bulk_create([Position(office=office, seq=seq) for office, seq in heads.items()])
    return int(Document.objects.count())


def read_tables(office: int, *, go: Go = always) -> bool:
    """Index all of one office from its tables; whether it came to the end."""
    for label, model in searched().items():
        mine = models.Q(office=office) | models.Q(pk=office) if model is Place else models.Q(office=office)
        for ids in _batches(model._default_manager.filter(mine)):
            if not go():
                return False
            write(label, ids)
    return True


def write(label: str, ids: Sequence[int]) -> None:
    """Bring the documents of these rows in line with the rows."""
    wanted = list(documents(label, ids))
    gone = set(ids) - {d.subject for d in wanted}
    with writing():
        Document.objects.bulk_create(
            wanted, batch_size=BATCH, update_conflicts=True, unique_fields=["label", "subject"], update_fields=WRITTEN
        )
        if gone:
            Document.objects.filter(label=label, subject__in=gone).delete()


def documents(label: str, ids: Iterable[int]) -> Iterator[Document]:
    """The documents of some rows as they are now; none for what is not to be found by words."""
    model = searched()[label]
    if model is Place:
        return _places(ids)
    if issubclass(model, Record):
        return _records(label, model, ids)
    return _people(label, model, ids)


def _document(
    label: str, subject: int, group: Group, kind: str, path: str, title: str, codes: Sequence[str]
) -> Document:
    words = words_of(title, codes, group=group, path=path)
    code = " ".join(c for c in codes if c)
    return Document(
        label=label, subject=subject, group=group, kind=kind, path=path, title=title, code=code, words=words
    )


def _places(ids: Iterable[int]) -> Iterator[Document]:
    codes = dict(PlaceCode.objects.filter(place__in=ids, until=None).values_list("place", "code"))
    rows = Place.objects.filter(pk__in=ids).standing().order_by("pk")
    for pk, level, path, name in rows.values_list("pk", "level", "path", "name"):
        yield _document("places.place", pk, Group.PLACE, level, path, name, [codes.get(pk, "")])


def _people(label: str, model: Any, ids: Iterable[int]) -> Iterator[Document]:
    title, kind = ("name", "kind") if model is Unit else ("title", "role__key")
    rows = model.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "code", "place__path", title, kind)
    for pk, code, path, name, of in rows:
        yield _document(label, pk, Group.PEOPLE, of, path, name, [code])


def _records(label: str, model: Any, ids: Iterable[int]) -> Iterator[Document]:
    kinds = {k.pk: k for k in Kind.objects.filter(restricted=False)}
    has_number = any(f.name == "outer_number" for f in model._meta.get_fields())
    columns = ["pk", "kind_id", "path", "title", "business_key", *(["outer_number"] if has_number else [])]
    rows = model._default_manager.filter(pk__in=ids, kind__in=kinds).order_by("pk").values_list(*columns)
    for pk, kind_id, path, title, key, *number in rows:
        kind = kinds[kind_id]
        secret = personal_columns(kind)
        shown = "" if "title" in secret else title
        codes = [] if "business_key" in secret else [key, *number]
        yield _document(label, pk, NOUNS[Noun(kind.noun)], kind.key, path, shown, codes)


def personal_columns(kind: Kind) -> set[str]:
    """The fixed columns in which a kind keeps personal data."""
    return {f.attribute for f in kind.fields if getattr(f, "personal", False) and f.column}


def _follow(entries: Sequence[tuple[int, str, str, int]]) -> None:
    """Index the subjects of some entries of a journal."""
    labels = searched()
    subjects = defaultdict(set)
    for _seq, verb, label, pk in entries:
        if label in labels:
            subjects[label].add(pk)
        if verb in MOVING:
            _follow_move(pk)
    for label, ids in subjects.items():
        write(label, sorted(ids))
    if any(verb == PACKS for _seq, verb, _label, _pk in entries):
        _follow_packs()


def _follow_move(place: int) -> None:
    """What lay below a moved place may lie elsewhere now."""
    below = Document.objects.filter(path__contains=f"/{place}/")
    for label in below.order_by("label").values_list("label", flat=True).distinct():
        ids = list(below.filter(label=label).values_list("subject", flat=True))
        for start in range(0, len(ids), BATCH):
            write(label, ids[start : start + BATCH])


def _follow_packs() -> None:
    """A kind that has become restricted is not found any more; one that has been opened is found from now on."""
    Document.objects.filter(
        kind__in=Kind.objects.filter(restricted=True).values("key"), group__in=NOUNS.values()
    ).delete()
    known = set(Document.objects.filter(group__in=NOUNS.values()).values_list("kind", flat=True).distinct())
    for kind in Kind.objects.filter(restricted=False).exclude(key__in=known):
        for label, model in searched().items():
            if issubclass(model, Record):
                for ids in _batches(model._default_manager.filter(kind=kind)):
                    write(label, ids)


def _batches(rows: "models.QuerySet[Any]") -> Iterator[list[int]]:
    """The ids of rows, some at a time, in order."""
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]
