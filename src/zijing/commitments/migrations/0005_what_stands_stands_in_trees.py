"""Commitments from before plans were trees: each gets its lineage, its columns, and the one its number names above."""

from decimal import Decimal, InvalidOperation

from django.db import migrations

TEXTS = {"bound": ("bound", 2), "unit": ("measure", 20)}


def _numbers(value):
    try:
        return Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None


def fill(apps, schema_editor):
    rows = apps.get_model("commitments", "Commitment").objects
    above = {(c.office_id, c.business_key): c for c in rows.filter(kind__key="indicator").exclude(business_key="")}
    for c in rows.order_by("pk").iterator():
        fields = c.fields if isinstance(c.fields, dict) else {}
        for key, (column, longest) in TEXTS.items():
            if isinstance(fields.get(key), str):
                setattr(c, column, fields[key][:longest])
        c.baseline = _numbers(fields.get("baseline"))
        parent = above.get((c.office_id, fields.get("indicator"))) if c.parent_id is None else None
        if parent is not None and parent.pk != c.pk:
            c.parent_id = parent.pk
        c.lineage = f"/{c.parent_id}/{c.pk}/" if c.parent_id else f"/{c.pk}/"
        c.position = c.pk
        c.save(update_fields=["bound", "measure", "baseline", "parent", "lineage", "position"])


class Migration(migrations.Migration):
    dependencies = [("commitments", "0004_plans_are_trees")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
