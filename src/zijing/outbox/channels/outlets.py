"""Verbs of the channels: what an office lets out, the robots of its groups, and what a person wants by mail."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Missing
from zijing.core.sealing import seal
from zijing.core.worktime import day_of
from zijing.journal.acting import act
from zijing.outbox.channels import MAIL, mail, robots
from zijing.outbox.channels.composing import rules_of
from zijing.outbox.channels.sending import CODE_GOOD, code_of
from zijing.outbox.models import ChannelRules, Delivery, Message, Outlet, Topic, Wish
from zijing.people.access import Actor, require
from zijing.people.models import Account, Holding, Unit, in_force

RIGHT = "machinery.channels"
TRIES, CODES, WITHIN = 5, 5, timedelta(hours=1)


def keep_rules(
    *, actor: Actor, at: datetime, mail: bool, topics: Sequence[str], quiet_from: time, quiet_until: time,
    quiet_days_off: bool, digest_at: time,
) -> None:  # fmt: skip
    """Say what the own office lets out and when it is quiet."""
    require(actor, RIGHT)
    wanted = {
        "mail": mail, "topics": _topics(topics), "quiet_from": quiet_from, "quiet_until": quiet_until,
        "quiet_days_off": quiet_days_off, "digest_at": digest_at,
    }  # fmt: skip
    with act(actor, at) as a:
        kept, _made = ChannelRules.objects.get_or_create(office_id=actor.office_id)
        changes = {name: [str(getattr(kept, name)), str(v)] for name, v in wanted.items() if getattr(kept, name) != v}
        ChannelRules.objects.filter(pk=kept.pk).update(**wanted)
        a.record("channels.keep_rules", kept, changes, path=actor.office_path)


def _topics(topics: Sequence[str]) -> list[str]:
    if unknown := set(topics) - set(Topic.values):
        raise Invalid(_("There is no such topic: “%(topic)s”."), field="topics", topic=min(unknown)[:20])
    return [topic for topic in Topic.values if topic in topics]


def open_group(
    *, actor: Actor, at: datetime, channel: str, unit: Unit, address: str, secret: str = "", topics: Sequence[str],
    rhythm: str,
) -> Outlet:  # fmt: skip
    """Let a group's robot tell what the posts of a unit are told. The address is sealed, and shown to nobody again."""
    require(actor, RIGHT)
    if channel not in robots.CHANNELS:
        raise Invalid(_("There is no such channel."), field="channel")
    robots.refuse_foreign(address.strip())
    if unit.office_id != actor.office_id:
        raise Missing(_("There is no such unit in your office."), field="unit")
    with act(actor, at) as a:
        made = Outlet.objects.create(
            office_id=actor.office_id, channel=channel, title=unit.name, address=seal(address.strip()),
            secret=seal(secret.strip()) if secret.strip() else "", language=_language(), rhythm=_rhythm(rhythm),
            made_at=timezone.now(), open_at=at, **_newest(),
        )  # fmt: skip
        Wish.objects.create(outlet=made, unit=unit, topics=_topics(topics))
        a.record("channels.open_group", made, {"channel": [None, channel]}, path=actor.office_path)
        return made


def _rhythm(rhythm: str) -> str:
    if rhythm not in Outlet.Rhythm.values:
        raise Invalid(_("There is no such rhythm."), field="rhythm")
    return rhythm


def _language() -> str:
    return translation.get_language() or "zh-hans"


def _newest() -> dict[str, int]:
    """An outlet begins with what is told from now on."""
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return {"told": newest, "told_urgent": newest}


def close_group(*, actor: Actor, at: datetime, outlet: Outlet) -> None:
    """End a group's robot; its address is forgotten."""
    require(actor, RIGHT)
    with act(actor, at) as a:
        _close(Outlet.objects.filter(pk=_own(actor, outlet).pk, account=None))
        a.record("channels.close_group", outlet, path=actor.office_path)


def _close(outlets: Any) -> None:
    ended = {"closed_at": timezone.now(), "address": "", "secret": ""}
    if not outlets.filter(closed_at=None).update(**ended):
        raise Conflict(_("This channel is closed already."))


def _own(actor: Actor, outlet: Outlet) -> Outlet:
    if outlet.office_id != actor.office_id:
        raise Missing(_("There is no such channel in your office."))
    return outlet


def try_out(*, actor: Actor, at: datetime, outlet: Outlet) -> None:
    """Send a trial by a group's robot, to see whether it arrives."""
    require(actor, RIGHT)
    with act(actor, at) as a:
        if _own(actor, outlet).closed_at is not None:
            raise Conflict(_("This channel is closed already."))
        _deliver(outlet, Delivery.Purpose.TRIAL)
        a.record("channels.try_out", outlet, path=actor.office_path)


def _deliver(outlet: Outlet, purpose: str) -> None:
    """At most five such letters an hour to one outlet: a form is no way to fill somebody's letter box."""
    now = timezone.now()
    if Delivery.objects.filter(outlet=outlet, purpose=purpose, made_at__gt=now - WITHIN).count() >= CODES:
        raise Conflict(_("That was enough for an hour; try again later."))
    Delivery.objects.create(outlet=outlet, purpose=purpose, made_at=now, due_at=now)


