"""A timer's segments move into its own row: filing a case writes one row less, and a timer is read in one piece."""

from django.db import migrations, models


def keep_spans(apps, schema_editor):
    Segment, Timer = apps.get_model("cases", "Segment"), apps.get_model("cases", "Timer")
    spans: dict[int, list] = {}
    for segment in Segment.objects.order_by("since", "pk").iterator(chunk_size=2000):
        until = segment.until and segment.until.isoformat()
        kept = {"kind": segment.kind, "since": segment.since.isoformat(), "until": until, "amount": segment.amount}
        spans.setdefault(segment.timer_id, []).append(kept)
    changed = []
    for timer in Timer.objects.iterator(chunk_size=2000):
        timer.spans = spans.get(timer.pk, [])
        changed.append(timer)
    Timer.objects.bulk_update(changed, ["spans"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(model_name="timer", name="spans", field=models.JSONField(default=list)),
        migrations.RunPython(keep_spans, migrations.RunPython.noop),
        migrations.DeleteModel(name="Segment"),
    ]
