from django.db import migrations


class Migration(migrations.Migration):
    """The green channel was a column that nothing set and nothing read."""

    dependencies = [
        ("projects", "0005_contests"),
    ]

    operations = [
        migrations.RemoveField("schedule", "green"),
    ]
