"""Verbs on who serves where: units and posts of a ledger, who holds a post, who stands in for whom."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid
from zijing.core.worktime import day_of
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, refuse_oneself, refuse_two_administrators, require, require_office
from zijing.people.models import Account, Holding, Post, Role, Unit, in_force
from zijing.places.models import Place


def _changed(thing: models.Model, wanted: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in wanted.items() if getattr(thing, k) != v}


def _put(a: Act, model: type[Any], office: int, code: str, wanted: dict[str, Any], verb: str) -> tuple[Any, str]:
    """Create or change the row with this code; journal the columns that are no free text."""
    found = model._default_manager.filter(office=office, code=code).first()
    if found is None:
        made = model._default_manager.create(office_id=office, code=code, **wanted)
        a.record(verb, made, {"code": [None, code]}, path=made.place.path)
        return made, "created"
    changed = _changed(found, wanted)
    if not changed:
        return found, "same"
    for name, value in changed.items():
        setattr(found, name, value)
    found.save(update_fields=list(changed))
    a.record(f"{verb}.change", found, {"changed": [None, sorted(changed)]}, path=found.place.path)
    return found, "changed"


def put_units(*, actor: Actor, at: datetime, rows: list[dict[str, Any]]) -> list[str]:
    """Create or change units by code, parents before children. A row: code, name, kind, place, parent (code)."""
    require(actor, "people.write")
    outcomes = []
    with act(actor, at) as a:
        for row in rows:
            place: Place = row["place"]
            office = place.own_office_id
            require_office(actor, office)
            parent = None
            if row.get("parent"):
                parent = Unit.objects.filter(code=row["parent"], office=office).first()
                if parent is None:
                    raise Invalid(_("There is no unit with code %(code)s."), field="parent", code=row["parent"])
            wanted = {"name": row["name"], "kind": row["kind"], "place": place, "parent": parent}
            outcomes.append(_put(a, Unit, office, row["code"], wanted, "people.put_unit")[1])
    return outcomes


def put_posts(*, actor: Actor, at: datetime, rows: list[dict[str, Any]]) -> list[str]:
    """Create or change posts by code. A row: code, title, unit (Unit), role (key), place, since, account (user name).

    A named account is opened without a password when it is new, and holds the post from its first day.
    """
    require(actor, "people.write")
    roles = {r.key: r for r in Role.objects.all()}
    outcomes = []
    with act(actor, at) as a:
        for row in rows:
            if row["role"] not in roles:
                raise Invalid(
                    _("There is no role “%(role)s”. Apply the pack that defines it first."),
                    field="role",
                    role=row["role"],
                )
            place: Place = row.get("place") or row["unit"].place
            wanted = {
                "title": row["title"], "unit": row["unit"], "role": roles[row["role"]], "place": place,
                "since": row["since"], "until": row.get("until"),
            }  # fmt: skip
            require_office(actor, row["unit"].office_id)
            post, outcome = _put(a, Post, row["unit"].office_id, row["code"], wanted, "people.put_post")
            if outcome == "changed":
                _refuse_new_pairs(actor, post)
            if row.get("account"):
                hold(actor=actor, at=at, post=post, username=row["account"], label=row["title"])
            outcomes.append(outcome)
    return outcomes


def _refuse_new_pairs(actor: Actor, post: Post) -> None:
    """A post whose role has changed must not make an administrator of oneself, nor join two of them in its holders."""
    for holding in Holding.objects.filter(post=post).exclude(until__lt=post.since).select_related("account"):
        refuse_oneself(actor, holding.account)
        refuse_two_administrators(holding.account, post.role.key, holding.since, holding.until, besides=post)


def hold(
    *, actor: Actor, at: datetime, post: Post, username: str, label: str = "", password: str | None = None
) -> Holding:
    """Let the account ``username`` (opened if new) hold ``post`` from the post's first day; again changes nothing.

    ``Refused`` for oneself, and where it would join two of the three administrators in one person. A new account has
    no password, unless the software itself gives one: the security administrator lets it in.
    """
    _require_own(actor, post)
    with act(actor, at) as a:
        account = Account.objects.filter(username=username).first()
        if account is None:
            given = password if actor.is_system else None
            account = Account.objects.create_user(username, given, label=label or username, office_id=post.office_id)
            a.record("people.open_account", account, path=post.place.path)
        refuse_oneself(actor, account)
        holding = Holding.objects.filter(post=post, account=account, until=None, substitute=False).first()
        if holding is None:
            refuse_two_administrators(account, post.role.key, post.since, None)
            holding = Holding.objects.create(post=post, account=account, since=post.since)
            a.record("people.hold", holding, {"post": [None, post.pk]}, path=post.place.path)
        return holding


def _require_own(actor: Actor, post: Post) -> None:
    """The right to arrange posts, in one's own office: a county sees its offices' posts and does not fill them."""
    require(actor, "people.write")
    require_office(actor, post.office_id)


def end_holding(*, actor: Actor, at: datetime, holding: Holding, last_day: date) -> None:
    """Let a person hold a post no longer than ``last_day``, a substitution or the post itself."""
    _require_own(actor, holding.post)
    if last_day < holding.since - timedelta(days=1):
        raise Invalid(_("%(day)s is before the first day."), field="until", day=last_day)
    with act(actor, at) as a:
        Holding.objects.filter(pk=holding.pk).update(until=last_day)
        a.record("people.end_holding", holding, {"until": [holding.until, last_day]}, path=holding.post.place.path)


def stand_in(
    *, actor: Actor, at: datetime, post: Post, account: Account, since: date, until: date, reason: str
) -> Holding:
    """Let ``account`` act in ``post`` from ``since`` to ``until`` (both included) while its holder is away.

    It ends by itself; meanwhile the holder may still act. The journal names who acted in whose post. ``Invalid`` when
    the days are turned round, past, or beyond the post's own; ``Refused`` for oneself and for two administrators.
    """
    _require_own(actor, post)
    require_office(actor, account.office_id)
    refuse_oneself(actor, account)
    if not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if until < since or until < day_of(at):
        raise Invalid(_("The last day is past, or before the first."), field="until")
    if since < post.since or (post.until and until > post.until):
        raise Invalid(_("The post itself is not in force on all these days."), field="until")
    refuse_two_administrators(account, post.role.key, since, until)
    with act(actor, at) as a:
        if Holding.objects.filter(in_force(since), post=post, account=account).exists():
            raise Conflict(_("This person already holds this post then."))
        holding = Holding.objects.create(
            post=post, account=account, since=since, until=until, substitute=True, reason=reason.strip()[:200]
        )
        changes = {"post": [None, post.pk], "since": [None, since], "until": [None, until]}
        a.record("people.stand_in", holding, changes, path=post.place.path)
        return holding


def end_post(*, actor: Actor, at: datetime, post: Post, last_day: date) -> None:
    """Let a post end after ``last_day``; who holds it can no longer act in it."""
    _require_own(actor, post)
    with act(actor, at) as a:
        Post.objects.filter(pk=post.pk).update(until=last_day)
        a.record("people.end_post", post, {"until": [post.until, last_day]}, path=post.place.path)
