"""The addresses of all pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("zijing.web.home.urls")),
    path("", include("zijing.web.account.urls")),
    path("", include("zijing.web.admin.urls")),
    path("", include("zijing.web.projects.urls")),
    path("", include("zijing.web.leading.urls")),
    path("", include("zijing.web.calendar.urls")),
    path("", include("zijing.web.records.urls")),
    path("", include("zijing.web.cases.urls")),
    path("", include("zijing.web.supervision.urls")),
    path("", include("zijing.web.public.urls")),
    path("", include("zijing.web.imports.urls")),
    path("", include("zijing.web.builder.urls")),
    path("", include("zijing.web.burden.urls")),
    path("", include("zijing.web.jobs.urls")),
    path("", include("zijing.web.messages.urls")),
    path("", include("zijing.web.maps.urls")),
    path("", include("zijing.web.figures.urls")),
    path("", include("zijing.web.search.urls")),
    path("", include("zijing.web.packs.urls")),
    path("", include("zijing.web.reviews.urls")),
    path("", include("zijing.web.assessment.urls")),
    path("", include("zijing.web.plans.urls")),
    path("", include("zijing.web.indicators.urls")),
    path("", include("zijing.web.machinery.urls")),
    path("", include("zijing.web.reading.urls")),
    path("", include("zijing.web.channels.urls")),
    path("", include("zijing.web.unattended.urls")),
    path("", include("zijing.web.phone.urls")),
]
