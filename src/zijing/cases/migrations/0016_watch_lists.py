"""Lists that ask for reports change the stamp under which it is kept in memory which offices have some."""

from django.db import migrations

from zijing.core.stamps import KINDS, unwatch, watch

TABLE = "cases_supervision"


class Migration(migrations.Migration):
    """``cases_supervision`` is watched from here on; not when its alarm is set."""

    dependencies = [("cases", "0015_lists_ask_for_reports"), ("records", "0003_watch_kinds")]

    operations = [migrations.RunPython(watch(TABLE, KINDS, "every, struck_off_at"), unwatch(TABLE))]
