from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "zijing.outbox"
    label = "outbox"
