"""Refusals in the caller's format, with the statuses of GeoReport v2."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from zijing.api.open311.rendering import answer
from zijing.core.errors import DomainError, Invalid, Several
from zijing.core.outages import Unavailable, is_outage, outage

P = ParamSpec("P")


class NotAllowed(DomainError):
    """The address exists, and is not written to, or not like this."""

    status = 405


class TooLarge(DomainError):
    """More was sent than is taken."""

    status = 413


def answering(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, str, P], HttpResponse]],
    Callable[Concatenate[HttpRequest, P], HttpResponse],
]:
    """A view of these methods (HEAD with GET), given the format; what it refuses is answered in that format."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, str, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            form = str(kwargs.pop("form", None) or "xml")
            try:
                if (request.method or "").replace("HEAD", "GET") not in methods:
                    return not_allowed(methods, form)
                return view(request, form, *args, **kwargs)
            except (DomainError, DatabaseError, InterfaceError) as error:
                return refused(_known(error), form)
            except RequestDataTooBig:
                return refused(TooLarge(_("The body is too large.")), form)
            except (BadRequest, SuspiciousOperation, MultiPartParserError):
                return refused(Invalid(_("The request cannot be read: send a form in UTF-8.")), form)

        return answered

    return decorate


def not_allowed(methods: tuple[str, ...], form: str) -> HttpResponse:
    """405 with what is allowed (RFC 9110, 15.5.6)."""
    names = [name for method in methods for name in ((method, "HEAD") if method == "GET" else (method,))]
    response = refused(NotAllowed(_("This address takes %(methods)s."), methods=", ".join(names)), form)
    response.headers["Allow"] = ", ".join(names)
    return response


def _known(error: Exception) -> DomainError:
    if isinstance(error, DomainError):
        return error
    if is_outage(error):
        return outage(error)
    raise error


def refused(error: DomainError, form: str) -> HttpResponse:
    """The errors of a refusal.

    The status is 404 for what does not exist, 403 for a wrong or missing key, 400 for any other error (GeoReport v2,
    Errors); ``code`` in the body may be more exact: 409, 413, 429 (too many), 503 and 507 (try again later).
    """
    every = error.errors if isinstance(error, Several) and error.errors else [error]
    first = every[0].status
    status = first if first in {403, 404, 405} else 400
    body: list[Any] = [{"code": 400 if e.status == Invalid.status else e.status, "description": str(e)} for e in every]
    response = answer("errors", body, form, status=status)
    if wait := error.retry_after if isinstance(error, Unavailable) else 600 if first == 429 else 0:
        response.headers["Retry-After"] = str(wait)
    return response
