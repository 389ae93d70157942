"""Keep the index up with the journal; nothing here is waited for by whoever enters a record."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from zijing.core.worktime import day_of
from zijing.journal.acting import writing
from zijing.journal.following import Entry, Go, always, begin, head_of, lag, place_of, read_on
from zijing.journal.models import Bookmark, ChainHead, JournalEntry
from zijing.outbox.machinery import Gauge, behind
from zijing.people.models import Assignment, Post, Unit
from zijing.places.models import Place, PlaceCode
from zijing.records.models import Kind, Noun, Record
from zijing.search.models import Document, Group
from zijing.search.words import holder_words, words_of

READER = "search"
BATCH = 500
MOST_BEHIND = 20_000
# Pages of SQLite's word lists merged in one turn at writing.
MERGED = 200
NOUNS = {
    Noun.REGISTER: Group.REGISTER, Noun.CASE: Group.CASE, Noun.COMMITMENT: Group.COMMITMENT,
    Noun.ACTIVITY: Group.ACTIVITY,
}  # fmt: skip
# After these a place's records lie elsewhere.
MOVING = frozenset({"places.move", "places.merge"})
# After these a record, and those about it, are given to somebody else.
GIVING = frozenset({"people.assign", "people.unassign", "registers.entry.merge"})
PACKS = "packs.apply"
WRITTEN = ("group", "kind", "path", "title", "code", "words")


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
    if place_of(READER, office) is None:
        head = head_of(office)
        if read_tables(office, go=go):
            begin(READER, office, head)
        return lag(READER, [office])
    return read_on(READER, office, lambda entries: partial(_follow, entries), limit=limit, go=go)


def measure(offices: Sequence[int]) -> Gauge:
    """How far the index is behind the journals of these offices, for the machinery page."""
    return behind(_("search index"), lag(READER, offices), most=MOST_BEHIND)


def rebuild(*, tell: Callable[[str, int], None] = lambda label, n: None) -> int:
    """Throw the index away and read every table anew; returns how many things can be found."""
    heads = dict(ChainHead.objects.values_list("office", "seq"))
    Bookmark.objects.filter(reader=READER).delete()
    Document.objects.all().delete()
    for label, model in searched().items():
        for ids in _batches(model._default_manager.all()):
            write(label, ids)
            tell(label, len(ids))
    Bookmark.objects.bulk_create([Bookmark(reader=READER, office=office, seq=seq) for office, seq in heads.items()])
    merge_lists()
    return int(Document.objects.count())


def read_tables(office: int, *, go: Go = always) -> bool:
    """Index all of one office from its tables; whether it came to the end."""
    for label, model in searched().items():
        mine = Q(office=office) | Q(pk=office) if model is Place else Q(office=office)
        for ids in _batches(model._default_manager.filter(mine)):
            if not go():
                return False
            write(label, ids)
    merge_lists()
    return True


def merge_lists() -> None:
    """Make one list of each word of the many that reading much has left in SQLite: searches take a third of the time.

    It is done in steps of a few hundredths of a second, so that others write meanwhile. PostgreSQL has one list.
    """
    if connection.vendor != "sqlite":
        return
    pages = -MERGED  # a negative number begins with all lists, a positive one goes on
    while _merged(pages) > 1:
        pages = MERGED


def _merged(pages: int) -> int:
    """Merge lists up to so many pages; less than two changes of the database say that nothing was left to do."""
    with writing(), connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        [before] = cursor.fetchone()
        cursor.execute("INSERT INTO search_words (search_words, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        [after] = cursor.fetchone()
        return int(after - before)


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
    label: str, subject: int, group: Group, kind: str, path: str, title: str, codes: Sequence[str],
    holders: Iterable[str] = (),
) -> Document:  # fmt: skip
    words = words_of(title, codes, group=group, path=path, holders=holders)
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
    rows: list[Record] = list(model._default_manager.filter(pk__in=ids, kind__in=kinds).order_by("pk"))
    holders = _holders(label, rows)
    for row in rows:
        kind = kinds[row.kind_id]
        secret = personal_columns(kind)
        shown = "" if "title" in secret else row.title
        codes = [] if "business_key" in secret else [row.business_key]
        yield _document(label, row.pk, NOUNS[Noun(kind.noun)], kind.key, row.path, shown, codes, holders[row.pk])


def _holders(label: str, rows: Sequence[Record]) -> dict[int, list[str]]:
    """The posts and units that see each of these records wherever it lies (``RecordQuerySet.visible_to``)."""
    days = [_last_day(office) for office in {row.office_id for row in rows}]
    lasting = Assignment.objects.filter(Q(until=None) | Q(until__gte=min(days))) if days else Assignment.objects.none()
    found = {row.pk: holder_words(None, row.unit_id) for row in rows}
    _give(found, lasting, label, {row.pk: row.pk for row in rows})
    for type_, column in rows[0].seen_through if rows else ():
        of_subject = lasting.exclude(part=Assignment.Part.APPROVER)
        _give(found, of_subject, type_, {row.pk: getattr(row, column) for row in rows if getattr(row, column)})
    return found


def _give(
    found: dict[int, list[str]], given: "models.QuerySet[Assignment]", type_: str, subjects: dict[int, int]
) -> None:
    """Add to ``found`` the holders of the subject of each record."""
    by_subject: dict[int, list[str]] = defaultdict(list)
    of_type = given.filter(subject_type=type_, subject_id__in=set(subjects.values()))
    for subject, post, unit in of_type.values_list("subject_id", "post", "unit"):
        by_subject[subject] += holder_words(post, unit)
    for pk, subject in subjects.items():
        found[pk] += by_subject[subject]


def _last_day(office: int) -> date:
    """The day of an office's last entry: what was taken back ended before it."""
    last = JournalEntry.objects.filter(office=office).order_by("-seq").values_list("happened_at", flat=True).first()
    return day_of(last) if last else date.min


def personal_columns(kind: Kind) -> set[str]:
    """The fixed columns in which a kind keeps personal data."""
    return {f.attribute for f in kind.fields if getattr(f, "personal", False) and f.column}


def _follow(entries: Sequence[Entry]) -> None:
    """Index the subjects of some entries of a journal."""
    subjects: dict[str, set[int]] = defaultdict(set)
    given: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        subjects[entry.subject_type].add(entry.subject_id)
        if entry.verb in GIVING:
            given[entry.subject_type].add(entry.subject_id)
        if entry.verb in MOVING:
            _follow_move(entry.subject_id)
    for label, model in searched().items():
        for type_, column in getattr(model, "seen_through", ()):
            about = model._default_manager.filter(**{f"{column}__in": given[type_]})
            subjects[label].update(about.values_list("pk", flat=True))
        _write_all(label, sorted(subjects[label]))
    if any(entry.verb == PACKS for entry in entries):
        _follow_packs()


def _follow_move(place: int) -> None:
    """What lay below a moved place may lie elsewhere now."""
    below = Document.objects.filter(path__contains=f"/{place}/")
    for label in below.order_by("label").values_list("label", flat=True).distinct():
        _write_all(label, list(below.filter(label=label).values_list("subject", flat=True)))


def _write_all(label: str, ids: Sequence[int]) -> None:
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
