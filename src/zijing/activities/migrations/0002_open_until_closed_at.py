"""What has ended has a time of ending, and nothing else has: open work is found by that alone, on either database."""

from zoneinfo import ZoneInfo

from django.db.models.functions import TruncDate
import django.db.models.deletion
from django.db import migrations, models


ENDED = ("withdrawn", "voided", "retired", "merged", "closed")


def mend(apps, schema_editor):
    """Earlier verbs kept to the rule; rows written past them may not have."""
    rows = apps.get_model("activities", "Activity").objects
    rows.filter(closed_at=None, stage__in=ENDED).update(closed_at=models.F("recorded_at"))
    rows.filter(closed_at__isnull=False).exclude(stage__in=ENDED).update(closed_at=None)
    rows.filter(happened_on=None).update(happened_on=TruncDate("recorded_at", tzinfo=ZoneInfo("Asia/Shanghai")))


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0001_initial'),
        ('people', '0006_assignments_by_holder_and_path'),
        ('places', '0003_watch_places'),
        ('records', '0003_watch_kinds'),
        ('registers', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='activity',
            name='activity_kind_stage',
        ),
        migrations.AlterField(
            model_name='activity',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.kind'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='office',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place'),
        ),
        migrations.AlterField(
            model_name='activity',
            name='subject',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='registers.entry'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['kind', '-happened_on', '-id', 'path', 'stage'], name='activity_in_order'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('stage__in', ('withdrawn', 'voided', 'retired', 'merged', 'closed')), _connector='XOR'), name='activity_is_open_until_closed_at'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('happened_on__isnull', False)), name='activity_has_its_day'),
        ),
    ]
