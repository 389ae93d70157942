"""What forms of plans send: numbers, days, holders, commitments named by their code."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from zijing.commitments.actions import Holder, Saw
from zijing.commitments.models import Commitment, Statement
from zijing.core.errors import DomainError, Invalid, Missing
from zijing.core.quantity import parse_number
from zijing.people.models import Post, Unit
from zijing.people.queries import receivers
from zijing.web.access import ActingRequest
from zijing.web.records.sending import done_once, is_for_the_page, taken, uploads_of

Do = Callable[[], dict[str, Any]]


def number(request: ActingRequest, name: str, measure: str = "") -> Decimal | None:
    """The number a field holds, None when it is empty; its unit may stand behind it. ``Invalid`` for anything else."""
    said = request.POST.get(name, "").strip().removesuffix(measure).strip()
    if not said:
        return None
    try:
        found, unit = parse_number(said)
    except Invalid as error:
        error.field = name
        raise
    if unit:
        sentence = _("“%(text)s” has another unit than the target. Write the number in that unit.")
        raise Invalid(sentence, field=name, text=said[:40])
    if abs(found) >= Decimal(10) ** 14:
        raise Invalid(_("A number is too large to be kept."), field=name)
    return found


def needed_number(request: ActingRequest, name: str, measure: str = "") -> Decimal:
    """The number a field holds; ``Invalid`` when it is empty or none."""
    found = number(request, name, measure)
    if found is None:
        raise Invalid(_("Give a number."), field=name)
    return found


def day(request: ActingRequest, name: str) -> date | None:
    """The day a field holds, None when it is empty; ``Invalid`` when it is none."""
    said = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Invalid(_("Give the day."), field=name) from error


def needed_day(request: ActingRequest, name: str) -> date:
    found = day(request, name)
    if found is None:
        raise Invalid(_("Give the day."), field=name)
    return found


def month(request: ActingRequest, name: str) -> date:
    """The first day of the month a field holds (2020-09)."""
    said = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(f"{said[:7]}-01")
    except ValueError as error:
        raise Invalid(_("Give the month, as 2020-09."), field=name) from error


def as_seen(statements: Iterable[Statement]) -> str:
    """What a page shows to be stated, as its form sends it back: ``saw`` reads it."""
    return " ".join(f"{s.period.isoformat()}/{s.status}={s.value.normalize():f}" for s in statements)


def saw(request: ActingRequest, period: date, status: str, name: str = "seen") -> Saw:
    """What the page showed to stand for a period when the form was filled in."""
    shown = dict(pair.partition("=")[::2] for pair in request.POST.get(name, "").split())
    try:
        value, _unit = parse_number(shown[f"{period.isoformat()}/{status}"])
    except (KeyError, Invalid):
        return Saw(None)
    return Saw(value)


def commitment_of(request: ActingRequest, pk: int) -> Commitment:
    """The commitment within sight; ``Missing`` otherwise."""
    found = Commitment.objects.visible_to(request.actor).filter(pk=pk).select_related("kind", "unit", "parent").first()
    if found is None:
        raise Missing(_("There is no such record within your sight."))
    return found


def coded(request: ActingRequest, name: str) -> Commitment | None:
    """The commitment within sight whose code a field holds, None when it is empty."""
    code = request.POST.get(name, "").strip()
    if not code:
        return None
    rows = list(Commitment.objects.visible_to(request.actor).filter(business_key=code, closed_at=None)[:2])
    if len(rows) != 1:
        raise Invalid(_("Write the number of one open commitment; “%(code)s” is none."), field=name, code=code[:40])
    return rows[0]


def holder(request: ActingRequest, name: str) -> Holder | None:
    """The unit or post chosen in a field (unit-12, post-7), None when none is."""
    said = request.POST.get(name, "")
    if not said:
        return None
    units, posts = receivers(request.actor, request.today)
    known: dict[str, Unit | Post] = {f"unit-{u.pk}": u for u in units} | {f"post-{p.pk}": p for p in posts}
    if said not in known:
        raise Invalid(_("Choose a unit or a post."), field=name)
    return Holder(known[said])


def whole(request: ActingRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 18 else None


def sent(
    request: ActingRequest, do: Do, again: Callable[[DomainError], HttpResponseBase], back: str, *args: object
) -> HttpResponseBase:
    """Do it exactly once and go on; or show the page ``again`` with the refusal and what was typed."""
    try:
        done_once(request, uploads_of(request), do)
    except DomainError as error:
        if not is_for_the_page(request, error):
            raise
        return again(error)
    return taken(request, _("Saved."), back, *args)
