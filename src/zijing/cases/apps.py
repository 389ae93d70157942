from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "zijing.cases"
    label = "cases"
