"""Records are found by unit and place, and by who recorded them in order of time; assignments lie where records lie."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0002_open_until_closed_at"), ("people", "0007_second_factors_sealed_with_the_field_key")]

    operations = [
        # The old indexes are dropped by name: altering the fields would copy a million rows in SQLite.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP INDEX IF EXISTS commitments_commitment_unit_id_d9ac3098", migrations.RunSQL.noop),
                migrations.RunSQL("DROP INDEX IF EXISTS commitments_commitment_recorded_by_id_f04655fa", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AlterField(
                    "commitment",
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
                    "commitment",
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
        migrations.AddIndex("commitment", models.Index(fields=["unit", "path"], name="commitment_unit_path")),
        migrations.AddIndex("commitment", models.Index(fields=["recorded_by", "id"], name="commitment_by_recorder")),
        migrations.RunSQL(
            "UPDATE people_assignment SET path = (SELECT r.path FROM commitments_commitment r WHERE r.id = people_assignment.subject_id)"
            " WHERE subject_type = 'commitments.commitment' AND EXISTS"
            " (SELECT 1 FROM commitments_commitment r WHERE r.id = people_assignment.subject_id AND r.path <> people_assignment.path)",
            migrations.RunSQL.noop,
        ),
    ]
