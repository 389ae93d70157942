"""The map."""

from django.urls import path

from zijing.web.maps import views

urlpatterns = [
    path("map/", views.page, name="map"),
    path("map/places.geojson", views.geojson, name="places-geojson"),
]
