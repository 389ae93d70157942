"""Saved lists: a filter and columns under a name, one's own or shared with the office; and the columns chosen last."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Conflict, Invalid, Missing, Several
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.records.filters import parse
from zijing.records.models import Kind, SavedView
from zijing.records.tables import columns

LONGEST_TITLE, LONGEST_QUERY, MOST = 40, 2000, 30
SHARE = "views.share"


@dataclass(frozen=True)
class Views:
    """What an account finds above the list of a kind, and the columns it chose last (none: the usual ones)."""

    saved: list[SavedView] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def find(self, pk: str) -> SavedView | None:
        """The saved list with this id, if the account has it."""
        return next((view for view in self.saved if str(view.pk) == pk), None)


def views_of(actor: Actor, kind: Kind) -> Views:
    """The saved lists of a kind, the account's own first, and its columns; one query."""
    if actor.account_id is None:
        return Views()
    rows = list(SavedView.objects.visible_to(actor).filter(kind=kind).order_by("title", "pk"))
    own = next((row for row in rows if not row.title and row.account_id == actor.account_id), None)
    named = sorted((row for row in rows if row.title), key=lambda row: row.account_id != actor.account_id)
    return Views(named, standing(kind, own.columns) if own else [])


def standing(kind: Kind, chosen: Sequence[str]) -> list[str]:
    """The chosen columns that the kind still has; a later edition of its pack may have dropped some."""
    known = {c.key for c in columns(kind)}
    return [key for key in chosen if key in known]


def choose_columns(*, actor: Actor, at: datetime, kind: Kind, chosen: Sequence[str]) -> None:
    """Remember which columns the account wants to see of a kind; none brings the usual ones back."""
    account = _account(actor)
    columns(kind, chosen)
    with act(actor, at):
        own: dict[str, Any] = {"office_id": actor.office_id, "account_id": account, "kind": kind, "title": ""}
        SavedView.objects.update_or_create(**own, defaults={"columns": list(chosen)})


def save_view(
    *, actor: Actor, at: datetime, kind: Kind, title: str, query: str, chosen: Sequence[str], shared: bool = False
) -> SavedView:
    """Keep a list under a name; the account's own list of that name is replaced. Sharing needs the right for it.

    ``Invalid`` for a filter that cannot be understood: what cannot be listed is not kept.
    """
    account, name = _account(actor), " ".join(title.split())
    if shared:
        require(actor, SHARE)
    if not 1 <= len(name) <= LONGEST_TITLE:
        raise Invalid(_("Give the list a name of at most 40 characters."), field="title")
    columns(kind, chosen)
    params = dict(parse_qsl(query))
    if faults := parse(params, kind, at=at, actor=actor).errors:
        raise Several(faults)
    kept = urlencode(params)
    if len(kept) > LONGEST_QUERY:
        raise Invalid(_("This filter is too long."), field="title")
    with act(actor, at) as a:
        own = SavedView.objects.filter(office=actor.office_id, account=account, kind=kind).exclude(title="")
        if own.exclude(title=name).count() >= MOST:
            raise Conflict(_("You keep 30 lists of this kind already. Remove one first."), field="title")
        facts = {"query": kept, "columns": list(chosen), "shared": shared}
        key: dict[str, Any] = {"office_id": actor.office_id, "account_id": account, "kind": kind, "title": name}
        view, _made = SavedView.objects.update_or_create(**key, defaults=facts)
        a.record("records.view.save", view, {"kind": [None, kind.key], "shared": [None, shared]})
        return view


def drop_view(*, actor: Actor, at: datetime, view: SavedView) -> None:
    """Remove a saved list: one's own, or a shared one by who may share."""
    if view.account_id != actor.account_id:
        require(actor, SHARE)
    with act(actor, at) as a:
        a.record("records.view.drop", view, {"shared": [view.shared, None]})
        view.delete()


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise Missing(_("Only a signed-in person keeps lists."))
    return actor.account_id
