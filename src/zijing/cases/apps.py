from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zijing.cases"
    label = "cases"

    def ready(self) -> None:
        from zijing.cases import alarms, comebacks, forgetting, news, reminding
        from zijing.cases.unattended import measure
        from zijing.outbox.machinery import register_measure

        alarms.declare()
        forgetting.declare()
        comebacks.declare()
        news.declare()
        reminding.declare()
        register_measure(measure)
