from django.db import migrations


def empty(apps, schema_editor):
    apps.get_model("figures", "FigureDay").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    """The cache is counted anew in whole numbers by the next migration; it holds nothing that is not in the records."""

    dependencies = [("figures", "0001_initial")]

    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
