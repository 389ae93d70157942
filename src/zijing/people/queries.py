"""Reads for the administrators: accounts, posts and the sign-in log, a page at a time, in few queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from zijing.people.access import Actor
from zijing.people.actions import token_digest
from zijing.people.models import Account, Holding, Post, Screen, SecondFactor, SignIn, Token, Unit
from zijing.places.models import Place

SIZE = 50


@dataclass(frozen=True)
class Part:
    """A page of rows; ``after`` is where the next one begins, "" on the last."""

    rows: list[Any]
    after: str


def _part(rows: Any, key: str) -> Part:
    found = list(rows[: SIZE + 1])
    return Part(found[:SIZE], str(getattr(found[SIZE - 1], key)) if len(found) > SIZE else "")


def accounts(actor: Actor, text: str = "", after: str = "") -> Part:
    """Accounts of the actor's office by user name, with posts held, second factor and last signing in."""
    seen = Account.objects.visible_to(actor).filter(Q(username__icontains=text) | Q(label__icontains=text))
    last = SignIn.objects.filter(account=OuterRef("pk"), outcome=SignIn.Outcome.IN).order_by("-pk").values("at")[:1]
    factor = SecondFactor.objects.filter(account=OuterRef("pk")).exclude(confirmed_at=None)
    held = Holding.objects.select_related("post__role").order_by("since")
    rows = seen.filter(username__gt=after).order_by("username").prefetch_related(Prefetch("holdings", held))
    return _part(rows.annotate(last_in=Subquery(last), has_factor=Exists(factor)), "username")


def holdings_and_keys(account: Account) -> tuple[list[Holding], list[Token]]:
    """Every post an account holds or held, and every key made for it, the newest first."""
    held = Holding.objects.filter(account=account).select_related("post__role", "post__unit", "post__office")
    keys = Token.objects.filter(holding__account=account).select_related("holding__post")
    return list(held.order_by("-since", "-pk")), list(keys.order_by("-pk"))


def posts(actor: Actor, text: str = "", after: str = "") -> Part:
    """Posts of the actor's office and those below by code, with unit, role and who holds them."""
    seen = Post.objects.visible_to(actor).filter(Q(code__icontains=text) | Q(title__icontains=text))
    held = Holding.objects.select_related("account").order_by("since")
    rows = seen.filter(code__gt=after).select_related("unit", "role", "place", "office").order_by("code", "pk")
    return _part(rows.prefetch_related(Prefetch("holdings", held)), "code")


def units(actor: Actor, text: str = "", after: str = "") -> Part:
    """Units of the actor's office and those below by code."""
    seen = Unit.objects.visible_to(actor).filter(Q(code__icontains=text) | Q(name__icontains=text))
    return _part(seen.filter(code__gt=after).select_related("place", "parent").order_by("code", "pk"), "code")


def sign_ins(actor: Actor, *, name: str = "", outcome: str = "", since: date | None = None, after: str = "") -> Part:
    """The sign-in log, the newest first."""
    seen = SignIn.objects.visible_to(actor).select_related("account").order_by("-pk")
    if name:
        seen = seen.filter(account__username=name)
    if outcome:
        seen = seen.filter(outcome=outcome)
    if since:
        seen = seen.filter(at__date__gte=since)
    if after.isdecimal() and len(after) < 19:
        seen = seen.filter(pk__lt=int(after))
    return _part(seen, "pk")


def office_of_screen(key: str) -> Place | None:
    """The office whose board a screen with this key shows; None for an unknown or ended key."""
    found = Screen.objects.filter(digest=token_digest(key), revoked_at=None).select_related("office").first()
    return found.office if found else None
