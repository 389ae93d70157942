"""What a phone needs to work without a network."""

from django.urls import URLPattern, URLResolver, path

from zijing.web.phone.views import manifest, offline, waiting, worker

urlpatterns: list[URLPattern | URLResolver] = [
    path("worker.js", worker, name="worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("offline/", offline, name="offline"),
    path("waiting/", waiting, name="waiting"),
]
