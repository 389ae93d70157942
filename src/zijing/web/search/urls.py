"""The address of the search."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.search.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("search/", page, name="search")]
