"""Filing many cases that another system has numbered: each number once, whatever comes in again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zijing.cases.actions import first_clock, receiving_unit
from zijing.cases.models import Case, Stage, Timer
from zijing.core.rows import insert_all
from zijing.core.worktime import day_of
from zijing.journal.acting import Act
from zijing.people.access import Actor, require
from zijing.people.actions import give_first
from zijing.people.models import Assignment, Unit
from zijing.places.models import Place
from zijing.records.models import Kind
from zijing.records.putting import Plan, Ready, plan
from zijing.records.writing import own_place, own_places
from zijing.registers.landing import when_ready

Values = dict[str, Any]
# Where a case comes from that another system sent as an order with its number.
ORDER = "order"


def ready_cases(*, actor: Actor, at: datetime, kind: Kind, rows: list[Values], place: Place) -> Ready:
    """``file_case`` of many rows of a kind with a business key, planned; they land together.

    A case that bears a row's number is left as it is: what was typed here is never overwritten from outside.
    A row without a place lies at ``place``.
    """
    require(actor, "cases.import")
    verb = "cases.receive" if kind.verified else "cases.file"

    def planned() -> Plan[Case]:
        begun = list[tuple[Timer, Unit | None]]()
        made = plan(
            Case, kind=kind, actor=actor, at=at, rows=rows, place=place, verbs=(verb, verb), lasting=True,
            more=lambda: _beginning(kind, rows, place, at, begun),
        )  # fmt: skip
        made.following = lambda a: _with_what_belongs_to_them(a, made.fresh, begun)
        return made

    return when_ready(actor=actor, at=at, planned=planned)


def _beginning(
    kind: Kind, rows: list[Values], home: Place, at: datetime, begun: list[tuple[Timer, Unit | None]]
) -> Callable[[Values], Values]:
    """What a row's case begins with beside its values; its clock and its first unit are noted in ``begun``."""
    places = own_places(kind, rows)
    day = next((f.key for f in kind.fields if f.column == "happened_on"), "")

    def columns(row: Values) -> Values:
        where = own_place(kind, row, places) or home
        timer, ends = first_clock(kind, row, where.own_office_id, at)
        receiver = None if kind.verified else receiving_unit(kind, row, where)
        stage = Stage.REPORTED if kind.verified else Stage.DISPATCHED if receiver else Stage.FILED
        timer.enter(stage, at, kind, row)
        begun.append((timer, receiver))
        return {
            "due_at": ends, "stage": stage, "source": ORDER, "happened_on": row.get(day) or day_of(at),
            "unit_id": receiver.pk if receiver else None,
        }  # fmt: skip

    return columns


def _with_what_belongs_to_them(a: Act, cases: list[Case], begun: list[tuple[Timer, Unit | None]]) -> None:
    for case, (timer, receiver) in zip(cases, begun, strict=True):
        timer.case = case
        if receiver:
            give_first(a, subject=case, part=Assignment.Part.LEAD, to=receiver)
    insert_all([timer for timer, _receiver in begun])
