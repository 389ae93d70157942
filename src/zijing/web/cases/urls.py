"""Addresses of cases."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.cases.hot_spots import page as hot_spots
from zijing.web.cases.printing import sheet
from zijing.web.cases.queue import queue
from zijing.web.cases.several import several
from zijing.web.cases.views import evidence, page, step

urlpatterns: list[URLPattern | URLResolver] = [
    path("queue/", queue, name="queue"),
    path("cases/hot-spots/", hot_spots, name="hot-spots"),
    path("cases/several/", several, name="case-several"),
    path("cases/<int:pk>/", page, name="case"),
    path("cases/<int:pk>/sheet/", sheet, name="case-sheet"),
    path("cases/<int:pk>/evidence/", evidence, name="case-evidence"),
    path("cases/<int:pk>/<slug:verb>/", step, name="case-step"),
]
