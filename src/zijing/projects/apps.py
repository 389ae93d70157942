from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "zijing.projects"
    label = "projects"

    def ready(self) -> None:
        from zijing.projects import quoting
        from zijing.projects.rhythms import declare

        declare()
        quoting.declare()
