"""A timer knows how much was noted since it ran out: of the open ones that are over, that they are."""

from django.db import migrations, models


def over(apps, _schema_editor):
    timers = apps.get_model("cases", "Timer").objects
    timers.filter(case__closed_at=None, warned_at__isnull=False, alarm_at=None).update(rung=1)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_residents_report")]

    operations = [
        migrations.AddField("timer", "rung", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.RunPython(over, migrations.RunPython.noop),
    ]
