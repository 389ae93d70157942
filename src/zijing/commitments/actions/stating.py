"""State dated values of commitments; put them right with a trace; plan a curve; note how others stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.commitments.actions.changing import because
from zijing.commitments.models import Benchmark, Commitment, Correction, Statement, Waypoint
from zijing.core.errors import Conflict, Invalid, Several
from zijing.journal.acting import act
from zijing.people.access import Actor, require
from zijing.records.files import Upload, attach, make_ready, store


@dataclass(frozen=True)
class Saw:
    """What stood for the period when the person looked; ``value`` None: nothing was stated."""

    value: Decimal | None


@dataclass(frozen=True)
class Stated:
    """A value for one commitment in a month's sheet; ``seen`` as in ``state``."""

    commitment: Commitment
    value: Decimal
    note: str = ""
    seen: Saw | None = None


class Overtaken(Several):
    """Somebody else has stated some of these values meanwhile; none was written."""

    status = Conflict.status


def state(
    *, actor: Actor, at: datetime, commitment: Commitment, period: date, value: Decimal, status: str, source: str = "",
    note: str = "", evidence: Sequence[Upload] = (), seen: Saw | None = None,
) -> Statement:  # fmt: skip
    """State the value of a commitment for the period that begins on ``period``, as expected or actual.

    Stating it again replaces the value; what it was is kept as a correction. ``Conflict`` when something else stands
    than what was ``seen`` (None: whoever states has not looked). ``Invalid`` where a figure counts it: what is counted
    is never typed.
    """
    require(actor, "commitments.state")
    if commitment.figure:
        raise Invalid(_("A figure counts this: correct the records behind it instead."), field="value")
    make_ready(evidence)
    with act(actor, at) as a:
        _hold([commitment.pk])
        old = Statement.objects.filter(commitment=commitment, period=period, status=status).first()
        if refusal := _overtaken(commitment, period, old, value, seen):
            raise refusal
        facts = {"value": value, "stated_at": at, "source": source, "note": note[:300], "post_id": actor.post_id}
        statement, _made = Statement.objects.update_or_create(
            commitment=commitment, period=period, status=status, defaults=facts
        )
        if old is not None and old.value != value:
            _keep(old, value, note, at, actor)
        for sent in evidence:
            file = store(actor=actor, at=at, sent=sent)
            attach(actor=actor, at=at, subject=statement, file=file, part="document", name=sent.name)
        change = [format(old.value.normalize(), "f") if old else None, format(Decimal(value).normalize(), "f")]
        told = {} if commitment.kind.restricted else {status: change}
        a.record("commitments.state", commitment, {"period": [None, period], **told})
        return statement


def _hold(ids: Iterable[int]) -> None:
    """Let nobody else state these commitments until the act ends; what merely refers to them goes on."""
    rows = Commitment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids)).order_by("pk")
    list(rows.values_list("pk"))


def _overtaken(
    c: Commitment, period: date, standing: Statement | None, value: Decimal, seen: Saw | None
) -> Conflict | None:
    """The refusal, with all three values, where something else stands than what was seen."""
    stands = standing.value if standing else None
    if seen is None or seen.value == stands:
        return None
    nothing = _("nothing")
    return Conflict(
        _(
            "“%(title)s”, %(month)s: %(stands)s has been stated meanwhile. You saw %(saw)s and entered %(value)s: "
            "look at it, then decide again."
        ),
        field="value", title=c.title, month=f"{period:%Y-%m}", stands=_text(stands) or nothing,
        saw=_text(seen.value) or nothing, value=_text(value),
    )  # fmt: skip


def _keep(old: Statement, value: Decimal, reason: str, at: datetime, actor: Actor) -> None:
    Correction.objects.create(
        statement_id=old.pk, old_value=old.value, new_value=value, reason=reason[:300], at=at, post_id=actor.post_id
    )


def state_month(
    *, actor: Actor, at: datetime, period: date, rows: Sequence[Stated], status: str, source: str = ""
) -> list[Statement]:
    """State many commitments for one month, all or none; what stands already with the same value stays untouched.

    ``Overtaken`` names every value that is no more what was seen.
    """
    require(actor, "commitments.state")
    with act(actor, at):
        _hold(r.commitment.pk for r in rows)
        standing = {
            s.commitment_id: s
            for s in Statement.objects.filter(commitment__in=[r.commitment for r in rows], period=period, status=status)
        }
        refused = [
            refusal for r in rows
            if (refusal := _overtaken(r.commitment, period, standing.get(r.commitment.pk), r.value, r.seen))
        ]  # fmt: skip
        if refused:
            raise Overtaken([*refused])
        made = []
        for row in rows:
            before = standing.get(row.commitment.pk)
            if before is not None and (before.value, before.note) == (row.value, row.note):
                made.append(before)
                continue
            made.append(
                state(
                    actor=actor, at=at, commitment=row.commitment, period=period, value=row.value, status=status,
                    source=source, note=row.note,
                )
            )  # fmt: skip
        return made


def correct(
    *, actor: Actor, at: datetime, statement: Statement, value: Decimal, reason: str, seen: Decimal | None = None
) -> Statement:
    """Put a stated value right; the old one stays in the trace, with the reason.

    ``Invalid`` without a reason or with the value that stands; ``Conflict`` when it is no more the value ``seen``.
    """
    said = because(reason)
    with act(actor, at):
        _hold([statement.commitment_id])
        s = Statement.objects.select_related("commitment__kind").get(pk=statement.pk)
        if refusal := _overtaken(s.commitment, s.period, s, value, None if seen is None else Saw(seen)):
            raise refusal
        if s.value == value:
            raise Invalid(_("This is the value that stands."), field="value")
        return state(
            actor=actor, at=at, commitment=s.commitment, period=s.period, value=value, status=s.status, source=s.source,
            note=said,
        )  # fmt: skip


def plan_curve(*, actor: Actor, at: datetime, commitment: Commitment, points: Mapping[date, Decimal | None]) -> None:
    """Say what is planned to have been reached at the end of each month; None takes a point away."""
    require(actor, "commitments.write")
    with act(actor, at) as a:
        standing = {w.period: w for w in commitment.waypoints.all()}
        changes: dict[str, Any] = {}
        for period, value in points.items():
            before = standing.get(period)
            if (before.value if before else None) == value:
                continue
            if value is None:
                Waypoint.objects.filter(commitment=commitment, period=period).delete()
            else:
                Waypoint.objects.update_or_create(commitment=commitment, period=period, defaults={"value": value})
            changes[period.isoformat()] = [_text(before.value) if before else None, _text(value)]
        if changes:
            a.record("commitments.plan_curve", commitment, {} if commitment.kind.restricted else changes)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def compare_with(
    *, actor: Actor, at: datetime, commitment: Commitment, period: date, whose: str, value: Decimal, source: str = "",
    average: bool = False,
) -> Benchmark:  # fmt: skip
    """Note how another office, or the county on average, stood with the same indicator."""
    require(actor, "commitments.state")
    name = whose.strip()[:60]
    if not name:
        raise Invalid(_("Say whose value it is."), field="whose")
    with act(actor, at) as a:
        facts = {"value": value, "source": source[:120], "average": average, "stated_at": at}
        made, _new = Benchmark.objects.update_or_create(
            commitment=commitment, period=period, whose=name, defaults=facts
        )
        a.record("commitments.compare", commitment, {"period": [None, period]})
        return made
