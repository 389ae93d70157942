"""A case's timer keeps the turn of the stage it stands at; a step since when that stage lasted, told from the steps."""

from django.db import migrations, models

# The moment of the move before, or of the recording. What follows a closing began with no stage.
SINCE = """
UPDATE cases_step SET since = COALESCE(
    (SELECT MAX(p.at) FROM cases_step p
     WHERE p.case_id = cases_step.case_id AND p.id < cases_step.id AND p.to_stage <> p.from_stage),
    (SELECT c.recorded_at FROM cases_case c WHERE c.id = cases_step.case_id))
WHERE from_stage <> to_stage AND from_stage NOT IN ('', 'closed', 'voided')
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_cases_are_merged")]

    operations = [
        migrations.AddField("step", "since", models.DateTimeField(null=True)),
        migrations.AddField("step", "due_at", models.DateTimeField(null=True)),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AddField("plea", "reference", models.CharField(blank=True, db_default="", default="", max_length=120)),
        migrations.AddField("timer", "turn", models.JSONField(null=True)),
        migrations.AddField("timer", "turn_due_at", models.DateTimeField(null=True)),
        migrations.AddField("timer", "turn_alarm_at", models.DateTimeField(null=True)),
        migrations.AddField("timer", "turn_rung", models.PositiveSmallIntegerField(default=0, db_default=0)),
        migrations.AddIndex(
            "timer",
            models.Index(
                fields=["office", "turn_alarm_at"],
                condition=models.Q(turn_alarm_at__isnull=False),
                name="timer_turn_alarm",
            ),
        ),
    ]
