"""Addresses of the report builder."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.builder.views import wanted

urlpatterns: list[URLPattern | URLResolver] = [
    path("sheets/wanted/", wanted, name="wanted-sheet"),
]
