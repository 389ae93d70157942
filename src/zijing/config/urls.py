"""Every address: the pages, the API, and nothing else."""

from django.urls import include, path

from zijing.api.urls import api

handler500 = "zijing.web.middleware.failed"
urlpatterns = [
    path("api/v1/", api.urls),
    path("open311/", include("zijing.api.open311.urls")),
    path("", include("zijing.web.urls")),
]
