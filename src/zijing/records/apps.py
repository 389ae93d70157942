from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zijing.records"
    label = "records"

    def ready(self) -> None:
        from zijing.records.references import declare

        declare()
