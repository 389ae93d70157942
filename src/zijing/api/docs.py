"""The published description as a page of our own: no script, nothing from elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class PlainDocs(DocsBase):
    """Renders the OpenAPI description on the server."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "api": api,
            "openapi_url": self.get_openapi_url(api, kwargs),
            "operations": [
                {"method": method.upper(), "path": path, **operation}
                for path, methods in schema["paths"].items()
                for method, operation in methods.items()
            ],
        }
        return render(request, "api/docs.html", context)
