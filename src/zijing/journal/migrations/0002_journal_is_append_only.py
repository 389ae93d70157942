from django.db import migrations

from zijing.journal.guards import guard, unguard

TABLE = "journal_journalentry"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard(TABLE), unguard(TABLE))]
