"""The address of what an office repeats."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.rhythms.views import page

urlpatterns: list[URLPattern | URLResolver] = [path("rhythms/", page, name="rhythms")]
