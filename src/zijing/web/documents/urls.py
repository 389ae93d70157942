"""Addresses of documents."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.documents.forms import change, new, step
from zijing.web.documents.replies import answer
from zijing.web.documents.templates import download, template, templates
from zijing.web.documents.views import file, index, number, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", index, name="documents"),
    path("documents/new/", new, name="document-new"),
    path("documents/templates/", templates, name="document-templates"),
    path("documents/templates/<id:pk>/", template, name="document-template"),
    path("documents/templates/<id:pk>/file/", download, name="document-template-file"),
    path("documents/<id:pk>/", page, name="document"),
    path("documents/<id:pk>/change/", change, name="document-change"),
    path("documents/<id:pk>/step/", step, name="document-step"),
    path("documents/<id:pk>/file/<str:form>/", file, name="document-file"),
    path("documents/<id:pk>/answer/", answer, name="document-answer"),
    path("documents/<id:pk>/numbers/<id:order>/", number, name="document-number"),
]
