"""Messages: who should know of what happened, found by following the journal; nobody who acts waits for it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from zijing.core.worktime import day_of
from zijing.journal.acting import writing
from zijing.journal.following import Entry, Go, always, begin, head_of, place_of, read_on
from zijing.outbox.models import Message
from zijing.people.access import Actor
from zijing.people.models import Holding, Post

READER = "messages"
# By the number of an entry: the posts, and the units whose posts, it concerns.
Concerned = Mapping[int, tuple[Iterable[int], Iterable[int]]]
Teller = Callable[[Sequence[Entry]], Concerned]
_tellers: dict[str, Teller] = {}


def register_teller(verbs: Iterable[str], teller: Teller) -> None:
    """Let ``teller`` say whom entries with these verbs concern."""
    _tellers.update(dict.fromkeys(verbs, teller))


def catch_up(office: int, *, go: Go = always) -> int:
    """Tell what is new in an office's journal since the first time; how many entries are left."""
    if place_of(READER, office) is None:
        begin(READER, office, head_of(office))
    return read_on(READER, office, lambda entries: _tell(office, entries), go=go)


def _tell(office: int, entries: Sequence[Entry]) -> None:
    told: dict[Teller, list[Entry]] = defaultdict(list)
    for entry in entries:
        if teller := _tellers.get(entry.verb):
            told[teller].append(entry)
    messages = [m for teller, some in told.items() for m in _messages(office, some, teller(some))]
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def _messages(office: int, entries: Sequence[Entry], concerned: Concerned) -> list[Message]:
    """One for each post that somebody holds on the day; who acted is not told of the own act."""
    staff = _staff({unit for _posts, units in concerned.values() for unit in units})
    wanted: dict[int, set[int]] = {}
    for entry in entries:
        posts, units = concerned.get(entry.seq, ((), ()))
        wanted[entry.seq] = {*posts, *(post for unit in units for post in staff[unit])} - {entry.post}
    holdings = defaultdict(list)
    for holding in Holding.objects.filter(post__in=set().union(*wanted.values())).only("post", "since", "until"):
        holdings[holding.post_id].append(holding)
    return [
        Message(
            office_id=office, seq=e.seq, post_id=post, verb=e.verb, subject_type=e.subject_type,
            subject_id=e.subject_id, at=e.happened_at,
        )
        for e in entries
        for post in sorted(wanted[e.seq])
        if any(h.covers(day_of(e.happened_at)) for h in holdings[post])
    ]  # fmt: skip


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
