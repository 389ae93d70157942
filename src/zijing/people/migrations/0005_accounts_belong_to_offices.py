"""Each account is given the office of its first post, which administers it from now on; the sign-in log is guarded."""

from typing import Any

from django.db import migrations

from zijing.journal.guards import guard, unguard


def forwards(apps: Any, schema_editor: Any) -> None:
    accounts, holdings = apps.get_model("people", "Account"), apps.get_model("people", "Holding")
    for account in accounts.objects.filter(office=None):
        first = holdings.objects.filter(account=account).select_related("post").order_by("since", "pk").first()
        if first is not None:
            accounts.objects.filter(pk=account.pk).update(office=first.post.office_id)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_signing_in")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
        migrations.RunPython(guard("people_signin"), unguard("people_signin")),
    ]
