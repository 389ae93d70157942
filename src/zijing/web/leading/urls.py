"""The address of all that a post answers for."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.leading.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("mine/", page, name="mine")]
