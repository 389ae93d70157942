"""Addresses of long work."""

from django.urls import URLPattern, URLResolver, path

import zijing.web.ids  # noqa: F401  # registers <id:…>
from zijing.web.jobs.views import again, end, index, page, result

urlpatterns: list[URLPattern | URLResolver] = [
    path("jobs/", index, name="jobs"),
    path("jobs/<id:pk>/", page, name="job"),
    path("jobs/<id:pk>/cancel/", end, name="job-cancel"),
    path("jobs/<id:pk>/again/", again, name="job-again"),
    path("jobs/<id:pk>/result/", result, name="job-result"),
]
