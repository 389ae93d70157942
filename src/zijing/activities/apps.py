from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "zijing.activities"
    label = "activities"

    def ready(self) -> None:
        from zijing.activities import rounds

        rounds.declare()
