from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "zijing.people"
    label = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        # ``signing.let_in`` notes it, in turn with everybody who writes.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
