from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "zijing.demo"
    label = "demo"
