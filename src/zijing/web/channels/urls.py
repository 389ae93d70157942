"""The address of the channels."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.channels.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("channels/", page, name="channels")]
