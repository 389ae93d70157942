"""What has ended has a time of ending, and nothing else has: open work is found by that alone, on either database."""

import django.db.models.deletion
from django.db import migrations, models


ENDED = ("withdrawn", "voided", "retired", "merged", "closed")


def mend(apps, schema_editor):
    """Earlier verbs kept to the rule; rows written past them may not have."""
    rows = apps.get_model("registers", "Entry").objects
    rows.filter(closed_at=None, stage__in=ENDED).update(closed_at=models.F("recorded_at"))
    rows.filter(closed_at__isnull=False).exclude(stage__in=ENDED).update(closed_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_assignments_by_holder_and_path'),
        ('places', '0003_watch_places'),
        ('records', '0003_watch_kinds'),
        ('registers', '0001_initial'),
        ("registers", "0002_doubles_are_merged"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='entry',
            name='entry_kind_stage',
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.kind'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='office',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['kind', 'id', 'path', 'stage'], name='entry_in_order'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('stage__in', ('withdrawn', 'voided', 'retired', 'merged', 'closed')), _connector='XOR'), name='entry_is_open_until_closed_at'),
        ),
    ]
