"""The addresses of what a post was told."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.messages.views import mark, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", page, name="messages"),
    path("messages/read/", mark, name="messages-read"),
]
