"""Rows whose records stand already and are left as they are: which, where each stands, and whether it is in sight."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zijing.people.access import Actor
from zijing.records.putting import Put
from zijing.records.sheets.outcome import Result, Standing
from zijing.records.tables import stage_label

AT_ONCE = 5000


def tell_standing(result: Result, actor: Actor, outcomes: Sequence[Put | str]) -> None:
    """Note of each row whose record is left as it is which that is; nothing of it is said to who may not see it."""
    kept = [
        (row.number, o.record) for row, o in zip(result.rows, outcomes, strict=False) if isinstance(o, Put) and o.kept
    ]
    seen = _seen(actor, [record for _row, record in kept])
    for number, record in kept:
        words = {"row": number, "key": record.business_key, "title": record.title, "stage": stage_label(record.stage)}
        if record.pk in seen:
            sentence = _("Row %(row)s: “%(key)s” stands already: “%(title)s”, %(stage)s. Nothing of it is changed.")
        else:
            sentence = _("Row %(row)s: “%(key)s” stands already, outside your sight. Nothing of it is changed.")
        result.standing[number] = Standing(sentence % words, record.pk if record.pk in seen else None)
        result.remark(sentence % words, row=number)


def _seen(actor: Actor, records: list[Any]) -> set[int]:
    if not records:
        return set()
    rows = type(records[0])._default_manager.tested_for(actor)
    ids = [record.pk for record in records]
    parts = (ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE))
    return {pk for part in parts for pk in rows.filter(pk__in=part).values_list("pk", flat=True)}
