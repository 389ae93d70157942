from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "zijing.packs"
    label = "packs"

    def ready(self) -> None:
        from zijing.outbox.jobs import register_job
        from zijing.packs import exporting, finding, importing
        from zijing.packs.builder import asking
        from zijing.records.files import register_follower

        register_follower(finding.carry_file)
        register_job(exporting.TASK, exporting.run, title=_("Export"))
        register_job(importing.TASK, importing.run, title=_("Import"))
        register_job(asking.TASK, asking.run, title=_("Fill a sheet"))
