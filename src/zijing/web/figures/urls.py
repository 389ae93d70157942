"""Addresses of figures."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.figures.views import detail, index

urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/", index, name="figures"),
    path("figures/<str:key>/", detail, name="figure"),
]
