"""Addresses of drawing samples."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.sampling.views import samples

urlpatterns: list[URLPattern | URLResolver] = [
    path("samples/", samples, name="samples"),
]
