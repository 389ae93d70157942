"""Numbers of restricted kinds (mediation, assistance, persons): for a whole office, whole months, five records or more.

Nobody shall learn from a number what a record of a neighbour says: no place below the office, no day, no week, no
count under five, and no step of a series that the others would give away.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from zijing.core.worktime import day_of
from zijing.figures.counting import Scope
from zijing.figures.periods import last_of
from zijing.people.models import Role

if TYPE_CHECKING:
    from zijing.figures.queries import Value

LEAST = 5


def for_an_office(scope: Scope) -> bool:
    """Whether the scope is a whole office (or a county) that lies within the actor's prefix sight."""
    if scope.place is None:
        return scope.actor.sight == Role.Sight.OFFICE
    return bool(scope.actor.path) and scope.place.is_office and scope.place.path.startswith(scope.actor.path)


def for_whole_months(scope: Scope) -> bool:
    """Whether the days are whole months, the last one perhaps still running: two periods a day apart tell too much."""
    since, until = scope.since, scope.until
    if since is None and until is None:
        return True
    ends = until is None or until == last_of(until, "month") or until >= day_of(scope.at)
    return ends and (since is None or since.day == 1)


def few() -> str:
    """How a count under the least is shown."""
    return gettext("fewer than %(n)d") % {"n": LEAST}


def why() -> str:
    """Why a number is not shown."""
    return gettext("Of this kind only numbers of %(n)d or more are shown, for the whole office and whole months.") % {
        "n": LEAST
    }


def without_the_deducible(steps: "Sequence[Value]") -> "list[Value]":
    """The steps of a series; if a single one is not shown, the smallest other one is not shown either, because the sum
    of the period would give the first away.
    """
    shown = [s for s in steps if s.amount is not None]
    if len(shown) != len(steps) - 1 or not shown:
        return list(steps)
    least = min(shown, key=lambda s: s.n)
    return [replace(s, amount=None, shown="—", n=0, note=why()) if s is least else s for s in steps]
