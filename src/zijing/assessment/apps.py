from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "zijing.assessment"
    label = "assessment"

    def ready(self) -> None:
        from zijing.assessment import telling
        from zijing.assessment.rhythms import declare

        declare()
        telling.declare()
