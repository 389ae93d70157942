"""Drafting a document, changing its words, taking it a step on."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zijing.core.errors import DomainError, Invalid, Missing
from zijing.documents.about import record_named
from zijing.documents.access import steps_for
from zijing.documents.actions import (
    Wanted,
    archive,
    check,
    draft,
    drop,
    edit,
    issue,
    send_back,
    sign,
    submit,
    void,
)
from zijing.documents.actions.drafting import URGENCIES
from zijing.documents.models import Document, Template
from zijing.documents.queries import document_of, templates
from zijing.figures.periods import RUNNING, Period, named_before, parse_period
from zijing.packs.queries import adopted
from zijing.people.access import require
from zijing.people.models import Unit
from zijing.places.models import Place
from zijing.records.models import Record
from zijing.web.access import ActingRequest, acting, client_id_of
from zijing.web.documents.views import show
from zijing.web.records.nouns import page_of_listed

PLAIN: dict[str, Any] = {"check": check, "sign": sign, "issue": issue, "archive": archive}
BEFORE = {
    "week": gettext_lazy("last week"), "month": gettext_lazy("last month"), "quarter": gettext_lazy("last quarter"),
    "year": gettext_lazy("last year"),
}  # fmt: skip
REASONED: dict[str, Any] = {"send_back": send_back, "void": void, "drop": drop}


@require_http_methods(["GET", "POST"])
@acting
def new(request: ActingRequest) -> HttpResponseBase:
    """Choose a form, a place and a period; the text comes with its numbers."""
    require(request.actor, "documents.write")
    error: DomainError | None = None
    if request.method == "POST":
        try:
            return redirect("document", pk=_begun(request).pk)
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
    forms = templates(request.actor, packs=adopted(request.actor))
    record, places = _subject(request), _places(request)
    given = request.POST.dict() or _offered(request, forms, places, record)
    offered = _periods(request.today)
    context = {
        "templates": forms, "error": error, "places": places, "given": given, "periods": offered,
        "another": given.get("period", "") not in {"", *(period.name for _label, period in offered)},
        "record": record, "record_href": page_of_listed(record) if record else "",
    }  # fmt: skip
    return render(request, "documents/new.html", context, status=error.status if error else 200)


def _subject(request: ActingRequest) -> Record | None:
    named = request.POST.get("subject", "") or request.GET.get("subject", "")
    return record_named(request.actor, named) if named else None


def _offered(
    request: ActingRequest, forms: list[Template], places: list[Place], record: Record | None
) -> dict[str, Any]:
    """What the form begins with: what the address names, the record's own place, the days of the form."""
    given: dict[str, Any] = request.GET.dict()
    form = next((t for t in forms if t.key == given.get("form")), None)
    around = [p for p in places if record and record.path.startswith(p.path)]
    chosen = {"template": str(form.pk), "period": form.step} if form else {"period": "month"}
    return {"place": str(around[-1].pk)} | chosen | given if around else chosen | given


def _places(request: ActingRequest) -> list[Place]:
    rows = Place.objects.visible_to(request.actor).filter(path__startswith=request.actor.path or "-")
    return list(rows.filter(level__in=("office", "community", "village")).defer("geometry").order_by("path"))


def _begun(request: ActingRequest) -> Document:
    given = request.POST
    template = Template.objects.visible_to(request.actor).filter(pk=_number(given.get("template"))).first()
    if template is None:
        raise Invalid(_("Choose a form."), field="template")
    place = Place.objects.visible_to(request.actor).filter(pk=_number(given.get("place")) or request.office.pk).first()
    if place is None:
        raise Missing(_("There is no such place."))
    since, until = _days(given, request.today)
    title = given.get("title", "").strip()
    return draft(
        actor=request.actor, at=request.now, template=template, place=place, since=since, until=until,
        client_id=client_id_of(request), wanted=Wanted(title=title or None), language=_language(given.get("language")),
        about=_subject(request),
    )  # fmt: skip


def _language(asked: str | None) -> str:
    return "en" if asked == "en" else "zh-hans"


