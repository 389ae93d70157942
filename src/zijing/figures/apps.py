from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "zijing.figures"
    label = "figures"

    def ready(self) -> None:
        from zijing.figures.actions import forget
        from zijing.figures.registry import discover
        from zijing.records.moving import follow

        follow(forget)
        discover()
