from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "zijing.documents"
    label = "documents"

    def ready(self) -> None:
        from zijing.documents import news, printing, rhythms

        news.declare()
        printing.declare()
        rhythms.declare()
