"""Lists of leaders name their subject by type and id: what stands on them stays, as cases."""

from datetime import datetime, time, timedelta, timezone

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

MORNING = time(8, 30, tzinfo=timezone(timedelta(hours=8)))


def name_subjects(apps, schema_editor):
    supervisions = apps.get_model("cases", "Supervision")._default_manager
    office = apps.get_model("cases", "Case")._default_manager.filter(pk=OuterRef("case_id")).values("office_id")[:1]
    supervisions.update(subject_type="cases.case", subject_id=F("case_id"), office_id=Subquery(office))
    for one in supervisions.filter(struck_off_at=None):
        alarm_at = datetime.combine(one.until + timedelta(days=1), MORNING)
        supervisions.filter(pk=one.pk).update(alarm_at=alarm_at)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_cases_come_back"),
        ("people", "0008_assignments_by_subject"),
        ("places", "0003_watch_places"),
    ]

    operations = [
        migrations.AddField("supervision", "subject_type", models.CharField(default="", max_length=40)),
        migrations.AddField("supervision", "subject_id", models.BigIntegerField(null=True)),
        migrations.AddField(
            "supervision",
            "office",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"
            ),
        ),
        migrations.AddField("supervision", "every", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("supervision", "public", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("supervision", "alarm_at", models.DateTimeField(null=True)),
        migrations.RunPython(name_subjects, migrations.RunPython.noop),
    ]
