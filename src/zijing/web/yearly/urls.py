"""Addresses of the year-end report."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.yearly.views import download, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("year-report/", page, name="year-report"),
    path("year-report/<slug:form>/", download, name="year-report-file"),
]
