"""Addresses of lists, records, forms and files."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.records.editing import edit, new
from zijing.web.records.ending import add_file, doubles, merge, retire
from zijing.web.records.exporting import export
from zijing.web.records.giving import assignments
from zijing.web.records.ledgers import index
from zijing.web.records.lists import listing
from zijing.web.records.looking import look
from zijing.web.records.opening import file
from zijing.web.records.pages import page
from zijing.web.records.saving import choose, drop, save
from zijing.web.records.stages import stages
from zijing.web.records.suggesting import suggestions

urlpatterns: list[URLPattern | URLResolver] = [
    path("ledgers/", index, name="ledgers"),
    path("list/<slug:key>/", listing, name="list"),
    path("list/<slug:key>/stages/", stages, name="list-stages"),
    path("list/<slug:key>/export/", export, name="list-export"),
    path("records/<slug:noun>/<int:pk>/", page, name="record"),
    path("records/<slug:noun>/<int:pk>/edit/", edit, name="edit"),
    path("records/<slug:noun>/<int:pk>/look/", look, name="look"),
    path("records/<slug:noun>/<int:pk>/assignments/", assignments, name="assignments"),
    path("list/<slug:key>/columns/", choose, name="view-columns"),
    path("list/<slug:key>/views/", save, name="view-save"),
    path("views/<int:pk>/drop/", drop, name="view-drop"),
    path("list/<slug:key>/doubles/", doubles, name="doubles"),
    path("records/register/<int:pk>/retire/", retire, name="retire"),
    path("records/register/<int:pk>/merge/<int:other>/", merge, name="merge"),
    path("records/<slug:noun>/<int:pk>/file/", add_file, name="record-file"),
    path("new/<slug:key>/", new, name="new"),
    path("new/<slug:key>/suggestions/", suggestions, name="suggestions"),
    path("files/<int:pk>/", file, name="file"),
]
