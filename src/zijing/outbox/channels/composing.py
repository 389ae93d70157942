"""Digests: what was told since the last one goes out as one letter, when rhythm and quiet hours allow."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from zijing.core.asking import ask
from zijing.core.worktime import DAY, ZONE, day_of, day_off
from zijing.journal.acting import writing
from zijing.outbox.channels import MAIL
from zijing.outbox.messages import seen_by, topic_of
from zijing.outbox.models import ChannelRules, Delivery, Message, Outlet, Wish
from zijing.people.access import Actor, actor_of, onlooker
from zijing.people.models import Holding, in_force
from zijing.places.models import Place

# At least so long between two letters of one outlet. A robot takes twenty posts a minute; nobody reads them.
GAP, URGENT_GAP = timedelta(minutes=10), timedelta(minutes=1)
BUSY = (Delivery.State.WAITING, Delivery.State.UNDERWAY)


def rules_of(office: Place | int) -> ChannelRules:
    """What an office lets out; unsaved while it has said nothing: no mail, quiet at night and on days off."""
    pk = office.pk if isinstance(office, Place) else office
    return ChannelRules.objects.filter(office=pk).first() or ChannelRules(office_id=pk)


def is_quiet(rules: ChannelRules, at: datetime) -> bool:
    """Whether nothing but what is urgent goes out at a moment of the office's clock: at night, on days off."""
    local = at.astimezone(ZONE)
    if rules.quiet_days_off and day_off(local.date()):
        return True
    since, until, now = rules.quiet_from, rules.quiet_until, local.time()
    return since <= now < until if since <= until else now >= since or now < until


def slot(outlet: Outlet, rules: ChannelRules, at: datetime, *, urgent: bool) -> datetime | None:
    """Up to when messages belong into a letter that is due at ``at``; None when none is due."""
    last = (outlet.told_urgent_at if urgent else outlet.told_at) or outlet.open_at
    if last is not None and last > at:  # the clock was set back
        last = None
    if not urgent and is_quiet(rules, at):
        return None
    match "" if urgent else outlet.rhythm:
        case Outlet.Rhythm.DAY:
            until = _last_digest(rules, at)
            return until if last is None or last < until else None
        case Outlet.Rhythm.HOUR:
            until = at.replace(minute=0, second=0, microsecond=0)
            return until if last is None or last < until else None
    return at if last is None or at - last >= (URGENT_GAP if urgent else GAP) else None


def _last_digest(rules: ChannelRules, at: datetime) -> datetime:
    """The last time of day of the digest up to a moment, on a day that is not off where those are quiet."""
    day = day_of(at)
    while datetime.combine(day, rules.digest_at, ZONE) > at or (rules.quiet_days_off and day_off(day)):
        day -= DAY
    return datetime.combine(day, rules.digest_at, ZONE)


def compose(office: Place, at: datetime) -> int:
    """Make the letters that an office's outlets are due at ``at`` of its clock; how many.

    A letter and the outlet's place in the messages are written together, on condition of the place: a crash repeats or
    leaves out none, and of two processes one writes. While a letter waits no other is made: what happens meanwhile is
    in the next.
    """
    outlets = list(Outlet.objects.live().filter(office=office).select_related("account").prefetch_related("wishes"))
    if not outlets:
        return 0
    rules, made = rules_of(office), 0
    outlets = [o for o in outlets if o.channel != MAIL or (rules.mail and o.account and o.account.is_active)]
    waiting = set(
        Delivery.objects.filter(outlet__in=outlets, state__in=BUSY, purpose=Delivery.Purpose.NEWS).values_list(
            "outlet", "urgent"
        )
    )
    for urgent in (True, False):
        due = {o: slot(o, rules, at, urgent=urgent) for o in outlets if (o.pk, urgent) not in waiting}
        made += _compose({o: until for o, until in due.items() if until}, rules, at, urgent=urgent)
    return made


