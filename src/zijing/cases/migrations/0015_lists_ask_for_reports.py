"""A listing without its case's column, and the reports on it; apart from the filling, which leaves checks pending."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_lists_take_projects_and_commitments")]

    operations = [
        migrations.RemoveConstraint("supervision", "listed_once_per_level"),
        migrations.RemoveField("supervision", "case"),
        migrations.AlterField("supervision", "subject_type", models.CharField(max_length=40)),
        migrations.AlterField("supervision", "subject_id", models.BigIntegerField()),
        migrations.AlterField(
            "supervision",
            "office",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.place"),
        ),
        migrations.AddConstraint(
            "supervision",
            models.UniqueConstraint(
                condition=models.Q(("struck_off_at", None)),
                fields=("subject_type", "subject_id", "level"),
                name="listed_once_per_level",
            ),
        ),
        migrations.AddIndex(
            "supervision", models.Index(fields=["subject_id", "subject_type"], name="supervision_of_subject")
        ),
        migrations.AddIndex(
            "supervision",
            models.Index(
                condition=models.Q(("alarm_at__isnull", False)),
                fields=["office", "alarm_at"],
                name="supervision_alarms",
            ),
        ),
        migrations.CreateModel(
            name="SupervisionReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("said", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "post",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "supervision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="cases.supervision"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["supervision", "at"], name="report_on_supervision")]},
        ),
    ]
