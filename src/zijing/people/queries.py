"""Reads for the administrators: accounts, posts and the sign-in log, a page at a time, in few queries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, Subquery

from zijing.people.access import ADMINISTRATORS, Actor
from zijing.people.actions import token_digest
from zijing.people.models import Account, Assignment, Holding, Post, Screen, SecondFactor, SignIn, Token, Unit, in_force
from zijing.places.models import OFFICES, Place

SIZE = 50


@dataclass(frozen=True)
class Part:
    """A page of rows; ``after`` is where the next one begins, "" on the last."""

    rows: list[Any]
    after: str


def part_of(rows: Any, key: str) -> Part:
    """The first page of ``rows``, which are ordered by ``key`` and begin where the page before has ended."""
    found = list(rows[: SIZE + 1])
    return Part(found[:SIZE], str(getattr(found[SIZE - 1], key)) if len(found) > SIZE else "")


def accounts(actor: Actor, text: str = "", after: str = "") -> Part:
    """Accounts of the actor's office by user name, with posts held, second factor and last signing in."""
    seen = Account.objects.visible_to(actor).filter(Q(username__icontains=text) | Q(label__icontains=text))
    last = SignIn.objects.filter(account=OuterRef("pk"), outcome=SignIn.Outcome.IN).order_by("-pk").values("at")[:1]
    factor = SecondFactor.objects.filter(account=OuterRef("pk")).exclude(confirmed_at=None)
    held = Holding.objects.select_related("post__role").order_by("since")
    rows = seen.filter(username__gt=after).order_by("username").prefetch_related(Prefetch("holdings", held))
    return part_of(rows.annotate(last_in=Subquery(last), has_factor=Exists(factor)), "username")


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
    return part_of(rows.prefetch_related(Prefetch("holdings", held)), "code")


def units(actor: Actor, text: str = "", after: str = "") -> Part:
    """Units of the actor's office and those below by code."""
    seen = Unit.objects.visible_to(actor).filter(Q(code__icontains=text) | Q(name__icontains=text))
    return part_of(seen.filter(code__gt=after).select_related("place", "parent").order_by("code", "pk"), "code")


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
    return part_of(seen, "pk")


def office_of_screen(key: str) -> Place | None:
    """The office whose board a screen with this key shows; None for an unknown or ended key."""
    found = Screen.objects.filter(digest=token_digest(key), revoked_at=None).select_related("office").first()
    return found.office if found else None


@dataclass(frozen=True)
class Standing:
    """What an office has been set up with: how many places below it, units and posts, and the posts nobody holds."""

    places: int
    units: int
    posts: int
    vacant: list[Post]


def standing(actor: Actor, on: date) -> Standing:
    """How far the actor's office has been set up."""
    places = Place.objects.visible_to(actor).standing().exclude(level__in=OFFICES)
    known = Post.objects.visible_to(actor).filter(in_force(on), office=actor.office_id)
    held = Holding.objects.filter(in_force(on), post=OuterRef("pk"))
    vacant = known.filter(~Exists(held)).select_related("unit").order_by("code")
    units_ = Unit.objects.visible_to(actor).filter(office=actor.office_id)
    return Standing(places.count(), units_.count(), known.count(), list(vacant))


def closed(actor: Actor, on: date) -> list[Account]:
    """The accounts of the actor's office that hold a post and let nobody in: no password yet, or locked."""
    held = Holding.objects.filter(in_force(on), account=OuterRef("pk"))
    mine = Account.objects.visible_to(actor).filter(Exists(held), office=actor.office_id)
    without = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return list(mine.filter(Q(is_active=False) | without).order_by("username"))


def refused_since(actor: Actor, since: datetime) -> list[tuple[str, int]]:
    """How often signing in was refused since a moment (real time), by outcome, the most frequent first."""
    let_in = (SignIn.Outcome.IN, SignIn.Outcome.OUT, SignIn.Outcome.UNLOCKED)
    seen = SignIn.objects.visible_to(actor).filter(at__gte=since).exclude(outcome__in=let_in)
    return list(seen.values_list("outcome").annotate(n=Count("pk")).order_by("-n", "outcome"))


@dataclass(frozen=True)
class Given:
    """Who a record is given to, and was."""

    standing: list[Assignment]
    ended: list[Assignment]


def given_to(subject: Model, on: date) -> Given:
    """The assignments of a record the reader may see, by part; those to come are standing ones."""
    rows = Assignment.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    found = list(rows.select_related("unit", "post__unit").order_by("part", "since", "pk"))
    standing = [a for a in found if a.until is None or a.until >= on]
    return Given(standing, [a for a in found if a.until is not None and a.until < on])


def receivers(actor: Actor, on: date) -> tuple[list[Unit], list[Post]]:
    """The units and posts of the office that a record may be given to: no administrator's, none that ended."""
    units_ = Unit.objects.visible_to(actor).filter(office=actor.office_id).order_by("code")
    posts_ = Post.objects.visible_to(actor).filter(in_force(on), office=actor.office_id)
    return list(units_), list(posts_.exclude(role__key__in=ADMINISTRATORS).select_related("unit").order_by("code"))