def _periods(today: date) -> list[tuple[str, Period]]:
    """What a document mostly speaks of: the week, month, quarter and year that run, and those before them."""
    found = []
    for step, running in RUNNING.items():
        found += [(str(running), parse_period(step, today)), (str(BEFORE[step]), named_before(today, step))]
    return found


def _days(given: QueryDict, today: date) -> tuple[date | None, date | None]:
    """The days chosen: two days of one's own, else the period; a document may speak of none."""
    since, until = given.get("since", "").strip(), given.get("until", "").strip()
    text = f"{since}..{until}" if since or until else given.get("period", "").strip()
    if not text:
        return None, None
    named = parse_period(text, today)
    return named.since, named.until


def _number(text: Any) -> int:
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


@require_http_methods(["GET", "POST"])
@acting
def change(request: ActingRequest, pk: int) -> HttpResponseBase:
    """The words of a draft and whom it is for."""
    document = document_of(request.actor, pk)
    if "submit" not in steps_for(request.actor, document):
        require(request.actor, "documents.write")
        return redirect("document", pk=pk)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            edit(
                actor=request.actor, at=request.now, document=document, seen=_number(request.POST.get("seen")),
                wanted=_wanted(request),
            )  # fmt: skip
        except DomainError as refused:
            if refused.status in {403, 404}:
                raise
            error = refused
        else:
            messages.success(request, _("Saved."))
            return redirect("document", pk=pk)
    return render(request, "documents/change.html", _form(request, document, error), status=_status(error))


def _status(error: DomainError | None) -> int:
    return error.status if error else 200


def _form(request: ActingRequest, document: Document, error: DomainError | None) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else None
    chosen = {part: {r.unit_id for r in document.recipients.all() if r.part == part} for part in ("main", "copy")}
    if given is not None:
        chosen = {part: {_number(v) for v in given.getlist(part)} for part in ("main", "copy")}
    names = ("title", "text", "addressed_to", "copies_to", "note", "urgency", "secrecy", "reply_days", "sealed")
    values = {name: (given.get(name, "") if given is not None else getattr(document, name)) for name in names}
    units = Unit.objects.visible_to(request.actor).filter(office=request.actor.office_id).order_by("kind", "code")
    return {
        "document": document, "error": error, "values": values, "units": list(units), "chosen": chosen,
        "urgencies": [u for u in URGENCIES if u],
        "seen": given.get("seen") if given is not None else document.revision,
    }  # fmt: skip


def _wanted(request: ActingRequest) -> Wanted:
    given = request.POST
    units = Unit.objects.visible_to(request.actor).filter(office=request.actor.office_id)
    days = given.get("reply_days", "").strip() or "0"
    if not (days.isascii() and days.isdigit() and len(days) < 5):
        raise Invalid(_("Give between 0 and 250 working days for a reply."), field="reply_days")
    return Wanted(
        title=given.get("title", ""), text=given.get("text", ""),
        recipients=list(units.filter(pk__in=[_number(v) for v in given.getlist("main")])),
        copies=list(units.filter(pk__in=[_number(v) for v in given.getlist("copy")])),
        reply_days=int(days), addressed_to=given.get("addressed_to", ""), copies_to=given.get("copies_to", ""),
        note=given.get("note", ""), urgency=given.get("urgency", ""), secrecy=given.get("secrecy", ""),
        sealed="sealed" in given,
    )  # fmt: skip


@require_POST
@acting
def step(request: ActingRequest, pk: int) -> HttpResponseBase:
    """Take a document a step on, or back; the page says what was refused."""
    document = document_of(request.actor, pk)
    verb, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    asked: dict[str, Any] = {"actor": request.actor, "at": request.now, "document": document}
    if verb not in {"submit", *PLAIN, *REASONED}:
        raise Missing(_("There is no such step."))
    try:
        if verb == "submit":
            submit(**asked, seen=_number(request.POST.get("seen")))
        elif verb in REASONED:
            REASONED[verb](**asked, reason=reason)
        else:
            PLAIN[verb](**asked)
    except DomainError as refused:
        if refused.status in {403, 404}:
            raise
        return show(request, document_of(request.actor, pk), refused, {"do": verb, "reason": reason})
    messages.success(request, _("Done."))
    return redirect("document", pk=pk)
