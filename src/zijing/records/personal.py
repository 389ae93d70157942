"""Personal values are shown to whoever may see them, for a reason, and every look is kept (PIPL arts. 6, 51; 55)."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid, Missing
from zijing.core.rows import insert
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.records.fields import Field
from zijing.records.models import Look, Record


def reveal(*, actor: Actor, at: datetime, record: Record, keys: Iterable[str], reason: str) -> dict[Field, str]:
    """The personal values of a record the actor sees, in full, by field; the look is kept with its reason.

    ``Refused`` without the right, ``Invalid`` without a reason, ``Missing`` when the record has no such value.
    """
    require(actor, "personal.look")
    if len(reason.strip()) < 2:
        raise Invalid(_("Say what you need it for."), field="reason")
    fields = [f for key in keys if (f := record.kind.by_key.get(key)) and f.personal and record.value(f)]
    if not fields:
        raise Missing(_("There is no such record within your sight."))
    with act(actor, at) as a:
        names = [f.key for f in fields]
        insert(
            Look(
                subject_type=record._meta.label_lower, subject_id=record.pk, path=record.path, fields=names, at=at,
                account_id=actor.account_id, post_id=actor.post_id, reason=reason.strip()[:200],
            )
        )  # fmt: skip
        a.record("records.look", record, {"looked_at": [None, names]})
    return {f: str(f.restored(record.value(f))) for f in fields}


def looks_at(record: Record) -> list[Look]:
    """Who looked at personal values of a record, the newest first, at most 100."""
    rows = Look.objects.filter(subject_type=record._meta.label_lower, subject_id=record.pk)
    return list(rows.select_related("post").order_by("-at", "-pk")[:100])
