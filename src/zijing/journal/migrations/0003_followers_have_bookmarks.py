"""Whatever follows the journals keeps its place in one table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_journal_is_append_only")]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.CharField(max_length=20)),
                ("office", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "office"), name="one_bookmark_per_reader")
                ],
            },
        ),
    ]
