"""Addresses of the burden of forms."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.burden.views import burden, note

urlpatterns: list[URLPattern | URLResolver] = [
    path("burden/", burden, name="burden"),
    path("burden/note/", note, name="burden-note"),
]
