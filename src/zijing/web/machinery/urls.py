"""The address of the machinery page."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.machinery.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("machinery/", page, name="machinery")]
