"""Personal values are shown to whoever may see them, for a reason, and every look is kept (PIPL arts. 6, 51; 55)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.apps import apps
from django.utils.translation import gettext, gettext_lazy as _

from zijing.core.errors import Invalid, Missing
from zijing.core.rows import insert
from zijing.core.worktime import ZONE
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.people.queries import Part, part_of
from zijing.records.fields import Field
from zijing.records.kinds import every_kind
from zijing.records.models import Kind, Look, Record


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


@dataclass(frozen=True)
class Looked:
    """A line of the log of looks as an auditor reads it: the kind of the record, but no name."""

    look: Look
    kind: str
    fields: str


def looks(actor: Actor, *, account: str = "", since: date | None = None, after: str = "") -> Part:
    """The log of looks at records of the actor's office, the newest first, a page of it."""
    require(actor, "audit.read")
    seen = Look.objects.visible_to(actor).select_related("account", "post").order_by("-pk")
    if account:
        seen = seen.filter(account__username=account)
    if since:
        seen = seen.filter(at__gte=datetime.combine(since, time.min, ZONE))
    if after.isdecimal() and len(after) < 19:
        seen = seen.filter(pk__lt=int(after))
    found = part_of(seen, "pk")
    return Part(in_words(found.rows), found.after)


def looks_since(actor: Actor, since: datetime) -> int:
    """How many looks at records of the actor's office there were since a moment of its clock."""
    require(actor, "audit.read")
    return Look.objects.visible_to(actor).filter(at__gte=since).count()


def in_words(rows: Iterable[Look]) -> list[Looked]:
    """Lines of the log with the kinds and fields they are about by their names; a query for each table looked at."""
    listed, kinds = list(rows), {k.pk: k for k in every_kind().values()}
    ids = defaultdict[str, set[int]](set)
    for look in listed:
        ids[look.subject_type].add(look.subject_id)
    of = {
        (label, pk): kinds[kind]
        for label, pks in ids.items()
        for pk, kind in apps.get_model(label)._default_manager.filter(pk__in=pks).values_list("pk", "kind")
    }
    return [_looked(look, of.get((look.subject_type, look.subject_id))) for look in listed]


def _looked(look: Look, kind: Kind | None) -> Looked:
    described = kind.by_key if kind else {}
    names = [described[key].label if key in described else key for key in look.fields]
    return Looked(look, str(kind or ""), gettext(", ").join(names))


def looks_at(record: Record) -> list[Look]:
    """Who looked at personal values of a record, the newest first, at most 100."""
    rows = Look.objects.filter(subject_type=record._meta.label_lower, subject_id=record.pk)
    return list(rows.select_related("post").order_by("-at", "-pk")[:100])
