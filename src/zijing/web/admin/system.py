"""The system administrator's pages: units, posts, who holds them, who stands in for whom, places."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.people import queries
from zijing.people.access import require
from zijing.people.actions import end_holding, end_post, hold, put_posts, put_units, stand_in
from zijing.people.models import Account, Holding, Post, Role, Unit
from zijing.places.actions import put_places
from zijing.places.models import OFFICES, Level, Place
from zijing.records.moving import merge_place, move_place, recode_place
from zijing.web.access import ActingRequest, acting


@acting
def index(request: ActingRequest) -> HttpResponseBase:
    """What the acting post administers."""
    return render(request, "admin/index.html", {"may": {r: request.actor.may(r) for r in RIGHTS}})


RIGHTS = ("people.write", "places.write", "packs.apply", "machinery.read", "accounts.write", "audit.read")


def day(request: ActingRequest, name: str, *, needed: bool = True) -> date | None:
    """A day of a form; ``Invalid`` when it is missing or none."""
    text = request.POST.get(name, "")
    if not text and not needed:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(_("Give the day."), field=name) from error


def chosen(rows: Any, text: str, sentence: str) -> Any:
    """The row with the id a form chose, among those the actor sees."""
    found = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    if found is None:
        raise Invalid(sentence)
    return found


@acting
def units(request: ActingRequest) -> HttpResponseBase:
    """The units, and a form that enters or changes one by its code."""
    require(request.actor, "people.write")
    if request.method == "POST":
        place = chosen(Place.objects.visible_to(request.actor), request.POST.get("place", ""), _("Choose the place."))
        row = {k: request.POST.get(k, "").strip() for k in ("code", "name", "kind", "parent")}
        if not row["code"] or not row["name"] or row["kind"] not in Unit.Kind.values:
            raise Invalid(_("Give code, name and kind."), field="code")
        put_units(actor=request.actor, at=request.now, rows=[row | {"place": place}])
        messages.success(request, _("Saved."))
        return redirect("admin-units")
    found = queries.units(request.actor, request.GET.get("q", "")[:40], request.GET.get("after", "")[:40])
    context = {"found": found, "kinds": Unit.Kind.choices, "places": _places(request)}
    return render(request, "admin/units.html", context)


def _places(request: ActingRequest) -> list[Place]:
    return list(Place.objects.visible_to(request.actor).standing().order_by("path"))


@acting
def posts(request: ActingRequest) -> HttpResponseBase:
    """The posts, and a form that enters or changes one by its code."""
    require(request.actor, "people.write")
    if request.method == "POST":
        _put_post(request)
        messages.success(request, _("Saved."))
        return redirect("admin-posts")
    context = {
        "found": queries.posts(request.actor, request.GET.get("q", "")[:40], request.GET.get("after", "")[:40]),
        "units": Unit.objects.visible_to(request.actor).filter(office=request.office).order_by("code"),
        "roles": Role.objects.order_by("pk"),
        "places": _places(request),
        "today": request.today,
    }
    return render(request, "admin/posts.html", context)


def _put_post(request: ActingRequest) -> None:
    units_, places_ = Unit.objects.visible_to(request.actor), Place.objects.visible_to(request.actor)
    code, title = request.POST.get("code", "").strip(), request.POST.get("title", "").strip()
    if not code or not title or len(code) > 40 or len(title) > 60:
        raise Invalid(_("Give code and title."), field="code")
    row = {
        "code": code, "title": title, "role": request.POST.get("role", ""),
        "unit": chosen(units_.select_related("place"), request.POST.get("unit", ""), _("Choose the unit.")),
        "place": chosen(places_, request.POST.get("place", ""), _("Choose the place.")), "since": day(request, "since"),
    }  # fmt: skip
    put_posts(actor=request.actor, at=request.now, rows=[row])


@acting
def post(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One post: who holds it, who stands in, and the forms that change that."""
    require(request.actor, "people.write")
    rows = Post.objects.visible_to(request.actor).select_related("unit", "role", "place", "office")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such post within your sight."))
    if request.method == "POST":
        verb = VERBS.get(request.POST.get("verb", ""))
        if verb is None:
            raise Missing(_("There is no such step."))
        verb(request, found)
        messages.success(request, _("Saved."))
        return redirect("admin-post", pk)
    context = {
        "post": found,
        "held": Holding.objects.filter(post=found).select_related("account").order_by("-since", "-pk"),
        "accounts": Account.objects.visible_to(request.actor).filter(office=found.office).order_by("username"),
        "today": request.today,
        "own": found.office_id == request.actor.office_id,
    }
    return render(request, "admin/post.html", context)


