from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "zijing.records"
    label = "records"

    def ready(self) -> None:
        from zijing.records import lookups, references

        lookups.declare()
        references.declare()
