"""Make one promise: by hand, from a sentence of a plan, from a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zijing.activities.models import Activity
from zijing.commitments.actions.hanging import field_above, hang_new
from zijing.commitments.actions.judging import check_whole
from zijing.commitments.actions.putting import columns_of_promise
from zijing.commitments.actions.sharing import ASSISTING, JOINT, LEAD, Holder, give, share_new, shares
from zijing.commitments.models import Commitment, Origin
from zijing.core.errors import Invalid
from zijing.figures.actions import touch
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.places.models import Place
from zijing.records.models import Kind, Noun
from zijing.records.writing import build, client_twin, insert, own_place, own_places
from zijing.registers.models import Entry
from zijing.registers.queries import where_their_subject_lies

LONGEST_QUOTE = 1000


@dataclass(frozen=True)
class Source:
    """Where a promise was made: the document, and in it the sentence with its offsets; or the meeting."""

    document: str
    start: int | None = None
    end: int | None = None
    sentence: int | None = None
    quote: str = ""
    digest: str = ""
    meeting: Activity | None = None


def promise(
    *,
    actor: Actor,
    at: datetime,
    kind: Kind,
    values: Mapping[str, Any],
    parent: Commitment | None = None,
    holders: Sequence[Holder] = (),
    source: Source | None = None,
    place: Place | None = None,
    client_id: UUID | None = None,
) -> Commitment:
    """Make one commitment from cleaned ``values`` by the kind's field keys; under ``parent``, answered for by
    ``holders`` beside those its fields name.

    Without a number it gets the next one below its parent. With a ``client_id`` seen before, the one made then is
    returned. ``Invalid`` names the field: what the kind needs, a target without a unit, an unknown parent.
    """
    require(actor, "commitments.write")
    if kind.noun != Noun.COMMITMENT:
        raise Invalid(_("“%(key)s” is no kind of commitment."), field="kind", key=kind.key)
    with act(actor, at) as a:
        if twin := client_twin(Commitment, client_id):
            return twin
        given = with_number(kind, values, parent, place or Place.objects.get(pk=actor.office_id))
        check_whole(kind, given)
        c = _built(actor, at, kind, given, place, client_id)
        insert(a, c, "commitments.commitment.put")
        hang_new([c], [parent if parent is not None else str(given.get(field_above(kind)) or "")])
        share_new(actor, at, kind, [c])
        if holders:
            _give_too(actor, at, c, holders)
        if source is not None:
            _tell_source(c, source)
        touch(a, c)
        return c


def with_number(kind: Kind, values: Mapping[str, Any], parent: Commitment | None, place: Place) -> dict[str, Any]:
    """The values with a number, and with that of the parent where the kind has a field for it."""
    given = dict(values)
    if parent is not None and (above := field_above(kind)):
        given[above] = parent.business_key or None
    key = str(kind.definition.get("business_key") or "")
    if key and not given.get(key):
        stem = f"{parent.business_key or parent.pk}-" if parent else f"{kind.key[:1].upper()}-"
        given[key] = next_number(stem, kind, place.own_office_id)
    return given


def next_number(stem: str, kind: Kind, office: int) -> str:
    """The first free number after the highest that begins with ``stem``: "A-03" after "A-02"."""
    mine = Commitment.objects.filter(Q(business_key__startswith=stem), office=office)
    tails = [key[len(stem) :] for key in mine.values_list("business_key", flat=True)]
    highest = max((int(t) for t in tails if t.isdecimal() and len(t) < 9), default=0)
    return f"{stem}{highest + 1:02}"


def _built(
    actor: Actor, at: datetime, kind: Kind, values: dict[str, Any], place: Place | None, client_id: UUID | None
) -> Commitment:
    own = own_place(kind, values, own_places(kind, [values]))
    where = own or place or Place.objects.get(pk=actor.office_id)
    more = columns_of_promise(kind, values) | where_their_subject_lies(kind, [values])(values)
    c = build(
        Commitment, kind=kind, actor=actor, at=at, values=values, place=where, client_id=client_id,
        **{k: v for k, v in more.items() if k not in {"place_id", "path", "office_id"}},
    )  # fmt: skip
    if "path" in more:
        c.place_id, c.path, c.office_id = more["place_id"], more["path"], more["office_id"]
    return c


def _give_too(actor: Actor, at: datetime, c: Commitment, holders: Sequence[Holder]) -> None:
    """Holders named by the caller, with shares as stated or in equal parts."""
    if all(h.share is None for h in holders):
        each = shares([h.part for h in holders])
        holders = [Holder(h.who, h.part, s) for h, s in zip(holders, each, strict=True)]
    answering = [h.share or 0 for h in holders if h.part in {LEAD, JOINT}]
    if answering and sum(answering) != 100:
        raise Invalid(_("The shares make %(sum)s percent; they must make 100."), field="shares", sum=sum(answering))
    give(actor, at, c, holders, sorted({h.part for h in holders} & {LEAD, JOINT, ASSISTING}))


def _tell_source(c: Commitment, source: Source) -> None:
    if source.start is not None and source.end is not None and source.end < source.start:
        raise Invalid(_("The sentence ends before it begins."), field="source")
    Origin.objects.create(
        commitment=c, document=source.document[:120], digest=source.digest, start=source.start, end=source.end,
        sentence=source.sentence, quote=source.quote[:LONGEST_QUOTE], meeting=source.meeting,
    )  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """One decision of a meeting: what, who answers, by when; how much of what where it can be counted."""

    title: str
    holder: Holder
    deadline: date
    amount: Decimal | None = None
    unit: str = ""


def decide(
    *, actor: Actor, at: datetime, meeting: Activity, kind: Kind, decisions: Sequence[Decision],
    parent: Commitment | None = None,
) -> list[Commitment]:  # fmt: skip
    """Make the decisions of a meeting commitments, each with its owner and date; all of them or none.

    Deciding the same sentence again for the same meeting returns what was made then. ``Invalid`` names the row.
    """
    require(actor, "commitments.write")
    made: list[Commitment] = []
    with act(actor, at):
        before = {o.commitment.title: o.commitment for o in meeting.decisions.select_related("commitment")}
        for n, d in enumerate(decisions, 1):
            if d.title[:120] in before:
                made.append(before[d.title[:120]])
                continue
            try:
                made.append(_decide(actor, at, meeting, kind, d, parent, n))
            except Invalid as error:
                error.field = f"{error.field}-{n}"
                raise
    return made


def _decide(
    actor: Actor, at: datetime, meeting: Activity, kind: Kind, d: Decision, parent: Commitment | None, n: int
) -> Commitment:
    if not d.title.strip():
        raise Invalid(_("Say what was decided."), field="title")
    by_column = {f.column: f.key for f in kind.fields if f.column}
    values: dict[str, Any] = {by_column["title"]: d.title[:120], "deadline": d.deadline}
    if d.amount is not None and "quantity" in by_column:
        values |= {by_column["quantity"]: d.amount, "unit": d.unit or None}
    key = str(kind.definition.get("business_key") or "")
    if key and parent is None:
        values[key] = next_number(f"M{meeting.pk}-", kind, meeting.office_id)
    subject = Entry.objects.filter(pk=meeting.subject_id).first() if meeting.subject_id else None
    source = Source(document=meeting.title, sentence=n, quote=d.title, meeting=meeting)
    return promise(
        actor=actor, at=at, kind=kind, values=values, parent=parent, holders=[d.holder], source=source,
        place=subject.place if subject else meeting.place,
    )  # fmt: skip
