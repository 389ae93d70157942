"""Records are found by unit and place, and by who recorded them in order of time; assignments lie where records lie."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_pleas_and_shares"), ("people", "0007_second_factors_sealed_with_the_field_key")]

    operations = [
        # The old indexes are dropped by name: altering the fields would copy a million rows in SQLite.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP INDEX IF EXISTS cases_case_unit_id_f34fc706", migrations.RunSQL.noop),
                migrations.RunSQL("DROP INDEX IF EXISTS cases_case_recorded_by_id_b6397b7b", migrations.RunSQL.noop),
            ],
            state_operations=[
                migrations.AlterField(
                    "case",
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
                    "case",
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
        migrations.AddIndex("case", models.Index(fields=["unit", "path"], name="case_unit_path")),
        migrations.AddIndex("case", models.Index(fields=["recorded_by", "id"], name="case_by_recorder")),
        migrations.AddIndex("case", models.Index(fields=["kind", "due_at"], name="case_due")),
        migrations.RunSQL(
            "UPDATE people_assignment SET path = (SELECT r.path FROM cases_case r WHERE r.id = people_assignment.subject_id)"
            " WHERE subject_type = 'cases.case' AND EXISTS"
            " (SELECT 1 FROM cases_case r WHERE r.id = people_assignment.subject_id AND r.path <> people_assignment.path)",
            migrations.RunSQL.noop,
        ),
    ]
