from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "zijing.core"
    label = "core"
