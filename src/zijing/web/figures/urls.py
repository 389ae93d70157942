"""Addresses of figures."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.figures.evidence import rows
from zijing.web.figures.publications import listing, page, publish
from zijing.web.figures.views import detail, index

urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/", index, name="figures"),
    path("figures/<str:key>/", detail, name="figure"),
    path("figures/<str:key>/rows/", rows, name="figure-rows"),
    path("publications/", listing, name="publications"),
    path("publications/new/", publish, name="publish"),
    path("publications/<int:pk>/", page, name="publication"),
]
