from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zijing.web"
    label = "web"
