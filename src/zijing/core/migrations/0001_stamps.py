from django.db import migrations, models


def begin(apps, schema_editor):
    Stamp = apps.get_model("core", "Stamp")
    Stamp.objects.bulk_create([Stamp(name=name) for name in ("people", "places", "kinds")])


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("value", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
