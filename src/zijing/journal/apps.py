from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "zijing.journal"
    label = "journal"
