from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "zijing.registers"
    label = "registers"

    def ready(self) -> None:
        from zijing.registers.references import declare

        declare()
