"""Who calls: a bearer token stands for one account in one post of an office, whose clock says when."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from ninja.security import HttpBearer

from zijing.core.stamps import Kept
from zijing.core.worktime import day_of
from zijing.people.access import Actor, actor_of
from zijing.people.actions import token_digest
from zijing.people.models import Holding, Token
from zijing.places import clock
from zijing.places.models import Place


@dataclass(frozen=True)
class Caller:
    """A call's actor, office and time."""

    actor: Actor
    holding: Holding
    office: Place
    at: datetime

    @property
    def today(self) -> date:
        return day_of(self.at)


class ApiRequest(HttpRequest):
    """A request whose bearer token was good."""

    auth: Caller


class Bearer(HttpBearer):
    """``Authorization: Bearer <key>``. An unknown or ended key is 401; one whose post has ended is 403."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:  # noqa: ARG002  # ninja's signature
        return caller_of(token)


def caller_of(token: str) -> Caller | None:
    """Whom a key stands for, None for an unknown or ended one; ``Refused`` when its post has ended."""
    digest = token_digest(token)
    holding = _known.get(digest, lambda: _holding(digest))
    if holding is None:
        return None
    office = holding.post.office
    at = clock.now(office)
    return Caller(actor_of(holding, channel="api", on=day_of(at)), holding, office, at)


# An ended key, a locked account or an ended post changes the stamp of people: what is kept is never out of date.
_known = Kept[Holding | None]()


def _holding(digest: str) -> Holding | None:
    keys = Token.objects.filter(digest=digest, revoked_at=None, holding__account__is_active=True)
    found = keys.select_related(
        "holding__account",
        "holding__post__role",
        "holding__post__office",
        "holding__post__place",
        "holding__post__unit",
    ).first()
    return found.holding if found else None
