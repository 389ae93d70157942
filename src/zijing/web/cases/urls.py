"""Addresses of cases."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.cases.views import evidence, page, step

urlpatterns: list[URLPattern | URLResolver] = [
    path("cases/<int:pk>/", page, name="case"),
    path("cases/<int:pk>/evidence/", evidence, name="case-evidence"),
    path("cases/<int:pk>/<slug:verb>/", step, name="case-step"),
]
