"""Orders to many at once: a template, a register filter, a date; then each is confirmed, and checked (核查)."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.changing import because, fulfil
from zijing.commitments.actions.promising import promise
from zijing.commitments.actions.sharing import Holder
from zijing.commitments.models import Commitment, OrderTemplate
from zijing.core.errors import Conflict, Invalid
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.records.filters import parse
from zijing.records.models import Kind, Noun
from zijing.registers.models import Entry

MOST_ORDERS = 2000
COMMITTEES = (Unit.Kind.COMMUNITY, Unit.Kind.VILLAGE)


def put_template(
    *, actor: Actor, at: datetime, office: Place, title: str, kind: Kind, register: Kind, query: str, days: int,
    standard: str = "", deliverable: str = "", source: str = "",
) -> OrderTemplate:  # fmt: skip
    """Keep a template under its title, anew or changed. ``Invalid`` for a filter that is not understood."""
    require(actor, "commitments.write")
    if not title.strip():
        raise Invalid(_("Give the template a name."), field="title")
    if kind.noun != Noun.COMMITMENT or register.noun != Noun.REGISTER:
        raise Invalid(_("An order is a commitment about an entry of a ledger."), field="register")
    if not 0 < days <= 1000:
        raise Invalid(_("Give between 1 and 1000 days."), field="days")
    filtered(actor, at, register, query)
    facts = {
        "kind": kind, "register": register, "query": query[:500], "days": days, "standard": standard[:300],
        "deliverable": deliverable[:200], "source": source[:120],
    }  # fmt: skip
    with act(actor, at) as a:
        made, _new = OrderTemplate.objects.update_or_create(office=office, title=title.strip()[:100], defaults=facts)
        a.record("commitments.template", made, {"days": [None, days]}, path=office.path)
        return made


def filtered(actor: Actor, at: datetime, register: Kind, query: str) -> "QuerySet[Any]":
    """The standing entries of a register within sight that a filter finds; ``Invalid`` when it is not understood."""
    found = parse(dict(parse_qsl(query)), register, at=at, actor=actor)
    if found.errors:
        raise Invalid(_("The filter is not understood: %(why)s"), field="query", why=str(found.errors[0]))
    return found.apply(Entry.objects.visible_to(actor)).order_by("business_key", "pk")


def apply_template(
    *, actor: Actor, at: datetime, template: OrderTemplate, since: date, parent: Commitment
) -> list[Commitment]:
    """Give one order to every entry the template's filter finds, from the day ``since``, under ``parent``.

    An entry that has an order of this template under ``parent`` already gets no second one: applying it again reaches
    only those who came since. The committee of the entry's place answers, else the unit that keeps it. ``Invalid``
    when the filter finds nobody, or more than ``MOST_ORDERS``.
    """
    require(actor, "commitments.write")
    entries = list(filtered(actor, at, template.register, template.query).select_related("place")[: MOST_ORDERS + 1])
    if not entries:
        raise Invalid(_("The filter finds nothing to give an order to."), field="query")
    if len(entries) > MOST_ORDERS:
        raise Invalid(_("The filter finds more than %(n)s entries. Narrow it."), field="query", n=MOST_ORDERS)
    with act(actor, at):
        mine = Commitment.objects.filter(parent=parent, kind=template.kind, subject__in=[e.pk for e in entries])
        given = set(mine.values_list("subject_id", flat=True))
        homes = _homes(parent.office_id)
        return [_order(actor, at, template, since, parent, e, homes) for e in entries if e.pk not in given]


def _homes(office: int) -> dict[int, Unit]:
    """The committees of an office by their place."""
    return {u.place_id: u for u in Unit.objects.filter(office=office, kind__in=COMMITTEES).order_by("-pk")}


def _order(
    actor: Actor, at: datetime, t: OrderTemplate, since: date, parent: Commitment, e: Entry, homes: dict[int, Unit]
) -> Commitment:
    kind, described = t.kind, t.kind.by_key
    by_column = {f.column: f.key for f in kind.fields if f.column}
    title = t.title.replace("{}", e.title) if "{}" in t.title else f"{t.title}：{e.title}"
    values: dict[str, Any] = {by_column["title"]: title[:120], "deadline": since + timedelta(days=t.days)}
    if "subject" in by_column:
        values[by_column["subject"]] = e.pk
    if "happened_on" in by_column:
        values[by_column["happened_on"]] = since
    values |= {k: v for k, v in (("standard", t.standard), ("deliverable", t.deliverable)) if v and k in described}
    who = _answers(e, homes)
    return promise(
        actor=actor, at=at, kind=kind, values=values, parent=parent, place=e.place,
        holders=[Holder(who)] if who else [],
    )  # fmt: skip


def _answers(e: Entry, homes: dict[int, Unit]) -> Unit | None:
    """The committee of the nearest place that has one, else the unit that keeps the entry."""
    for place in reversed([int(part) for part in e.path.strip("/").split("/")]):
        if place in homes:
            return homes[place]
    return Unit.objects.filter(pk=e.unit_id).first() if e.unit_id else None


def confirm(*, actor: Actor, at: datetime, order: Commitment) -> None:
    """Say that an order has been received and is being carried out; by whoever it was given to."""
    require(actor, "commitments.confirm")
    with act(actor, at) as a:
        standing = Commitment.objects.filter(pk=order.pk, confirmed_at=None, closed_at=None)
        if not standing.update(confirmed_at=at, revision=F("revision") + 1):
            raise Conflict(_("This order has been confirmed, or has ended."))
        a.record("commitments.confirm", order, {"confirmed": [False, True]})
    order.refresh_from_db()


def check(*, actor: Actor, at: datetime, order: Commitment, passed: bool, note: str = "") -> None:
    """Check an order that was confirmed: it is kept, or goes back to whoever it was given to, with the reason."""
    require(actor, "commitments.state")
    with act(actor, at) as a:
        if order.confirmed_at is None:
            raise Conflict(_("Nobody has confirmed this order yet."))
        if passed:
            fulfil(actor=actor, at=at, commitment=order, note=note)
            return
        said = because(note, 200)
        standing = Commitment.objects.filter(pk=order.pk, closed_at=None, confirmed_at__isnull=False)
        if not standing.update(confirmed_at=None, ended_because=said, revision=F("revision") + 1):
            raise Conflict(_("This order has ended."))
        a.record("commitments.send_back", order, {"confirmed": [True, False]})
    order.refresh_from_db()
