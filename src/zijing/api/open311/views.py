"""The resources of GeoReport v2: discovery, services, requests and tokens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from zijing.api.auth import Caller
from zijing.api.open311.arguments import (
    answers_of,
    client_id_of,
    files_of,
    key_of,
    needed_key,
    said,
    told_of,
    wanted_of,
)
from zijing.api.open311.refusing import answering, refused
from zijing.api.open311.rendering import TYPES, answer
from zijing.cases.reporters import followed
from zijing.core.errors import Invalid, Missing
from zijing.core.origin import address_of
from zijing.core.worktime import ZONE
from zijing.packs import requests as asked, residents, services as offered
from zijing.packs.requests import Request, Wanted
from zijing.packs.services import Service
from zijing.places import clock
from zijing.places.models import Place
from zijing.records.fields import Field

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
DATATYPES = {
    "long_text": "text", "integer": "number", "decimal": "number", "money": "number", "percent": "number",
    "date": "datetime", "choice": "singlevaluelist", "tree": "singlevaluelist", "boolean": "singlevaluelist",
    "place": "singlevaluelist",
}  # fmt: skip


def _moment(at: datetime | None) -> str:
    """A time with its offset (W3C NOTE-datetime)."""
    return at.astimezone(ZONE).isoformat(timespec="seconds") if at else ""


@answering("GET")
def discovery(request: HttpRequest, form: str) -> HttpResponse:
    """Where the services are, in which formats, for which offices; and how to get a key."""
    offices = list(offered.jurisdictions())
    if not offices:
        raise Missing(gettext_lazy("Nothing is reported here without an account."))
    changed = _moment(offered.changed_at(office for office, _code in offices))
    pages = "; ".join(
        f"{office} (jurisdiction_id {code}): {request.build_absolute_uri(reverse('public', args=[office.pk]))}"
        for office, code in offices
    )
    endpoint = {
        "specification": SPECIFICATION,
        "url": request.build_absolute_uri("/open311/v2"),
        "changeset": changed,
        "type": "test" if all(office.demo for office, _code in offices) else "production",
        "formats": [mime.partition(";")[0] for mime in TYPES.values()],
    }
    content = {
        "changeset": changed,
        "contact": pages,
        "key_service": _("Ask the office: its operator makes an api_key for your program."),
        "endpoints": [endpoint],
    }
    return answer("discovery", content, form)


def _open(sent: QueryDict) -> tuple[Place, dict[str, Service]]:
    office, kinds = offered.jurisdiction(said(sent, "jurisdiction_id"))
    return office, offered.services(kinds)


@answering("GET")
def services(request: HttpRequest, form: str) -> HttpResponse:
    """GET Service List."""
    _office, found = _open(request.GET)
    return answer("services", [_service(service) for service in found.values()], form)


def _service(service: Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.told("condition") or str(service.kind),
        "metadata": bool(service.attributes),
        "type": "realtime",
        "keywords": ",".join(service.told("aliases") or ()),
        "group": service.group,
    }


@answering("GET")
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """GET Service Definition."""
    office, found = _open(request.GET)
    service = offered.service_of(found, code)
    attributes = [_attribute(field, n, office) for n, field in enumerate(service.attributes, 1)]
    return answer("service_definition", {"service_code": service.code, "attributes": attributes}, form)


def _attribute(field: Field, order: int, office: Place) -> dict[str, Any]:
    datatype = "multivaluelist" if field.several else DATATYPES.get(field.type, "string")
    facts: dict[str, Any] = {
        "variable": True,
        "code": field.key,
        "datatype": datatype,
        "required": field.required and field.column != "place",
        "datatype_description": field.unit,
        "order": order,
        "description": field.help or field.label,
    }
    choices: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "place": lambda: offered.communities(office),
        "boolean": lambda: [("yes", _("yes")), ("no", _("no"))],
    }
    if datatype.endswith("list"):
        options = choices.get(field.type, lambda: field.options)()
        facts["values"] = [{"key": key, "name": name} for key, name in options]
    return facts


@answering("GET", "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    """GET Service Requests; POST Service Request."""
    if request.method == "POST":
        return _report(request, form)
    office, found = _open(request.GET)
    caller = key_of(request, request.GET)
    wanted = wanted_of(request.GET, found, clock.now(office))
    return answer("service_requests", _shown(office, wanted, caller), form)


@answering("GET")
def request_of(request: HttpRequest, form: str, number: str) -> HttpResponse:
    """GET Service Request."""
    office, _found = _open(request.GET)
    caller = key_of(request, request.GET)
    known = number.isdecimal() and number.isascii() and len(number) < 19
    shown = _shown(office, Wanted(numbers=[int(number)]), caller) if known else []
    if not shown:
        raise Missing(gettext_lazy("There is no request “%(number)s” here."), number=number[:20])
    return answer("service_requests", shown, form)


@answering("GET")
def token(request: HttpRequest, form: str, code: str) -> HttpResponse:
    """GET service_request_id from a token: the code a reporter follows the request by."""
    office, _found = _open(request.GET)
    reporter = asked.request_of(office, followed(code))
    return answer("service_requests", [{"service_request_id": str(reporter.pk), "token": reporter.code}], form)


def nothing(request: HttpRequest, form: str | None = None) -> HttpResponse:
    """Any other address."""
    return refused(Missing(gettext_lazy("There is no such resource. Begin with /open311/discovery.")), form or "xml")


def _shown(office: Place, wanted: Wanted, caller: Caller | None) -> list[dict[str, Any]]:
    codes = offered.place_codes(office)
    found = asked.requests(office, wanted, caller.actor if caller else None)
    return [_request(one, office, codes) for one in found]


def _request(one: Request, office: Place, codes: dict[int, str]) -> dict[str, Any]:
    exact = one.details
    position = (exact and exact.position) or one.position
    address = str(one.where) if one.where.pk == office.pk else f"{one.where}, {office}"
    return {
        "service_request_id": str(one.number),
        "status": "open" if one.open else "closed",
        "status_notes": (exact and exact.reply) or one.stage,
        "service_name": one.name,
        "service_code": one.code,
        "description": exact.text if exact else "",
        "agency_responsible": one.unit,
        "service_notice": "",
        "requested_datetime": _moment(one.asked_at),
        "updated_datetime": _moment(one.changed_at),
        "expected_datetime": _moment(one.due_at),
        "address": address,
        "address_id": codes.get(one.where.pk, ""),
        "zipcode": "",
        "lat": position and round(position[1], 6),
        "long": position and round(position[0], 6),
        "media_url": "",
    }


def _report(request: HttpRequest, form: str) -> HttpResponse:
    if request.content_type not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise Invalid(gettext_lazy("Send a form: application/x-www-form-urlencoded; charset=utf-8."))
    sent = request.POST
    office, found = _open(sent if said(sent, "jurisdiction_id") else request.GET)
    needed_key(request, sent, office)
    if not said(sent, "service_code"):
        raise Invalid(gettext_lazy("“service_code” was not provided."), field="service_code")
    service = offered.service_of(found, said(sent, "service_code"))
    made = residents.report(
        office=office, at=clock.now(office), now=timezone.now(), kind=service.kind,
        values=offered.values_of(service, office, told_of(sent), answers_of(sent)),
        uploads=offered.picture_of(service, files_of(request)),
        client_id=client_id_of(sent), address=address_of(request),
    )  # fmt: skip
    follow = request.build_absolute_uri(reverse("followed", args=[made.code]))
    notice = _("It will be verified first. Follow and rate it with the code %(code)s: %(address)s")
    facts = {
        "service_request_id": str(made.pk),
        "service_notice": notice % {"code": made.code, "address": follow},
        "account_id": "",
    }
    return answer("service_requests", [facts], form)
