"""A timer keeps the next moment at which something is to be noted; the timers there are get theirs."""

from datetime import datetime

import django.db.models.deletion
from django.db import migrations, models

from zijing.core.worktime import Clock, Limit, Span, last_part


def set_alarms(apps, schema_editor):
    Timer, Case = apps.get_model("cases", "Timer"), apps.get_model("cases", "Case")
    own = Case.objects.filter(timer=models.OuterRef("pk")).values("office")[:1]
    Timer.objects.update(office=models.Subquery(own))
    changed = []
    for timer in Timer.objects.filter(case__closed_at=None).select_related("case").iterator(chunk_size=2000):
        timer.alarm_at = announced(timer) or timer.case.due_at
        changed.append(timer)
    Timer.objects.bulk_update(changed, ["alarm_at"], batch_size=500)


def announced(timer):
    spans = sorted(
        (Span(s["kind"], moment(s["since"]), moment(s["until"]), s["amount"]) for s in timer.spans),
        key=lambda s: s.since,
    )
    starts = [s.since for s in spans if s.kind == "running"]
    limit = Limit(timer.amount, Clock(timer.clock))
    return last_part([s for s in spans if s.since >= max(starts)], limit) if starts else None


def moment(kept):
    return datetime.fromisoformat(kept) if kept else None


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_open_until_closed_at"), ("places", "0003_watch_places")]

    operations = [
        migrations.AddField("timer", "alarm_at", models.DateTimeField(null=True)),
        migrations.AddField("timer", "warned_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "timer",
            "office",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="places.place",
            ),
        ),
        migrations.RunPython(set_alarms, migrations.RunPython.noop),
    ]
