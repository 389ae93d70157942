"""Addresses of GeoReport v2: the format is the ending, XML where none is given."""

from django.urls import re_path

from zijing.api.open311 import views

FORM = r"(?:\.(?P<form>xml|json))?"

urlpatterns = [
    re_path(rf"^discovery{FORM}$", views.discovery, name="open311-discovery"),
    re_path(rf"^v2/services{FORM}$", views.services, name="open311-services"),
    re_path(rf"^v2/services/(?P<code>[^/]+?){FORM}$", views.definition, name="open311-definition"),
    re_path(rf"^v2/requests{FORM}$", views.requests, name="open311-requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]+?){FORM}$", views.request_of, name="open311-request"),
    re_path(rf"^v2/tokens/(?P<code>[^/]+?){FORM}$", views.token, name="open311-token"),
    re_path(rf"^.*?{FORM}$", views.nothing, name="open311-nothing"),
]
