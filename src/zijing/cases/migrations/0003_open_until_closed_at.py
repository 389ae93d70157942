"""What has ended has a time of ending, and nothing else has: open work is found by that alone, on either database."""

from zoneinfo import ZoneInfo

from django.db.models.functions import TruncDate
import django.db.models.deletion
from django.db import migrations, models


ENDED = ("withdrawn", "voided", "retired", "merged", "closed")


def mend(apps, schema_editor):
    """Earlier verbs kept to the rule; rows written past them may not have."""
    rows = apps.get_model("cases", "Case").objects
    rows.filter(closed_at=None, stage__in=ENDED).update(closed_at=models.F("recorded_at"))
    rows.filter(closed_at__isnull=False).exclude(stage__in=ENDED).update(closed_at=None)
    rows.filter(happened_on=None).update(happened_on=TruncDate("recorded_at", tzinfo=ZoneInfo("Asia/Shanghai")))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_timer_spans'),
        ('people', '0006_assignments_by_holder_and_path'),
        ('places', '0003_watch_places'),
        ('records', '0003_watch_kinds'),
        ('registers', '0003_open_until_closed_at'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='case',
            name='case_kind_stage',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_of_subject',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_open_due',
        ),
        migrations.AlterField(
            model_name='case',
            name='handler',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.post'),
        ),
        migrations.AlterField(
            model_name='case',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.kind'),
        ),
        migrations.AlterField(
            model_name='case',
            name='office',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['kind', '-happened_on', '-id', 'path', 'stage'], name='case_in_order'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['kind', 'due_at'], name='case_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['kind', '-closed_at', '-id'], name='case_closed'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('stage__in', ('withdrawn', 'voided', 'retired', 'merged', 'closed')), _connector='XOR'), name='case_is_open_until_closed_at'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('happened_on__isnull', False)), name='case_has_its_day'),
        ),
    ]
