from django.db import migrations

from zijing.core.stamps import PEOPLE, unwatch, watch

TABLES = {
    "people_account": "username, label, is_active",
    "people_role": "",
    "people_unit": "",
    "people_post": "",
    "people_holding": "",
    "people_token": "",
}


class Migration(migrations.Migration):
    dependencies = [("core", "0001_stamps"), ("people", "0002_role_day_and_rail")]
    operations = [
        migrations.RunPython(watch(table, PEOPLE, columns), unwatch(table)) for table, columns in TABLES.items()
    ]
