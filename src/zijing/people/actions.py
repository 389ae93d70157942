"""Verbs on people: put units and posts of a ledger, open an account, assign a record, issue and revoke a token."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid, Missing
from zijing.core.rows import exists, insert
from zijing.core.worktime import ZONE
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.people.models import Account, Assignment, Holding, Post, Role, Token, Unit
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
            post, outcome = _put(a, Post, row["unit"].office_id, row["code"], wanted, "people.put_post")
            if row.get("account"):
                hold(actor=actor, at=at, post=post, username=row["account"], label=row["title"])
            outcomes.append(outcome)
    return outcomes


def hold(
    *, actor: Actor, at: datetime, post: Post, username: str, label: str = "", password: str | None = None
) -> Holding:
    """Let the account ``username`` (opened if new) hold ``post`` from the post's first day; again changes nothing."""
    require(actor, "people.write")
    with act(actor, at) as a:
        account = Account.objects.filter(username=username).first()
        if account is None:
            account = Account.objects.create_user(username, password, label=label or username)
            a.record("people.open_account", account, path=post.place.path)
        holding = Holding.objects.filter(post=post, account=account, until=None).first()
        if holding is None:
            holding = Holding.objects.create(post=post, account=account, since=post.since)
            a.record("people.hold", holding, {"post": [None, post.pk]}, path=post.place.path)
        return holding


def end_post(*, actor: Actor, at: datetime, post: Post, last_day: date) -> None:
    """Let a post end after ``last_day``; who holds it can no longer act in it."""
    require(actor, "people.write")
    with act(actor, at) as a:
        Post.objects.filter(pk=post.pk).update(until=last_day)
        a.record("people.end_post", post, {"until": [post.until, last_day]}, path=post.place.path)


def set_password(*, actor: Actor, at: datetime, account: Account, password: str) -> None:
    """Set a password that the validators have accepted."""
    require(actor, "people.write")
    with act(actor, at) as a:
        account.set_password(password)
        account.save(update_fields=["password"])
        a.record("people.set_password", account)


def assign(
    *, actor: Actor, at: datetime, subject: models.Model, path: str, part: str, to: Iterable[Unit | Post]
) -> list[Assignment]:
    """Make ``to`` the holders of this part of a record; earlier holders of the same part end the day before."""
    label, day = subject._meta.label_lower, at.astimezone(ZONE).date()
    wanted = list(to)
    with act(actor, at) as a:
        parts = {"subject_type": label, "subject_id": subject.pk, "part": part}
        lasting = Assignment.objects.filter(Q(until=None) | Q(until__gte=day), **parts)
        standing = list(lasting) if exists(Assignment, **parts) else []
        keep = {(s.unit_id, s.post_id): s for s in standing}
        result = []
        for holder in wanted:
            key = (holder.pk, None) if isinstance(holder, Unit) else (None, holder.pk)
            kept = keep.pop(key, None)
            result.append(
                kept
                or insert(
                    Assignment(
                        subject_type=label,
                        subject_id=subject.pk,
                        path=path,
                        unit_id=key[0],
                        post_id=key[1],
                        part=part,
                        since=day,
                    )
                )
            )
            if kept is None:
                a.record("people.assign", subject, {part: [None, {"unit": key[0], "post": key[1]}]}, path=path)
        for gone in keep.values():
            Assignment.objects.filter(pk=gone.pk).update(until=day - timedelta(days=1))
            a.record(
                "people.unassign", subject, {part: [{"unit": gone.unit_id, "post": gone.post_id}, None]}, path=path
            )
        return result


def issue_token(*, actor: Actor, at: datetime, username: str, post_code: str, label: str) -> str:
    """A new API key for an account in a post; shown once, kept as a digest.

    ``Missing`` when the account holds no such post.
    """
    require(actor, "people.write")
    held = Holding.objects.visible_to(actor).filter(account__username=username, post__code=post_code, until=None)
    holding = held.filter(post__office=actor.office_id).first() or held.first()
    if holding is None:
        raise Missing(_("“%(account)s” does not hold a post “%(post)s”."), account=username, post=post_code)
    key = secrets.token_urlsafe(32)
    with act(actor, at) as a:
        token = Token.objects.create(digest=token_digest(key), holding=holding, label=label, created_at=at)
        a.record("people.issue_token", token, {"post": [None, holding.post_id]}, path=holding.post.place.path)
    return key


def revoke_token(*, actor: Actor, at: datetime, token: Token) -> None:
    """End a key at once."""
    require(actor, "people.write")
    with act(actor, at) as a:
        Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at)
        a.record("people.revoke_token", token, path=token.holding.post.place.path)


def token_digest(key: str) -> str:
    """What is stored of a key: the keys are random and long, so a plain SHA-256 suffices."""
    return hashlib.sha256(key.encode()).hexdigest()
