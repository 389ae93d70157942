from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "zijing.outbox"
    label = "outbox"

    def ready(self) -> None:
        from zijing.outbox import machinery, messages
        from zijing.outbox.channels import sending

        machinery.register_measure(messages.measure)
        machinery.register_measure(sending.measure)