def send_again(*, actor: Actor, at: datetime, delivery: Delivery) -> None:
    """Try once more what was given up or is unclear. ``Conflict`` for anything else."""
    require(actor, RIGHT)
    _own(actor, delivery.outlet)
    anew = {
        "state": Delivery.State.WAITING, "attempts": 0, "due_at": timezone.now(), "claimed_at": None, "handed_at": None,
        "ended_at": None,
    }  # fmt: skip
    lost = Delivery.objects.filter(
        pk=delivery.pk, state__in=(Delivery.State.GIVEN_UP, Delivery.State.UNCLEAR), purpose=delivery.purpose
    )
    with act(actor, at) as a:
        if delivery.outlet.closed_at is not None or not lost.update(**anew):
            raise Conflict(_("Only what did not arrive can be sent again."))
        a.record("channels.send_again", delivery, path=actor.office_path)


def mail_of(account: Account) -> Outlet | None:
    """The address an account gave, proved or not."""
    return Outlet.objects.filter(account=account, channel=MAIL, closed_at=None).prefetch_related("wishes").first()


def offered(account: Account) -> list[str]:
    """The topics an account may have by mail; none where the operator or the office has no mail."""
    rules = rules_of(account.office_id) if account.office_id else ChannelRules()
    return list(rules.topics) if mail.is_set_up() and rules.mail else []


def give_address(*, actor: Actor, at: datetime, account: Account, address: str) -> None:
    """Give a mail address, in place of an earlier one; a code goes there that proves it is one's own."""
    _require_offer(account)
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise Invalid(_("This is not a mail address."), field="address") from error
    facts: dict[str, Any] = {"address": seal(address.strip()), "open_at": None, "code_at": timezone.now()}
    facts |= {"code_tries": 0, "language": _language()}
    with act(actor, at) as a:
        made, _new = Outlet.objects.update_or_create(
            account=account, channel=MAIL, closed_at=None, defaults=facts,
            create_defaults=facts | {"office_id": account.office_id, "made_at": timezone.now()},
        )  # fmt: skip
        _deliver(made, Delivery.Purpose.CODE)
        a.record("channels.give_address", account, path=actor.path)


def _require_offer(account: Account) -> None:
    if not offered(account):
        raise Conflict(_("Your office sends no mail."))


def prove_address(*, actor: Actor, at: datetime, account: Account, code: str) -> None:
    """Prove an address by the code that went there; five tries, half an hour.

    A wrong try counts although it changes nothing else.
    """
    now = timezone.now()
    with act(actor, at) as a:
        mine = Outlet.objects.filter(account=account, channel=MAIL, closed_at=None, open_at=None)
        fresh = mine.filter(code_at__gt=now - CODE_GOOD, code_tries__lt=TRIES)
        outlet = fresh.first()
        if not fresh.update(code_tries=F("code_tries") + 1):
            outlet = None
        right = outlet is not None and constant_time_compare(code_of(outlet), code.strip())
        if right and outlet is not None:
            mine.update(open_at=at, **_newest())
            _wish_everything(outlet, account, at)
            a.record("channels.prove_address", account, path=actor.path)
    if outlet is None:
        raise Conflict(_("This code is no longer good. Ask for a new one."), field="code")
    if not right:
        raise Invalid(_("This code is not right."), field="code")


def _wish_everything(outlet: Outlet, account: Account, at: datetime) -> None:
    """Who proves an address wants mail: of every post held, until something else is chosen."""
    if not outlet.wishes.exists():
        posts = posts_of(account, at)
        Wish.objects.bulk_create(Wish(outlet=outlet, post_id=post, topics=offered(account)) for post in posts)


def posts_of(account: Account, at: datetime) -> dict[int, str]:
    """The posts an account holds now, with their titles."""
    day = day_of(at)
    held = Holding.objects.filter(in_force(day), in_force(day, "post__"), account=account)
    return dict(held.order_by("since", "pk").values_list("post", "post__title"))


def choose(*, actor: Actor, at: datetime, account: Account, rhythm: str, topics: Mapping[int, Sequence[str]]) -> None:
    """Choose how often mail comes, and by post which topics it tells of, within what the office allows."""
    outlet, held, allowed = mail_of(account), posts_of(account, at), offered(account)
    if outlet is None or outlet.open_at is None:
        raise Conflict(_("Prove your mail address first."))
    with act(actor, at) as a:
        Outlet.objects.filter(pk=outlet.pk).update(rhythm=_rhythm(rhythm), language=_language())
        Wish.objects.filter(outlet=outlet).delete()
        chosen = {post: [t for t in _topics(wanted) if t in allowed] for post, wanted in topics.items() if post in held}
        Wish.objects.bulk_create(Wish(outlet=outlet, post_id=p, topics=wanted) for p, wanted in chosen.items())
        a.record("channels.choose", account, {"rhythm": [outlet.rhythm, rhythm]}, path=actor.path)


def stop_mail(*, actor: Actor, at: datetime, account: Account) -> None:
    """No mail any more; the address is forgotten."""
    with act(actor, at) as a:
        _close(Outlet.objects.filter(account=account, channel=MAIL))
        a.record("channels.stop_mail", account, path=actor.path)
