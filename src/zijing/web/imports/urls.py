"""Addresses of importing a sheet."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.imports.views import index, kind, template
from zijing.web.imports.whole import whole

urlpatterns: list[URLPattern | URLResolver] = [
    path("import/", index, name="import"),
    path("import/all/", whole, name="import-all"),
    path("import/<slug:key>/template.xlsx", template, name="import-template"),
    path("import/<slug:key>/", kind, name="import-kind"),
]
