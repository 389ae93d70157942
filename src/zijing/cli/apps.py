from django.apps import AppConfig


class CliConfig(AppConfig):
    name = "zijing.cli"
    label = "cli"
