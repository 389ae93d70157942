"""Messages: who should know of what happened, found by following the journal; nobody who acts waits for it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.apps import apps
from django.utils.translation import gettext as _

from zijing.core.asking import ask
from zijing.core.worktime import day_of
from zijing.journal.acting import writing
from zijing.journal.following import Entry, Go, always, begin, head_of, lag, place_of, read_on
from zijing.outbox.machinery import Gauge, behind
from zijing.outbox.models import Message, Topic
from zijing.people.access import Actor, actor_of
from zijing.people.models import Holding, Post, in_force
from zijing.places.models import Place

READER = "messages"
KEPT_FOR = timedelta(days=90)
# More unread messages than these are not counted.
MOST = 100
# So many entries are read in less than a minute; more say that messages have stopped.
MOST_BEHIND = 20_000
SLICE = 1000


class Concern(NamedTuple):
    """The posts, and the units whose posts, an entry concerns; whether they should hear of it at night."""

    posts: Iterable[int] = ()
    units: Iterable[int] = ()
    urgent: bool = False


# By the number of an entry.
Concerned = Mapping[int, Concern]
Teller = Callable[[Sequence[Entry]], Concerned]
_tellers: dict[str, Teller] = {}
_topics: dict[str, str] = {}


def register_teller(verbs: Mapping[str, Topic], teller: Teller) -> None:
    """Let ``teller`` say whom entries with these verbs concern; by verb, what a message of it is about."""
    _tellers.update(dict.fromkeys(verbs, teller))
    _topics.update(verbs)


def topic_of(verb: str) -> str:
    """What a message of this verb is about."""
    return _topics.get(verb, Topic.WORK)


def catch_up(office: int, *, go: Go = always) -> int:
    """Tell what is new in an office's journal since the first time; how many entries are left."""
    if place_of(READER, office) is None:
        begin(READER, office, head_of(office))
    return read_on(READER, office, lambda entries: _telling(office, entries), go=go)


def measure(offices: Sequence[int]) -> Gauge:
    """How far the messages are behind the journals of these offices, for the machinery page."""
    return behind(_("messages"), lag(READER, offices), most=MOST_BEHIND)


def _telling(office: int, entries: Sequence[Entry]) -> Callable[[], object]:
    told: dict[Teller, list[Entry]] = defaultdict(list)
    for entry in entries:
        if teller := _tellers.get(entry.verb):
            told[teller].append(entry)
    messages = [m for teller, some in told.items() for m in _messages(office, some, teller(some))]
    messages.sort(key=lambda m: (m.seq, m.post_id))
    return lambda: Message.objects.bulk_create(messages, ignore_conflicts=True)


def _messages(office: int, entries: Sequence[Entry], concerned: Concerned) -> Iterator[Message]:
    """One for each post that somebody holds on the day and whose sight the record is in; not of its own acts."""
    staff = _staff({unit for concern in concerned.values() for unit in concern.units})
    wanted: dict[tuple[date, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        concern = concerned.get(entry.seq, Concern())
        for post in {*concern.posts, *(post for unit in concern.units for post in staff[unit])} - {entry.post}:
            wanted[day_of(entry.happened_at), post].append(entry)
    by_day = {day: readers({p for d, p in wanted if d == day}, day) for day in {d for d, _post in wanted}}
    for (day, post), mine in wanted.items():
        if reader := by_day[day].get(post):
            seen = seen_by(reader, mine)
            for e in mine:
                if (e.subject_type, e.subject_id) in seen:
                    yield Message(
                        office_id=office, seq=e.seq, post_id=post, verb=e.verb, subject_type=e.subject_type,
                        subject_id=e.subject_id, at=e.happened_at, urgent=concerned[e.seq].urgent,
                    )  # fmt: skip


def readers(posts: Iterable[int], day: date) -> dict[int, Actor]:
    """Who acts in each of these posts on a day; none for a post that nobody holds."""
    held = Holding.objects.filter(in_force(day), in_force(day, "post__"), post__in=posts)
    return {
        holding.post_id: actor_of(holding, channel=READER, on=day)
        for holding in held.select_related("post__role", "post__office", "post__place")
    }


def seen_by(reader: Actor, entries: Iterable[Entry | Message]) -> set[tuple[str, int]]:
    """What some entries or messages are about, as far as a reader sees it."""
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[entry.subject_type].add(entry.subject_id)
    seen = set()
    for label, wanted in ids.items():
        rows = apps.get_model(label)._default_manager.visible_to(reader).filter(pk__in=wanted)
        seen |= {(label, pk) for pk in rows.values_list("pk", flat=True)}
    return seen


def _staff(units: Iterable[int]) -> dict[int, list[int]]:
    """The posts of units."""
    found: dict[int, list[int]] = defaultdict(list)
    for unit, post in Post.objects.filter(unit__in=units).values_list("unit", "pk"):
        found[unit].append(post)
    return found


def mark_read(*, actor: Actor, at: datetime, until: int) -> int:
    """Mark what the post was told, up to a message, as read; how many. No act: it is nobody else's business."""
    with writing():
        return Message.objects.visible_to(actor).unread().filter(pk__lte=until).update(read_at=at)


def unread(actor: Actor) -> int:
    """How many messages the post has not read, counted up to ``MOST``: every page asks it."""
    return ask(COUNT, [actor.post_id, MOST])[0][0] if actor.post_id else 0


COUNT = """SELECT count(*) FROM (
SELECT 1 FROM outbox_message WHERE post_id = %s AND read_at IS NULL LIMIT %s) AS unread"""


def sweep(office: Place, at: datetime) -> int:
    """Take away an office's messages, read or not, that are older than ninety days; how many."""
    old, swept = Message.objects.filter(office=office, at__lt=at - KEPT_FOR).values_list("pk", flat=True), 0
    while ids := list(old[:SLICE]):
        with writing():
            swept += Message.objects.filter(pk__in=ids).delete()[0]
    return swept
