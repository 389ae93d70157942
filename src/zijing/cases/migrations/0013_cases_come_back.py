"""A case knows the closing before it, of its class and place, that did not last."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_stages_have_limits")]

    operations = [
        migrations.AddField(
            "case",
            "follows",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="comebacks",
                to="cases.case",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["place", "closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="case_closed_at_place",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["follows", "kind", "happened_on"],
                condition=models.Q(follows__isnull=False),
                name="case_came_back",
            ),
        ),
    ]
