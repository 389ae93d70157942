from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zijing.people"
    label = "people"
