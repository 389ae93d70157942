from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zijing.search"
    label = "search"
