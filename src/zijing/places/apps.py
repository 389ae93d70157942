from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "zijing.places"
    label = "places"
