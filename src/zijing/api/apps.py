from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "zijing.api"
    label = "api"
