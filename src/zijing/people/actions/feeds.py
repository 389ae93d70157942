"""Verbs on the private address of one's own calendar: take it, renew it, end it; and count who asks by it."""

import secrets
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError, Missing, Refused
from zijing.core.worktime import day_of
from zijing.journal.acting import act, writing
from zijing.people.access import Actor, actor_of
from zijing.people.actions.keys import token_digest
from zijing.people.models import Feed, Holding

HOURLY, HOUR = 120, timedelta(hours=1)


class TooOften(DomainError):
    """A calendar address is asked for more often than any calendar program does."""

    status = 429


def issue_feed(*, actor: Actor, at: datetime) -> str:
    """A new private address for the calendar of the actor's own post; an earlier one ends. Shown once."""
    holding = own_holding(actor)
    key = secrets.token_urlsafe(32)
    with act(actor, at) as a:
        Feed.objects.filter(holding=holding, revoked_at=None).update(revoked_at=at)
        feed = Feed.objects.create(digest=token_digest(key), holding=holding, issued_at=at)
        a.record("people.issue_feed", feed, {"post": [None, holding.post_id]}, path=holding.post.place.path)
    return key


def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """End the private address of the own calendar at once; ``Missing`` when there is none."""
    holding = own_holding(actor)
    with act(actor, at) as a:
        feed = Feed.objects.filter(holding=holding, revoked_at=None).first()
        if feed is None:
            raise Missing(_("There is no calendar address to end."))
        Feed.objects.filter(pk=feed.pk).update(revoked_at=at)
        a.record("people.revoke_feed", feed, path=holding.post.place.path)


def own_holding(actor: Actor) -> Holding:
    """The holding by which the actor acts."""
    held = Holding.objects.filter(post=actor.post_id, account=actor.account_id).select_related("post__place")
    holding = held.order_by("-since", "-pk").first() if actor.post_id and actor.account_id else None
    if holding is None:
        raise Refused(_("Only who acts in a post has a calendar."))
    return holding


def reader_of_feed(key: str, *, at: datetime) -> Feed | None:
    """Who reads by a private address at real time ``at``; None for an unknown or ended one.

    ``TooOften`` after so many requests in an hour; counted by a conditional update, so that every process counts.
    """
    related = ("holding__post__role", "holding__post__office", "holding__post__place", "holding__account")
    feed = Feed.objects.filter(digest=token_digest(key), revoked_at=None).select_related(*related).first()
    if feed is None or not feed.holding.account.is_active:
        return None
    with writing():
        begun = Feed.objects.filter(pk=feed.pk).exclude(hour__gt=at - HOUR).update(hour=at, asked=1)
        counted = begun or Feed.objects.filter(pk=feed.pk, asked__lt=HOURLY).update(asked=F("asked") + 1)
    if not counted:
        raise TooOften(_("This calendar is asked for too often. Let the program ask every hour or less."))
    return feed


def actor_of_feed(feed: Feed, at: datetime) -> Actor | None:
    """The actor a private address reads as at the office's time ``at``; None when the post has expired."""
    try:
        return actor_of(feed.holding, channel="feed", on=day_of(at))
    except Refused:
        return None
