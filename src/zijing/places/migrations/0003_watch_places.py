from django.db import migrations

from zijing.core.stamps import PLACES, unwatch, watch

TABLES = ("places_place", "places_placecode")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_stamps"), ("places", "0002_places_merge")]
    operations = [migrations.RunPython(watch(table, PLACES), unwatch(table)) for table in TABLES]
