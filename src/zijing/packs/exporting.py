"""A list out of the house: within sight only, journalled, in the request when short, as a job when long."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zijing.core.errors import Missing, Several
from zijing.figures.queries import model_of, records_of
from zijing.journal.acting import act
from zijing.outbox.jobs import Made, Progress, enqueue
from zijing.outbox.models import Job
from zijing.packs.replying import reply_sheet
from zijing.people.access import Actor
from zijing.people.models import Account
from zijing.places.models import Place, under
from zijing.records.filters import Filtering, parse
from zijing.records.kinds import kind_of
from zijing.records.models import Kind, Record
from zijing.records.sheets.export import CSV, XLSX, Heading, as_csv, exported, workbook
from zijing.records.tables import stage_label

AT_ONCE = 2000
TASK = "export"
FORMS = {"xlsx": (workbook, XLSX), "csv": (as_csv, CSV)}
# The list as the sheet that its sender sent, with the answers filled in.
REPLY = "reply"
# Conditions whose values are words of a person: the journal hears that there was one, not what it said.
WORDY = frozenset({"text"})
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Exported:
    """A list as a file."""

    content: bytes
    name: str
    media_type: str
    n: int


def export_or_ask(
    *, actor: Actor, at: datetime, kind: Kind, params: Mapping[str, str], form: str, client_id: UUID,
    columns: Sequence[str] = (),
) -> Exported | Job:  # fmt: skip
    """The list under a filter as a file; a list of more than 2,000 records becomes a job. ``form``: xlsx or csv.

    ``columns``: those of the list, in its order; without them all that a sheet can hold. ``form`` may be reply where
    the kind's sender wants answers; ``Missing`` where nobody does.
    """
    params = _wanted(params, form)
    filtering = _understood(kind, params, at, actor)
    if filtering.apply(records_of(kind.noun, actor)).count() <= AT_ONCE:
        return export(actor=actor, at=at, kind=kind, params=params, form=form, columns=columns)
    asked = {"kind": kind.key, "filter": dict(params), "form": form, "columns": list(columns)}
    return enqueue(actor=actor, at=at, task=TASK, params=asked, client_id=client_id, about=str(kind))


def export(
    *, actor: Actor, at: datetime, kind: Kind, params: Mapping[str, str], form: str, tell: Tell | None = None,
    columns: Sequence[str] = (),
) -> Exported:  # fmt: skip
    """The records of a kind within sight that meet a filter, as a file; the journal notes kind, filter and number.

    ``Several`` when a condition of the filter is not understood.
    """
    filtering = _understood(kind, _wanted(params, form), at, actor)
    found = filtering.apply(records_of(kind.noun, actor)).order_by("pk")
    n = found.count()
    heading = Heading(
        office=Place.objects.get(pk=actor.office_id).name, title=str(kind), filter=in_words(filtering), at=at,
        by=_who(actor), n=n, hidden=_hidden(kind, filtering, actor, n),
    )  # fmt: skip
    content, media_type = _written(kind, _told(found, n, tell), columns, heading, form, actor)
    with act(actor, at) as a:
        a.record(
            "records.export", kind, {"filter": [None, _for_journal(filtering)], "n": [None, n], "form": [None, form]}
        )
    day = at.astimezone().date().isoformat()
    suffix = "xlsx" if form == REPLY else form
    title = _("%(title)s, reply") % {"title": kind} if form == REPLY else str(kind)
    return Exported(content, f"{title} {day}.{suffix}", media_type, n)


def _written(
    kind: Kind, records: Iterator[Record], columns: Sequence[str], heading: Heading, form: str, actor: Actor
) -> tuple[bytes, str]:  # fmt: skip
    if form == REPLY:
        if not kind.definition.get("replies"):
            raise Missing(_("Nobody wants these answered in a sheet."))
        return reply_sheet(kind=kind, office=actor.office_id, records=records), XLSX
    write, media_type = FORMS[form]
    return write(kind, records, exported(kind, columns or None), heading), media_type


def run(progress: Progress) -> Made:
    """The job: a long list as a file."""
    asked = progress.params
    made = export(
        actor=progress.actor, at=progress.at, kind=kind_of(asked["kind"]), params=asked["filter"], form=asked["form"],
        tell=progress.say, columns=asked["columns"],
    )  # fmt: skip
    note = _("%(n)s records exported.") % {"n": made.n}
    return Made(note, made.content, made.name, made.media_type)


def _wanted(params: Mapping[str, str], form: str) -> Mapping[str, str]:
    """A sender is answered about what was voided or merged, too."""
    return {"all": "yes", **params} if form == REPLY else params


def in_words(filtering: Filtering) -> str:
    """The conditions of a filter as a reader says them."""

    def shown(name: str, value: str, text: str) -> str:
        return " / ".join(stage_label(s) for s in value.split(",")) if name == "stage" else text

    return _("; ").join(f"{c.label}: {shown(c.name, c.value, c.shown)}" for c in filtering.conditions)


def _understood(kind: Kind, params: Mapping[str, str], at: datetime, actor: Actor) -> Filtering:
    filtering = parse(params, kind, at=at, actor=actor)
    if filtering.errors:
        raise Several(filtering.errors)
    return filtering


def _for_journal(filtering: Filtering) -> str:
    return "&".join(f"{c.name}={'…' if _wordy(filtering.kind, c.name) else c.value}" for c in filtering.conditions)


def _wordy(kind: Kind, name: str) -> bool:
    if not name.startswith("f."):
        return name in WORDY
    return kind.by_key[name[2:]].type not in {"choice", "boolean", "date", "place", "unit", "post", "entry"}


def _who(actor: Actor) -> str:
    account = Account.objects.filter(pk=actor.account_id).first() if actor.account_id else None
    return f"{account.label} ({actor.title})" if account and account.label else actor.title


def _hidden(kind: Kind, filtering: Filtering, actor: Actor, n: int) -> int:
    """How many more of the office's records meet the filter outside the actor's sight; not said of restricted kinds."""
    if kind.restricted:
        return 0
    everyone = model_of(kind.noun)._default_manager.filter(under(actor.office_path))
    return max(0, filtering.apply(everyone).count() - n)


def _told(found: "QuerySet[Any]", n: int, tell: Tell | None) -> Iterator[Record]:
    for done, record in enumerate(found.iterator(chunk_size=AT_ONCE)):
        if tell and done % 200 == 0:
            tell(done, n)
        yield record
