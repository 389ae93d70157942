from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "zijing.documents"
    label = "documents"
