"""The map."""

from django.urls import path

from zijing.web.maps import cases, views

urlpatterns = [
    path("map/", views.page, name="map"),
    path("map/places.geojson", views.geojson, name="places-geojson"),
    path("list/<slug:key>/map/", cases.page, name="list-map"),
    path("list/<slug:key>/map/points.geojson", cases.points, name="list-points"),
]
