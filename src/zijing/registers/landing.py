"""Rows that are planned first and land afterwards, with the figures they count in; for every noun from here up."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zijing.figures.actions import Reach, reach, touch_within
from zijing.journal.acting import act
from zijing.people.access import Actor
from zijing.records.putting import Plan, Put, Ready, carry_out, moved


def when_ready(*, actor: Actor, at: datetime, planned: Callable[[], Plan[Any]]) -> Ready:
    """What ``planned`` finds out now, landed later in one act; planned anew there if it does not hold any more."""

    def made() -> tuple[Plan[Any], Reach]:
        plan = planned()
        return plan, reach(*moved(plan.puts))

    def land() -> list[Put]:
        with act(actor, at) as a:
            plan, reached = first if first[0].holds() else made()
            touch_within(a, reached)
            return carry_out(a, plan)

    first = made()
    return Ready(first[0].puts, land, first[0].laid)
