from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zijing.search"
    label = "search"

    def ready(self) -> None:
        from zijing.outbox.machinery import register_measure
        from zijing.search.index import measure

        register_measure(measure)
