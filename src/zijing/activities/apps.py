from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "zijing.activities"
    label = "activities"
