from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "zijing.assessment"
    label = "assessment"
