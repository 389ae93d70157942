"""Records are found by unit and place, and by who recorded them in order of time; assignments lie where records lie."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_open_until_closed_at"), ("people", "0007_second_factors_sealed_with_the_field_key")]

    operations = [
        # The old indexes are dropped by name: altering the fields would copy a million rows in SQLite.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP INDEX IF EXISTS registers_entry_unit_id_bb6ca76e", migrations.RunSQL.noop),
                migrations.RunSQL("DROP INDEX IF EXISTS registers_entry_recorded_by_id_a1460d76", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AlterField(
                    "entry",
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                migrations.AlterField(
                    "entry",
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
        ),
        migrations.AddIndex("entry", models.Index(fields=["unit", "path"], name="entry_unit_path")),
        migrations.AddIndex("entry", models.Index(fields=["recorded_by", "id"], name="entry_by_recorder")),
        migrations.RunSQL(
            "UPDATE people_assignment SET path = (SELECT r.path FROM registers_entry r WHERE r.id = people_assignment.subject_id)"
            " WHERE subject_type = 'registers.entry' AND EXISTS"
            " (SELECT 1 FROM registers_entry r WHERE r.id = people_assignment.subject_id AND r.path <> people_assignment.path)",
            migrations.RunSQL.noop,
        ),
    ]
