"""Verbs on keys: for the API, acting as an account in a post; for a wall screen, showing one board."""

import hashlib
import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Missing
from zijing.journal.acting import act
from zijing.people.access import Actor, require, require_office
from zijing.people.models import Holding, Screen, Token


def issue_token(*, actor: Actor, at: datetime, username: str, post_code: str, label: str) -> str:
    """A new API key for an account in a post; shown once, kept as a digest.

    ``Missing`` when the account holds no such post.
    """
    require(actor, "accounts.write")
    held = Holding.objects.visible_to(actor).filter(account__username=username, post__code=post_code, until=None)
    holding = held.filter(post__office=actor.office_id).first() or held.first()
    if holding is None:
        raise Missing(_("“%(account)s” does not hold a post “%(post)s”."), account=username, post=post_code)
    return issue_key(actor=actor, at=at, holding=holding, label=label)


def issue_key(*, actor: Actor, at: datetime, holding: Holding, label: str) -> str:
    """A new API key for a holding; shown once, kept as a digest."""
    require(actor, "accounts.write")
    require_office(actor, holding.post.office_id)
    if not label.strip():
        raise Invalid(_("Say what it is for."), field="label")
    key = secrets.token_urlsafe(32)
    with act(actor, at) as a:
        token = Token.objects.create(digest=token_digest(key), holding=holding, label=label.strip()[:60], created_at=at)
        a.record("people.issue_token", token, {"post": [None, holding.post_id]}, path=holding.post.place.path)
    return key


def revoke_token(*, actor: Actor, at: datetime, token: Token) -> None:
    """End a key at once."""
    require(actor, "accounts.write")
    require_office(actor, token.holding.post.office_id)
    with act(actor, at) as a:
        if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise Conflict(_("This key has ended already."))
        a.record("people.revoke_token", token, path=token.holding.post.place.path)


def issue_screen(*, actor: Actor, at: datetime, label: str) -> str:
    """A key for a wall screen of the actor's office; it opens the walls of its board and lists and nothing else."""
    require(actor, "accounts.write")
    if not label.strip():
        raise Invalid(_("Say where the screen hangs."), field="label")
    key = secrets.token_urlsafe(32)
    with act(actor, at) as a:
        screen = Screen.objects.create(
            digest=token_digest(key), office_id=actor.office_id, label=label.strip()[:60], issued_at=at
        )
        a.record("people.issue_screen", screen, path=screen.office.path)
    return key


def revoke_screen(*, actor: Actor, at: datetime, screen: Screen) -> None:
    """Let a screen show nothing any more."""
    require(actor, "accounts.write")
    require_office(actor, screen.office_id)
    with act(actor, at) as a:
        if not Screen.objects.filter(pk=screen.pk, revoked_at=None).update(revoked_at=at):
            raise Conflict(_("This key has ended already."))
        a.record("people.revoke_screen", screen, path=screen.office.path)


def token_digest(key: str) -> str:
    """What is stored of a key: the keys are random and long, so a plain SHA-256 suffices."""
    return hashlib.sha256(key.encode()).hexdigest()
