from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "zijing.commitments"
    label = "commitments"
