"""Assignments are found by the record first, or by their holder and the type of record.

By a type alone nobody looks them up, yet SQLite would.
"""

from django.db import migrations, models


def given(holder):
    return models.Index(
        fields=[holder, "subject_type", "path", "subject_id"],
        condition=models.Q((f"{holder}__isnull", False)),
        name=f"assignment_given_{holder}",
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0007_second_factors_sealed_with_the_field_key")]

    operations = [
        migrations.RemoveIndex("assignment", "assignment_of_subject"),
        migrations.RemoveIndex("assignment", "assignment_given_post"),
        migrations.RemoveIndex("assignment", "assignment_given_unit"),
        migrations.AddIndex(
            "assignment", models.Index(fields=["subject_id", "subject_type"], name="assignment_of_subject")
        ),
        migrations.AddIndex("assignment", given("post")),
        migrations.AddIndex("assignment", given("unit")),
    ]
