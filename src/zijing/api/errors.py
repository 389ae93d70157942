"""Refusals as JSON: one schema for all of them, in the language of ``Accept-Language``."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zijing.core.errors import DomainError, Several
from zijing.core.outages import Unavailable, is_outage, outage


class Fault(Schema):
    """One refusal: a sentence for the reader, and the input it is about."""

    message: str
    field: str = ""


class Faults(Fault):
    """What was refused. ``errors`` holds every fault found, the first of them repeated in ``message`` and ``field``."""

    errors: list[Fault] = []


class Refusal(Schema):
    """The body of every answer that is not a success."""

    error: Faults


# What any operation may answer beside its success: the key, sight, the input, the database; and those that write.
READ = (401, 403, 404, 422, 503)
WRITE = (*READ, 409, 413, 507)


def document(api: NinjaAPI) -> None:
    """Let the description of every operation say what it may refuse; by its method, so that none is forgotten."""
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                statuses = READ if set(operation.methods) <= {"GET"} else WRITE
                refusal = operation._create_response_model(Refusal)
                operation.response_models |= {
                    s: refusal for s in sorted(statuses) if s not in operation.response_models
                }


WORDS: dict[str, Promise] = {
    "missing": _("“%(field)s” is needed."),
    "extra_forbidden": _("There is no “%(field)s” here."),
    "json_invalid": _("The body is no valid JSON."),
}
OTHERWISE = _("“%(field)s” cannot be understood.")


def body(faults: list[Fault]) -> dict[str, Any]:
    """The JSON of a refusal."""
    return {"error": Faults(message=faults[0].message, field=faults[0].field, errors=faults).dict()}


def fault_of(found: dict[str, Any]) -> Fault:
    """A fault of the request's shape in words."""
    names = [str(part) for part in found.get("loc", ()) if part not in {"body", "query", "path", "data", "params"}]
    field = ".".join(names)
    text = WORDS.get(str(found.get("type")), OTHERWISE)
    return Fault(message=str(text) % {"field": field or gettext("body")}, field=field)


def install(api: NinjaAPI) -> None:
    """Make ``api`` answer refusals in the one schema."""

    def answer(request: HttpRequest, status: int, faults: list[Fault]) -> HttpResponse:
        return api.create_response(request, body(faults), status=status)

    def domain(request: HttpRequest, error: Any) -> HttpResponse:
        every = error.errors if isinstance(error, Several) and error.errors else [error]
        return answer(request, every[0].status, [Fault(message=str(e), field=e.field) for e in every])

    def shape(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, 422, [fault_of(e) for e in error.errors])

    def unknown_key(request: HttpRequest, error: Any) -> HttpResponse:  # ninja's signature
        text = gettext("Send a valid key: Authorization: Bearer <key>. The office's operator makes one.")
        response = answer(request, 401, [Fault(message=text)])
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def hidden(request: HttpRequest, error: Any) -> HttpResponse:  # ninja's signature
        return answer(request, 404, [Fault(message=gettext("There is no such record within your sight."))])

    def http(request: HttpRequest, error: Any) -> HttpResponse:
        text = gettext("The body is no valid JSON.") if error.status_code == 400 else str(error)
        return answer(request, 422 if error.status_code == 400 else error.status_code, [Fault(message=text)])

    def too_big(request: HttpRequest, error: Any) -> HttpResponse:  # ninja's signature
        return answer(request, 413, [Fault(message=gettext("The body is too large."))])

    def broken_off(request: HttpRequest, error: Any) -> HttpResponse:  # ninja's signature
        return answer(request, 400, [Fault(message=gettext("The body did not arrive whole."))])

    api.add_exception_handler(DomainError, domain)
    install_outages(api)
    api.add_exception_handler(ValidationError, shape)
    api.add_exception_handler(AuthenticationError, unknown_key)
    api.add_exception_handler(Http404, hidden)
    api.add_exception_handler(HttpError, http)
    api.add_exception_handler(RequestDataTooBig, too_big)
    api.add_exception_handler(UnreadablePostError, broken_off)


def install_outages(api: NinjaAPI) -> None:
    """Make ``api`` say when the database is busy, full or away, and when to come back."""

    def unavailable(request: HttpRequest, error: Any) -> HttpResponse:
        response = api.create_response(request, body([Fault(message=str(error))]), status=error.status)
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    def away(request: HttpRequest, error: Any) -> HttpResponse:
        if not is_outage(error):
            raise error
        return unavailable(request, outage(error))

    api.add_exception_handler(Unavailable, unavailable)
    api.add_exception_handler(DatabaseError, away)
    api.add_exception_handler(InterfaceError, away)
