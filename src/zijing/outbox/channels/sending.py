"""Sending: a letter is claimed by one process, handed over, and noted; what fails is tried again with growing pauses.

At most once, as far as the protocols allow: neither SMTP nor a webhook can say afterwards whether a letter was taken.
So it is noted, before a letter is handed over, that from here on it may have arrived. What broke off earlier is tried
again; what broke off later is shown as unclear, and a person decides.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zijing.core.errors import Invalid
from zijing.core.sealing import blind, unseal
from zijing.journal.acting import in_turn
from zijing.outbox import pulse
from zijing.outbox.channels import CHANNELS, letters
from zijing.outbox.channels.composing import rules_of
from zijing.outbox.channels.faults import Fault, Later, Never, Unclear
from zijing.outbox.channels.letters import Letter, Target
from zijing.outbox.machinery import Gauge
from zijing.outbox.models import Delivery, DeliveryQuerySet, Outlet

logger = logging.getLogger(__name__)
Go = Callable[[], bool]
State, Purpose = Delivery.State, Delivery.Purpose
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360, 720))
# Whoever holds a claim so long has died: the longest sending ends much sooner.
SILENT = timedelta(minutes=10)
CODE_GOOD = timedelta(minutes=30)
KEPT = timedelta(days=90)
LATE, LATELY = timedelta(hours=1), timedelta(days=1)
LEAVING: dict[str, object] = {"claimed_at": None, "handed_at": None}


def send_due(channels: Sequence[str], go: Go) -> int:
    """Send what is due by these channels, the oldest first, until one is down; how many letters left."""
    _revive(timezone.now())
    return sum(_send_by(channel, go) for channel in channels)


def _send_by(channel: str, go: Go) -> int:
    sent = 0
    while go() and (delivery := _claim(channel)) is not None:
        fault = _attempt(delivery)
        sent += fault is None
        if isinstance(fault, Later) and fault.down:
            pulse.fail(channel, timezone.now(), note=_sentence(fault))
            return sent
    if sent:
        pulse.beat(channel, timezone.now())
    return sent


def _sentence(fault: Fault) -> str:
    return fault.fault if not fault.detail else f"{fault.fault} {fault.detail}"


def _claim(channel: str) -> Delivery | None:
    """The delivery that is due longest, now of this process and no other."""
    while True:
        now = timezone.now()
        waiting = Delivery.objects.filter(state=State.WAITING, due_at__lte=now, outlet__channel=channel)
        found = waiting.select_related("outlet__account").order_by("due_at", "pk").first()
        if found is None:
            return None
        claim = {"state": State.UNDERWAY, "claimed_at": now, "handed_at": None, "attempts": found.attempts + 1}
        with in_turn():
            if Delivery.objects.filter(pk=found.pk, state=State.WAITING, attempts=found.attempts).update(**claim):
                found.claimed_at, found.attempts = now, found.attempts + 1
                return found


def _attempt(delivery: Delivery) -> Fault | None:
    """Try once and note how it went; what went wrong, None if nothing did."""
    fault: Fault | None = None
    try:
        target = _target(delivery)
        with translation.override(delivery.outlet.language):
            letter = letter_of(delivery)
        CHANNELS[delivery.outlet.channel](target, letter, lambda: _handing(delivery))
    except Fault as failed:
        fault = failed
    except Exception as error:
        logger.exception("delivery %s failed", delivery.pk)
        fault = (Unclear if delivery.handed_at else Later)("broken", type(error).__name__)
    _note(delivery, fault)
    return fault


def _target(delivery: Delivery) -> Target:
    outlet = delivery.outlet
    wanted = Outlet.objects.filter(pk=outlet.pk, closed_at=None)
    if delivery.purpose == Purpose.NEWS:
        wanted = wanted.exclude(open_at=None)
    if outlet.account is not None:
        wanted = wanted.filter(account__is_active=True)
    if not (outlet.account is None or rules_of(outlet.office_id).mail) or not wanted.exists():
        raise Never("closed")
    try:
        address, secret = unseal(outlet.address), unseal(outlet.secret) if outlet.secret else ""
    except Invalid as error:
        raise Never("sealed") from error
    return Target(address, secret, f"{delivery.pk}.{blind(f'delivery:{delivery.pk}')}")


def letter_of(delivery: Delivery) -> Letter:
    """The text of a delivery, made when it is sent."""
    match delivery.purpose:
        case Purpose.CODE:
            return letters.code(code_of(delivery.outlet), int(CODE_GOOD.total_seconds() // 60))
        case Purpose.TRIAL:
            return letters.trial()
    group = str(delivery.outlet) if delivery.outlet.account_id is None else ""
    return letters.news(delivery.counts, more=delivery.more, urgent=delivery.urgent, group=group)


def code_of(outlet: Outlet) -> str:
    """The six digits that prove an address: made from it, this installation's key, and when they were asked for."""
    asked = outlet.code_at.isoformat() if outlet.code_at else ""
    return f"{int(blind(f'address:{outlet.pk}:{outlet.address}:{asked}'), 16) % 1_000_000:06d}"


