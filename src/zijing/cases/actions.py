"""Verbs on cases. A move is a conditional update of the stage: whoever comes second is told, nothing is half done."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy as _

from zijing.cases.access import ASKED_AT, MOVES, has_turn
from zijing.cases.models import CLOCK, TURN, Case, Stage, Step, Timer
from zijing.core.errors import Conflict, Invalid, Refused
from zijing.core.rows import insert as insert_row
from zijing.core.stamps import Kept, steady
from zijing.core.worktime import Clock, Limit, day_of, is_working, previous_working_day
from zijing.figures.actions import prefixes, touch
from zijing.journal.acting import Act, act
from zijing.people.access import Actor, require
from zijing.people.actions import give_first
from zijing.people.models import Assignment, Unit
from zijing.places.models import Place
from zijing.records.files import Upload, add, attachments_of, make_ready
from zijing.records.models import Attachment, Kind
from zijing.records.writing import build, clean_values, client_twin, insert, own_place, own_places, revision_of
from zijing.registers.models import Entry

COMMITTEES = (Unit.Kind.COMMUNITY, Unit.Kind.VILLAGE)
DEFAULT_LIMIT = Limit(5, Clock.WORKING_DAYS)
# What of a timer changes when a case ends.
STOPPED = ("spans", "alarm_at")


def file_case(
    *,
    actor: Actor,
    at: datetime,
    kind: Kind,
    values: Mapping[str, Any],
    subject: Entry | None = None,
    place: Place | None = None,
    source: str = "internal",
    client_id: UUID | None = None,
) -> Case:
    """File what is wrong (cleaned values); its timer runs from now by the kind's limit.

    A kind whose cases are verified first (核实) begins with the report. One that names a receiver skips the dispatch:
    the case begins with the unit that answers first (首接负责).
    With a ``client_id`` seen before, the case filed then is returned.
    """
    require(actor, "cases.file")
    with act(actor, at) as a, steady():
        if twin := client_twin(Case, client_id):
            return twin
        own = own_place(kind, values, own_places(kind, [values]))
        where = own or place or (subject.place if subject else Place.objects.get(pk=actor.place_id))
        more: dict[str, Any] = {"subject": subject} if subject else {}
        receiver = None if kind.verified else receiving_unit(kind, values, where)
        if receiver:
            more |= {"unit": receiver, "stage": Stage.DISPATCHED}
        elif kind.verified:
            more |= {"stage": Stage.REPORTED}
        case = build(
            Case, kind=kind, actor=actor, at=at, values=values, place=where, client_id=client_id, source=source,
            **{"stage": Stage.FILED, **more},
        )  # fmt: skip
        case.happened_on = case.happened_on or day_of(at)
        timer, case.due_at = first_clock(kind, values, case.office_id, at)
        timer.enter(case.stage, at, kind, values)
        insert(a, case, "cases.receive" if kind.verified else "cases.file")
        timer.case = case
        insert_row(timer)
        if receiver:
            give_first(a, subject=case, part=Assignment.Part.LEAD, to=receiver)
        touch(a, case)
        return case


def first_clock(kind: Kind, values: Mapping[str, Any], office: int, at: datetime) -> tuple[Timer, datetime | None]:
    """The clock that a case with these values begins with, unsaved and without its case, and when it runs out."""
    limit = _wanted(kind, values, at) or kind.limit_for(values) or DEFAULT_LIMIT
    timer = Timer(office_id=office, clock=limit.clock, amount=limit.amount)
    return timer, timer.start(at).at


def _wanted(kind: Kind, values: Mapping[str, Any], at: datetime) -> Limit | None:
    """The limit that follows from the day by which whoever sent the case wants the answer, if it names one.

    On a day off it is the working day before; where that is today or past, what is left is an office hour.
    """
    day = values.get(kind.definition.get("answer_by") or "")
    if not isinstance(day, date):
        return None
    last = day if is_working(day) else previous_working_day(day)
    days = (last - day_of(at)).days
    return Limit(days, Clock.CALENDAR_DAYS) if days > 0 else Limit(1, Clock.OFFICE_HOURS)


def receiving_unit(kind: Kind, values: Mapping[str, Any], place: Place) -> Unit | None:
    """The unit that receives a case with these values at a place first, if its class or its kind names one.

    A receiver is the code of a unit of the office, or the one unit of a kind that is nearest at or above the place:
    "place" for the committee of the community or village. Where there are two nobody is chosen.
    """
    told = kind.told(values, "receiver")
    receiver = told.said if told else kind.receiver
    return _receivers.get((receiver, place.path), lambda: _receiver(receiver, place)) if receiver else None


_receivers = Kept[Unit | None]()


def _receiver(receiver: str, place: Place) -> Unit | None:
    if receiver != "place" and receiver not in Unit.Kind.values:
        return Unit.objects.filter(office=place.own_office_id, code=receiver).first()
    kinds = COMMITTEES if receiver == "place" else (receiver,)
    above = Unit.objects.filter(place__path__in=prefixes(place.path), kind__in=kinds).order_by("-place__path", "pk")
    nearest, other = (*above[:2], None, None)[:2]
    return None if nearest and other and nearest.place_id == other.place_id else nearest


def hold(case: Case, stages: tuple[Stage, ...] = tuple(Stage)) -> None:
    """Keep others from moving a case until the act ends.

    ``Conflict`` if it does not stand any more as the actor saw it, or at none of the ``stages`` that the step fits.
    """
    if case.stage not in stages:
        raise _unfit(case.stage)
    if _as_seen(case).select_for_update(of=("self",)).values_list("pk").first() is None:
        raise _moved()


def _as_seen(case: Case) -> QuerySet[Case]:
    seen: QuerySet[Case] = Case.objects.filter(pk=case.pk, stage=case.stage, revision=case.revision)
    return seen


def _moved() -> Conflict:
    return Conflict(_("Someone has moved this case meanwhile. Reload to see it, then decide again."))


def _unfit(stage: str) -> Conflict:
    return Conflict(_("This case is %(stage)s; the step does not fit any more."), stage=Stage(stage).label)


def change(a: Act, case: Case, **wanted: Any) -> None:
    """Set columns of a case if it still stands as the actor saw it; else ``Conflict``, and nothing is done."""
    earlier = [case.follows] if case.follows else []
    touch(a, case, *earlier)
    if not _as_seen(case).update(**wanted, revision=case.revision + 1):
        raise _moved()
    for name, value in wanted.items():
        setattr(case, name, value)
    case.revision += 1
    touch(a, case)


def note(
    a: Act, case: Case, verb: str, source: str, *, unit: Unit | None = None, reason: str = "",
    stood: tuple[datetime | None, datetime | None] = (None, None),
) -> None:  # fmt: skip
    """Keep a step of a case: what was done from the stage it stood at, by whom and why.

    Of a move also since when it ``stood`` there, and until when it might.
    """
    since, due_at = stood
    Step.objects.create(
        case=case, verb=verb, from_stage=source, to_stage=case.stage, post_id=a.actor.post_id, unit=unit, at=a.at,
        reason=reason.strip()[:500], since=since, due_at=due_at,
    )  # fmt: skip


def move(
    a: Act, case: Case, verb: str, actor: Actor, *, reason: str = "", unit: Unit | None = None,
    back_to: Stage | None = None, timed: tuple[str, ...] = (), **changes: Any,
) -> None:  # fmt: skip
    """Move a case if it still stands where the actor saw it; the one place where a case's stage changes.

    ``back_to`` is where a move that takes another back leads. ``timed`` names the columns of its timer that the step
    has changed besides the turn.
    """
    rule = MOVES[verb]
    require(actor, rule.right)
    if rule.needs_reason and not reason.strip():
        raise Invalid(_("Say why."), field="reason")
    if rule.own_turn and not has_turn(case, actor):
        raise Refused(_("It is another unit's turn."))
    source = case.stage
    if source not in rule.sources:
        raise _unfit(source)
    target = rule.target or back_to
    change(a, case, stage=target, **changes)
    stood = (case.timer.entered, None if target == Stage.PARKED else case.timer.turn_due_at)
    case.timer.enter(case.stage, a.at, case.kind, case.fields)
    case.timer.save(update_fields=[*TURN, *timed])
    note(a, case, verb, source, unit=unit, reason=reason, stood=stood)
    told = {"unit": unit and unit.pk, "merged_into": changes.get("merged_into_id")}
    a.record(f"cases.{verb}", case, {"stage": [source, target], **{k: [None, v] for k, v in told.items() if v}})
    _let_lapse(a, case)


def _let_lapse(a: Act, case: Case) -> None:
    """What was asked for and does not fit the case's stage any more is decided by nobody."""
    for plea in case.pleas.filter(granted=None):
        if case.stage not in ASKED_AT[plea.matter]:
            case.pleas.filter(pk=plea.pk).update(granted=False, decided_at=a.at)
            note(a, case, f"{plea.matter}_lapsed", case.stage)
            a.record(f"cases.{plea.matter}_lapsed", case)


