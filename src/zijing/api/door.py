"""The API's own way in: a program's request passes what it needs and nothing that is made for pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from zijing.core.stamps import steady

Respond = Callable[[HttpRequest], HttpResponseBase]


class Door:
    """Stands before all other middleware. Calls of the API that carry a key, and those of Open311, go to their view by
    ``API_MIDDLEWARE``.

    They have no session, no cookie that could be forged and no page to be framed or to carry a message; their language
    is that of ``Accept-Language``. What has no key, the API's own pages too, goes the way of a page.
    """

    def __init__(self, get_response: Respond) -> None:
        self.pages = get_response
        core: Any = BaseHandler()
        core._view_middleware, core._template_response_middleware, core._exception_middleware = [], [], []
        chain: Any = convert_exception_to_response(core._get_response)
        for name in reversed(settings.API_MIDDLEWARE):
            chain = convert_exception_to_response(import_string(name)(chain))
        self.programs: Respond = chain

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        keyed = request.headers.get("Authorization", "").startswith("Bearer ")
        if request.path_info.startswith("/open311/") or (keyed and request.path_info.startswith("/api/")):
            with steady():
                return self.programs(request)
        return self.pages(request)
