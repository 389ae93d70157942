"""Addresses of packs."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.packs.views import index, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("packs/", index, name="packs"),
    path("packs/<slug:key>/", page, name="pack"),
]