def _account(request: ActingRequest) -> Account:
    accounts = Account.objects.visible_to(request.actor)
    found: Account = chosen(accounts, request.POST.get("account", ""), _("Choose the account."))
    return found


def _hold(request: ActingRequest, found: Post) -> None:
    hold(actor=request.actor, at=request.now, post=found, username=_account(request).username)


def _stand_in(request: ActingRequest, found: Post) -> None:
    since, until = day(request, "since"), day(request, "until")
    stand_in(
        actor=request.actor, at=request.now, post=found, account=_account(request), since=since or request.today,
        until=until or request.today, reason=request.POST.get("reason", ""),
    )  # fmt: skip


def _end_holding(request: ActingRequest, found: Post) -> None:
    held = Holding.objects.filter(post=found).select_related("post__place")
    one = chosen(held, request.POST.get("holding", ""), _("There is no such step."))
    end_holding(actor=request.actor, at=request.now, holding=one, last_day=day(request, "until") or request.today)


def _end_post(request: ActingRequest, found: Post) -> None:
    end_post(actor=request.actor, at=request.now, post=found, last_day=day(request, "until") or request.today)


VERBS: dict[str, Callable[[ActingRequest, Post], None]] = {
    "hold": _hold,
    "stand-in": _stand_in,
    "end-holding": _end_holding,
    "end-post": _end_post,
}


@acting
def places(request: ActingRequest) -> HttpResponseBase:
    """The places, and a form that enters or renames one by its code."""
    require(request.actor, "places.write")
    if request.method == "POST":
        row = {k: request.POST.get(k, "").strip() for k in ("name", "code", "parent", "level")}
        if not row["name"] or len(row["name"]) > 60 or row["level"] not in Level.values:
            raise Invalid(_("Give code, name and kind."), field="name")
        put_places(actor=request.actor, at=request.now, rows=[row | {"geometry": None}])
        messages.success(request, _("Saved."))
        return redirect("admin-places")
    rows = Place.objects.visible_to(request.actor).standing().order_by("path").prefetch_related("codes")
    return render(request, "admin/places.html", {"rows": rows, "levels": Level.choices})


@acting
def place(request: ActingRequest, pk: int) -> HttpResponseBase:
    """One place: its codes, and the forms that move it, let it end in another, or give it another code."""
    require(request.actor, "places.write")
    seen, error = Place.objects.visible_to(request.actor), None
    found = seen.select_related("parent", "merged_into").filter(pk=pk).first()
    if found is None:
        raise Missing(_("There is no such place within your sight."))
    if request.method == "POST":
        verb = PLACE_VERBS.get(request.POST.get("verb", ""))
        if verb is None:
            raise Missing(_("There is no such step."))
        try:
            verb(request, found)
        except DomainError as refused:
            error = refused
            found = seen.select_related("parent", "merged_into").get(pk=pk)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin-place", pk)
    own = [p for p in _places(request) if p.own_office_id == found.own_office_id]
    context = {
        "place": found, "error": error, "codes": found.codes.order_by("-since", "-pk"), "today": request.today,
        "parents": [p for p in own if p.level != found.level and not p.path.startswith(found.path)],
        "others": [p for p in own if p.level == found.level and p.pk != found.pk],
        "may_change": _may_change(request, found),
    }  # fmt: skip
    return render(request, "admin/place.html", context, status=error.status if error else 200)


def _may_change(request: ActingRequest, found: Place) -> bool:
    own = found.own_office_id == request.actor.office_id
    return own and found.level not in OFFICES and found.merged_into_id is None


def _move(request: ActingRequest, found: Place) -> None:
    parent = chosen(Place.objects.visible_to(request.actor), request.POST.get("parent", ""), _("Choose the place."))
    move_place(actor=request.actor, at=request.now, place=found, parent=parent)


def _merge(request: ActingRequest, found: Place) -> None:
    into = chosen(Place.objects.visible_to(request.actor), request.POST.get("into", ""), _("Choose the place."))
    merge_place(actor=request.actor, at=request.now, place=found, into=into)


def _recode(request: ActingRequest, found: Place) -> None:
    since = day(request, "since") or request.today
    recode_place(
        actor=request.actor, at=request.now, place=found, code=request.POST.get("code", "").strip(), since=since
    )


PLACE_VERBS: dict[str, Callable[[ActingRequest, Place], None]] = {"move": _move, "merge": _merge, "recode": _recode}
