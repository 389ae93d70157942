from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "zijing.commitments"
    label = "commitments"

    def ready(self) -> None:
        from zijing.commitments import replies, telling
        from zijing.commitments.rhythms import declare

        declare()
        replies.declare()
        telling.declare()