def _compose(due: dict[Outlet, datetime], rules: ChannelRules, at: datetime, *, urgent: bool) -> int:
    new = _new(list(due), urgent=urgent)
    messages = Message.objects.in_bulk({pk for found in new.values() for pk, _topics in found})
    made = 0
    for outlet, until in due.items():
        found = [(messages[pk], topics) for pk, topics in new[outlet.pk] if messages[pk].at <= until]
        if found:
            counts, more = _counted(outlet, rules, at, found)
            made += _put(outlet, counts, at, more=more, urgent=urgent, upto=max(m.pk for m, _t in found))
    return made


NEW = """SELECT o.id, w.id, m.id FROM outbox_outlet o
JOIN outbox_wish w ON w.outlet_id = o.id
JOIN people_post p ON p.id = w.post_id OR p.unit_id = w.unit_id
JOIN outbox_message m ON m.post_id = p.id AND m.read_at IS NULL AND m.urgent = %s
AND m.id > CASE WHEN m.urgent THEN o.told_urgent ELSE o.told END
WHERE o.id IN ({marks})"""


def _new(outlets: Sequence[Outlet], *, urgent: bool) -> dict[int, list[tuple[int, Sequence[str]]]]:
    """By outlet: the unread messages since its last letter, with the topics it wants of them."""
    found: dict[int, list[tuple[int, Sequence[str]]]] = defaultdict(list)
    wishes: dict[int, Wish] = {wish.pk: wish for outlet in outlets for wish in outlet.wishes.all()}
    if outlets:
        statement = NEW.format(marks=", ".join(["%s"] * len(outlets)))
        for outlet, wish, message in ask(statement, [urgent, *(o.pk for o in outlets)]):
            if wish in wishes:
                found[outlet].append((message, wishes[wish].topics))
    return found


def _counted(
    outlet: Outlet, rules: ChannelRules, at: datetime, found: Iterable[tuple[Message, Sequence[str]]]
) -> tuple[Counter[str], bool]:
    """How many events about which topic, and whether there is more that may not be counted.

    One event told to several posts of a person or of a unit counts once. A person is told of what is within the post's
    sight now; of what is restricted without a number, and a group not at all.
    """
    wanted = [(m, t) for m, topics in found if (t := topic_of(m.verb)) in topics and t in rules.topics]
    plain = _plain(m for m, _t in wanted)
    own = plain if outlet.account is None else _within_sight(outlet, at, [m for m, _t in wanted])
    events = {(m.office_id, m.seq): t for m, t in wanted if m.pk in plain & own}
    return Counter(events.values()), bool(own - plain)


def _plain(messages: Iterable[Message]) -> set[int]:
    """Those about what is not restricted."""
    by_office: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_office[message.office_id].append(message)
    offices = Place.objects.in_bulk(by_office)
    return {m.pk for office, some in by_office.items() for m in _seen(onlooker(offices[office]), some)}


def _within_sight(outlet: Outlet, at: datetime, messages: Sequence[Message]) -> set[int]:
    """Those that the account may see in the post it holds on the day."""
    by_post: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_post[message.post_id].append(message)
    day = day_of(at)
    held = Holding.objects.filter(in_force(day), in_force(day, "post__"), account=outlet.account, post__in=by_post)
    held = held.select_related("post__role", "post__office", "post__place")
    readers = {h.post_id: actor_of(h, channel=outlet.channel, on=day) for h in held}
    return {m.pk for post, reader in readers.items() for m in _seen(reader, by_post[post])}


def _seen(reader: Actor, messages: Sequence[Message]) -> list[Message]:
    seen = seen_by(reader, messages)
    return [m for m in messages if (m.subject_type, m.subject_id) in seen]


def _put(outlet: Outlet, counts: Counter[str], at: datetime, *, more: bool, urgent: bool, upto: int) -> int:
    """Move the outlet on and make its letter, if there is something to say; 0 when another process has."""
    place = ("told_urgent", "told_urgent_at") if urgent else ("told", "told_at")
    now = timezone.now()
    with writing():
        mine = Outlet.objects.filter(pk=outlet.pk, closed_at=None, **{place[0]: getattr(outlet, place[0])})
        if not mine.update(**dict(zip(place, (upto, at), strict=True))) or not (counts or more):
            return 0
        Delivery.objects.create(outlet=outlet, urgent=urgent, counts=dict(counts), more=more, made_at=now, due_at=now)
    return 1
