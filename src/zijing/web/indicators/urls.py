"""Addresses of indicators."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.indicators.views import month, page, sheet

urlpatterns: list[URLPattern | URLResolver] = [
    path("indicators/", sheet, name="indicators"),
    path("indicators/month/", month, name="indicators-month"),
    path("indicators/<id:pk>/", page, name="indicator"),
]
