"""The pages for residents, without an account: report, follow by a code, rate, see what was put right nearby."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from zijing.cases.models import Reporter, Stage
from zijing.cases.reporters import RATED_WITHIN, as_typed, followed, may_rate, rate
from zijing.core.errors import DomainError, Invalid
from zijing.core.origin import address_of
from zijing.packs.residents import LATELY, complaints_office, open_office, put_right, report as send_report
from zijing.people.access import resident
from zijing.places import clock
from zijing.places.models import Level, Place
from zijing.records.models import Kind
from zijing.web.access import ActingRequest, client_id_of, without_post
from zijing.web.cases.views import strip
from zijing.web.records.forms import Form, form_of, sent
from zijing.web.records.picking import Option, findable
from zijing.web.records.sending import uploads_of

SALT, OPENED_AT_MOST, WRITTEN_IN = "zijing.public", timedelta(hours=12), timedelta(seconds=3)
# What nobody sees and only a machine fills in.
TRAP = "website"


def _shown_for(request: HttpRequest, office: Place) -> ActingRequest:
    """The page is the office's: its name and its clock."""
    carry = cast(ActingRequest, request)
    if getattr(carry, "actor", None) is None:
        carry.office, carry.now = office, clock.now(office)
    return carry


@without_post
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """What a resident can do here."""
    office, kinds = open_office(pk)
    asked = _shown_for(request, office)
    return render(asked, "public/index.html", {"office": office, "kinds": kinds})


@without_post
@never_cache
def report(request: HttpRequest, pk: int, key: str) -> HttpResponseBase:
    """The form of a report, and its sending."""
    office, kinds = open_office(pk)
    asked = _shown_for(request, office)
    kind = next((k for k in kinds if k.key == key), None)
    if kind is None:
        raise Http404
    if request.method != "POST":
        return _form(asked, office, kind, _asked_of(kind, office, {}))
    return _send(asked, office, kind, sent(kind, request.POST), address_of(request))


@without_post
@never_cache
def complain(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The complaints entrance: about the platform, or a demand for needless forms; whoever is signed in is not named.

    国办函〔2026〕12号 wants such an entrance. A code is all that leads back to who complained.
    """
    office, kind = complaints_office(pk)
    asked = _shown_for(request, office)
    if request.method != "POST":
        return _form(asked, office, kind, _asked_of(kind, office, {}))
    return _send(asked, office, kind, {**sent(kind, request.POST), "place": f"#{office.pk}"}, "")


def _send(
    request: HttpRequest, office: Place, kind: Kind, values: dict[str, str], address: str
) -> HttpResponseBase:  # fmt: skip
    try:
        _refuse_machines(request)
        made = send_report(
            office=office, at=clock.now(office), now=timezone.now(), kind=kind, values=values,
            uploads=uploads_of(request), client_id=client_id_of(request), address=address,
        )  # fmt: skip
    except DomainError as error:
        form = _asked_of(kind, office, values)
        form.show(error)
        return _form(request, office, kind, form, status=error.status)
    return redirect("followed", made.code)


def _asked_of(kind: Kind, office: Place, values: dict[str, str]) -> Form:
    """The kind's form; a resident chooses among communities and villages, not grids."""
    form = form_of(kind, resident(office), values)
    if kind.complaints:
        form.inputs = [i for i in form.inputs if i.field.column != "place"]
        return form
    near = Place.objects.visible_to(resident(office)).standing().filter(level__in=(Level.COMMUNITY, Level.VILLAGE))
    places = [Option(f"#{p.pk}", p.name) for p in near.order_by("name")]
    form.inputs = [
        replace(i, options=findable(places), shape="choice") if i.field.column == "place" and places else i
        for i in form.inputs
    ]
    return form


def _form(request: HttpRequest, office: Place, kind: Kind, form: Form, *, status: int = 200) -> HttpResponse:
    context = {
        "office": office, "kind": kind, "form": form, "trap": TRAP,
        "opened": signing.TimestampSigner(salt=SALT).sign("opened"), "wrong": sum(bool(x.error) for x in form.inputs),
    }  # fmt: skip
    return render(request, "public/report.html", context, status=status)


def _refuse_machines(request: HttpRequest) -> None:
    """A form that nobody can have read and filled in since it was opened is not taken; it may be sent again."""
    signer = signing.TimestampSigner(salt=SALT)
    opened = request.POST.get("opened", "")
    try:
        signer.unsign(opened, max_age=OPENED_AT_MOST)
    except signing.BadSignature as error:
        raise Invalid(_("This form was open for very long. Look through it once more and send it again.")) from error
    if request.POST.get(TRAP):
        raise Invalid(_("A hidden field was filled in. Leave it empty and send the form again."))
    try:
        signer.unsign(opened, max_age=WRITTEN_IN)
    except signing.SignatureExpired:
        return
    raise Invalid(_("This was sent within three seconds. Look through it once more and send it again."))


@without_post
def look_up(request: HttpRequest) -> HttpResponse:
    """From a typed code to what it follows."""
    code = as_typed(request.GET.get("code", ""))
    return redirect("followed", code) if code else redirect("home")


@without_post
@never_cache
def follow(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where a report stands, and how it was handled in the eyes of who sent it."""
    found = followed(code)
    if found is None:
        return render(request, "public/unknown.html", {"typed": code[:40]}, status=404)
    at = clock.now(found.case.office)
    asked, error = _shown_for(request, found.case.office), None
    if request.method == "POST":
        try:
            rate(at=at, reporter=found, said=request.POST.get("said", ""), **_answers(request))
            return redirect("followed", found.code)
        except DomainError as refused:
            error = refused
    return render(asked, "public/follow.html", _standing(found, request, error), status=error.status if error else 200)


QUESTIONS = ("responded", "resolved", "satisfied")


def _answers(request: HttpRequest) -> dict[str, bool | None]:
    return {name: {"yes": True, "no": False}.get(request.POST.get(name, "")) for name in QUESTIONS}


def _standing(found: Reporter, request: HttpRequest, error: DomainError | None) -> dict[str, Any]:
    case, at = found.case.standing, clock.now(found.case.office)
    replies = case.steps.filter(verb__in=("close", "refuse")).exclude(reason="").order_by("-pk")
    asks = (
        ("responded", _("Was anyone in touch with you?")), ("resolved", _("Is it resolved?")),
        ("satisfied", _("Are you satisfied?")),
    )  # fmt: skip
    typed = request.POST.dict()
    return {
        "reporter": found,
        "case": case,
        "title": found.case.title,
        "reported_at": found.case.recorded_at,
        "shown_code": "-".join(found.code[n : n + 4] for n in (0, 4, 8)),
        "strip": strip(case),
        "reply": replies.first() if case.stage in {Stage.CLOSED, Stage.VOIDED} else None,
        "may_rate": may_rate(found, at),
        "questions": [(name, text, typed.get(name, "")) for name, text in asks],
        "said": typed.get("said", ""),
        "error": error,
        "days": RATED_WITHIN.days,
    }


@without_post
def fixed(request: HttpRequest, pk: int) -> HttpResponse:
    """What was put right lately: what kind of thing, in which community, in how many days. No texts, no positions."""
    office, kinds = open_office(pk)
    context = {"office": office, "rows": put_right(office, kinds, clock.now(office)), "days": LATELY.days}
    return render(_shown_for(request, office), "public/fixed.html", context)
