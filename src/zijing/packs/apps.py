from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "zijing.packs"
    label = "packs"
