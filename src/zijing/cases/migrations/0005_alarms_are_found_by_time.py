"""Every timer has its office by now; what is due next is found by an index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_timers_have_alarms")]

    operations = [
        migrations.AlterField(
            "timer",
            "office",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="places.place"
            ),
        ),
        migrations.AddIndex(
            "timer",
            models.Index(
                condition=models.Q(("alarm_at__isnull", False)), fields=["office", "alarm_at"], name="timer_alarm"
            ),
        ),
        migrations.AddIndex(
            "timer",
            models.Index(
                condition=models.Q(("alarm_at__isnull", False), ("warned_at__isnull", False)),
                fields=["alarm_at"],
                name="timer_near",
            ),
        ),
    ]
