"""The address of what needs a person."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.unattended.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("unattended/", page, name="unattended")]
