from django.db import migrations

from zijing.core.stamps import KINDS, unwatch, watch


class Migration(migrations.Migration):
    dependencies = [("core", "0001_stamps"), ("records", "0002_kinds_may_be_restricted")]
    operations = [migrations.RunPython(watch("records_kind", KINDS), unwatch("records_kind"))]
