from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zijing.cases"
    label = "cases"

    def ready(self) -> None:
        from zijing.cases.alarms import declare

        declare()
