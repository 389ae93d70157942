"""Closings are found in order with their path and stage: sight is tested within the index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_found_by_unit_and_recorder")]

    operations = [
        migrations.RemoveIndex("case", "case_closed"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["kind", "-closed_at", "-id", "path", "stage"],
                condition=Q(closed_at__isnull=False),
                name="case_closed",
            ),
        ),
    ]