def _handing(delivery: Delivery) -> None:
    """From here on the letter may have arrived; ``Later`` if another process has taken the delivery over."""
    now = timezone.now()
    with in_turn():
        if not _mine(delivery).update(handed_at=now):
            raise Later("deferred")
    delivery.handed_at = now


def _mine(delivery: Delivery) -> DeliveryQuerySet:
    return Delivery.objects.filter(pk=delivery.pk, state=State.UNDERWAY, claimed_at=delivery.claimed_at)


def _note(delivery: Delivery, fault: Fault | None) -> None:
    now = timezone.now()
    said: dict[str, object] = {"fault": fault.fault if fault else "", "detail": fault.detail[:40] if fault else ""}
    tries = delivery.attempts
    if isinstance(fault, Later) and tries <= len(PAUSES):
        said |= {"state": State.WAITING, "due_at": now + (fault.wait or PAUSES[tries - 1]), **LEAVING}
    else:
        state = State.UNCLEAR if isinstance(fault, Unclear) else State.GIVEN_UP if fault else State.SENT
        said |= {"state": state, "ended_at": now}
    with in_turn():
        _mine(delivery).update(**said)
    if fault:
        logger.warning("delivery %s by %s: %s", delivery.pk, delivery.outlet.channel, _sentence(fault))


def _revive(now: datetime) -> None:
    """What a dead process had claimed: before it was handed over it waits again, after that it is unclear."""
    silent = Delivery.objects.filter(state=State.UNDERWAY, claimed_at__lt=now - SILENT)
    if not silent.exists():
        return
    with in_turn():
        silent.exclude(handed_at=None).update(state=State.UNCLEAR, fault="killed", detail="", ended_at=now)
    with in_turn():
        silent.filter(handed_at=None).update(state=State.WAITING, claimed_at=None)


def measure(offices: Sequence[int]) -> Gauge:
    """How the deliveries of these offices are, for the machinery page: what waits too long, what was given up."""
    now, lost = timezone.now(), Q(state__in=(State.GIVEN_UP, State.UNCLEAR), ended_at__gt=timezone.now() - LATELY)
    there = Q(state__in=(State.WAITING, State.UNDERWAY))
    found = Delivery.objects.filter(there | lost, outlet__office__in=offices).aggregate(
        waiting=Count("pk", filter=there), since=Min("made_at", filter=there), lost=Count("pk", filter=lost)
    )
    shown = _("%(waiting)d waiting, %(lost)d not delivered in a day") % found
    well = not found["lost"] and (found["since"] is None or found["since"] > now - LATE)
    return Gauge(_("mail and group robots"), shown, well=well)


def sweep(now: datetime) -> int:
    """Take away what ended ninety days ago; how many."""
    with in_turn():
        return Delivery.objects.filter(ended_at__lt=now - KEPT).delete()[0]
