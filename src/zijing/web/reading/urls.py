"""Addresses of the plan reader."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.reading.views import index, paper

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/read/", index, name="reading"),
    path("plans/read/<id:pk>/", paper, name="paper"),
]