def verify(*, actor: Actor, at: datetime, case: Case) -> None:
    """What was reported is so (核实): file it; where the kind names a receiver, it goes there at once."""
    with act(actor, at) as a:
        move(a, case, "verify", actor)
        if receiver := receiving_unit(case.kind, case.fields, case.place):
            move(a, case, "dispatch", actor, unit=receiver, unit_id=receiver.pk)
            give_first(a, subject=case, part=Assignment.Part.LEAD, to=receiver)


def refuse(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """What was reported is not filed (不予立案): it stays readable with the reason, and counts nowhere."""
    with act(actor, at) as a:
        case.timer.stop(at)
        move(a, case, "refuse", actor, reason=reason, timed=STOPPED, closed_at=at)


def dispatch(*, actor: Actor, at: datetime, case: Case, unit: Unit, reason: str = "") -> None:
    """Give the case to the unit that answers for it."""
    with act(actor, at) as a:
        move(a, case, "dispatch", actor, unit=unit, reason=reason, unit_id=unit.pk, handler_id=None)


def accept(*, actor: Actor, at: datetime, case: Case) -> None:
    """The unit takes the case; the accepting post becomes its handler."""
    with act(actor, at) as a:
        move(a, case, "accept", actor, handler_id=actor.post_id)


def object_(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """The unit says it is not for it to handle; the case goes back to be dispatched again."""
    with act(actor, at) as a:
        move(a, case, "object", actor, reason=reason, unit_id=None)


def submit(
    *, actor: Actor, at: datetime, case: Case, reason: str, photos: Mapping[str, Upload] | None = None,
    values: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """The handler says what was done; the case waits to be checked. What others were asked for must be answered.

    ``photos`` by what they show (a part of ``Attachment``) become files of the case with the step, or with it fail.
    ``values`` are raw values of the fields that the kind asks for with this step (its outcome), by key.
    """
    photos = photos or {}
    make_ready(photos.values())
    with act(actor, at) as a:
        for part, photo in photos.items():
            add(actor=actor, at=at, subject=case, sent=photo, part=part, right=MOVES["submit"].right)
        if waiting := case.shares.filter(answered_at=None).select_related("unit").first():
            raise Conflict(_("%(unit)s has not answered for its part yet."), unit=str(waiting.unit))
        _refuse_without_photos(case)
        move(a, case, "submit", actor, reason=reason, **_outcome(actor, case, values or {}))


def _refuse_without_photos(case: Case) -> None:
    """A class may need photos of certain views as its evidence (near, far, before, after)."""
    told = case.kind.told(case.fields, "photos")
    if told and (missing := missing_photos(case)):
        raise Conflict(
            _("“%(class)s” needs photos before it is reported as done: %(views)s."),
            **{"class": told.by, "views": gettext(", ").join(str(part.label) for part in missing)},
        )


def missing_photos(case: Case) -> list[Attachment.Part]:
    """Which views the class of a case wants photographed that no file of the case shows yet."""
    told = case.kind.told(case.fields, "photos")
    if told is None:
        return []
    taken = {attachment.part for attachment in attachments_of(case)}
    return [Attachment.Part(part) for part in told.said if part not in taken]


def _outcome(actor: Actor, case: Case, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that change with what the step asks for; what stands already need not be said again."""
    asked = case.kind.fields_of("submit")
    raw = {f.key: values[f.key] if f.key in values else f.restored(case.value(f)) for f in asked}
    if stray := sorted(set(values) - set(raw)):
        raise Invalid(_("“%(kind)s” has no field “%(key)s”."), field=stray[0], kind=str(case.kind), key=stray[0])
    cleaned = clean_values(case.kind, raw, actor, partial=True, standing=case)
    return revision_of(case, cleaned) if cleaned else {}


def close(*, actor: Actor, at: datetime, case: Case, reason: str = "") -> None:
    """Close after the check, by someone other than the handler. Records whether it was on time."""
    _refuse_handler(case, actor)
    with act(actor, at) as a:
        on_time = case.due_at is None or at <= case.due_at
        case.timer.stop(at)
        move(a, case, "close", actor, reason=reason, timed=STOPPED, closed_at=at, closed_on_time=on_time)


def _refuse_handler(case: Case, actor: Actor) -> None:
    if case.handler_id and case.handler_id == actor.post_id:
        raise Refused(_("Who handled a case does not check it. Ask a colleague."))


def rework(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """The check failed: back to the handler, with all that was recorded."""
    _refuse_handler(case, actor)
    with act(actor, at) as a:
        move(a, case, "rework", actor, reason=reason)


def reopen(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """It came back: the case lives again, its limit anew from now; the earlier closing stays in its steps.

    What was exempt because of that closing counts again; an unreasonable demand stays one.
    """
    with act(actor, at) as a:
        ends = case.timer.start(at)
        exempt = "" if case.exempt == Case.Exempt.APPEAL else case.exempt
        move(
            a, case, "reopen", actor, reason=reason, timed=CLOCK, closed_at=None, closed_on_time=None, exempt=exempt,
            due_at=ends.at,
        )  # fmt: skip


def void(*, actor: Actor, at: datetime, case: Case, reason: str) -> None:
    """Take a case out that should not have been filed; it stays readable and counts nowhere."""
    with act(actor, at) as a:
        case.timer.stop(at)
        move(a, case, "void", actor, reason=reason, timed=STOPPED, closed_at=at)
