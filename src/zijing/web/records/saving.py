"""Saved lists above a list, and the choice of its columns."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zijing.core.errors import DomainError, Missing
from zijing.people.access import Actor
from zijing.records.kinds import kind_of
from zijing.records.models import Kind, SavedView
from zijing.records.tables import columns
from zijing.records.views import SHARE, Views, choose_columns, drop_view, save_view
from zijing.web.access import ActingRequest, acting


@dataclass(frozen=True)
class Tab:
    """A saved list as it stands above the list."""

    title: str
    href: str
    current: bool
    shared: bool
    drop: str


@dataclass(frozen=True)
class Choosable:
    """A column that may be shown."""

    key: str
    title: str
    chosen: bool


def tabs(actor: Actor, kind: Kind, views: Views, current: SavedView | None) -> list[Tab]:
    """The saved lists of a kind; those that the reader may remove say where."""
    here = reverse("list", args=[kind.key])
    may_share = actor.may(SHARE)
    return [
        Tab(
            view.title, f"{here}?{_with(view.query, view=str(view.pk))}", view == current, view.shared,
            reverse("view-drop", args=[view.pk]) if view.account_id == actor.account_id or may_share else "",
        )
        for view in views.saved
    ]  # fmt: skip


def choosable(kind: Kind, shown: list[str]) -> list[Choosable]:
    """Every column a kind can show, those shown first and in their order."""
    known = {c.key: c.title for c in columns(kind)}
    rest = [key for key in known if key not in shown]
    return [Choosable(key, known[key], key in shown) for key in [*shown, *rest]]


@require_POST
@acting
def choose(request: ActingRequest, key: str) -> HttpResponseBase:
    """Remember the columns of a list, and go back to it."""
    kind = kind_of(key)
    chosen = [] if request.POST.get("do") == "usual" else request.POST.getlist("columns")
    choose_columns(actor=request.actor, at=request.now, kind=kind, chosen=chosen)
    return redirect(_list(kind, request.POST.get("query", "")))


@require_POST
@acting
def save(request: ActingRequest, key: str) -> HttpResponseBase:
    """Keep the list as it is filtered under a name."""
    kind, query = kind_of(key), request.POST.get("query", "")
    try:
        view = save_view(
            actor=request.actor, at=request.now, kind=kind, title=request.POST.get("title", ""), query=query,
            chosen=request.POST.getlist("columns"), shared=request.POST.get("shared") == "yes",
        )  # fmt: skip
    except DomainError as error:
        if error.status != 422:
            raise
        messages.error(request, str(error))
        return redirect(_list(kind, query))
    messages.success(request, _("The list is kept as “%(title)s”.") % {"title": view.title})
    return redirect(_list(kind, _with(view.query, view=str(view.pk))))


@require_POST
@acting
def drop(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Remove a saved list; the records stay."""
    view = SavedView.objects.visible_to(request.actor).exclude(title="").select_related("kind").filter(pk=pk).first()
    if view is None:
        raise Missing(_("There is no such saved list."))
    drop_view(actor=request.actor, at=request.now, view=view)
    messages.success(request, _("The saved list is gone; the records are not."))
    return redirect(_list(view.kind, ""))


def _list(kind: Kind, query: str) -> str:
    params = urlencode(parse_qsl(query))
    return reverse("list", args=[kind.key]) + (f"?{params}" if params else "")


def _with(query: str, **more: str) -> str:
    return urlencode({**dict(parse_qsl(query)), **more})
