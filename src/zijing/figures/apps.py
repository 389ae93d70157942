from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "zijing.figures"
    label = "figures"
