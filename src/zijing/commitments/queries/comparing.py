"""Two plans side by side: what came, what went, what was given another target. By code without the year in front."""

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from zijing.commitments.models import Commitment
from zijing.core.errors import Missing
from zijing.people.access import Actor
from zijing.places.models import under
from zijing.records.models import NOWHERE

YEAR = re.compile(r"^(?:(?:19|20)\d\d[-.]?)+(?=.)")


@dataclass(frozen=True)
class Pair:
    """A commitment of the older plan and the one of the newer that stands for it; one of them is None where it came or
    went. ``changed``: target, unit or deadline (the years between the plans left out) differ.
    """

    old: Commitment | None
    new: Commitment | None
    changed: bool


@dataclass(frozen=True)
class Comparison:
    """What came, what went, what was given another target, and how many stayed as they were."""

    old: Commitment
    new: Commitment
    added: list[Pair]
    dropped: list[Pair]
    retargeted: list[Pair]
    same: int


def compare(actor: Actor, old: int, new: int) -> Comparison:
    """Two plans within sight; ``Missing`` when one of them is not."""
    tops = Commitment.objects.visible_to(actor).in_bulk([old, new])
    if old not in tops or new not in tops:
        raise Missing(gettext("There is no such record within your sight."))
    before, after = (_by_code(actor, tops[pk]) for pk in (old, new))
    years = _years(tops[old], tops[new])
    pairs = [Pair(before.get(key), after.get(key), False) for key in {**before, **after}]
    both = [Pair(p.old, p.new, _differ(p.old, p.new, years)) for p in pairs if p.old and p.new]
    return Comparison(
        tops[old], tops[new],
        added=[p for p in pairs if p.old is None], dropped=[p for p in pairs if p.new is None],
        retargeted=[p for p in both if p.changed], same=sum(not p.changed for p in both),
    )  # fmt: skip


def _by_code(actor: Actor, top: Commitment) -> dict[str, Commitment]:
    rows = Commitment.objects.visible_to(actor).filter(under(top.lineage, "lineage")).exclude(stage__in=NOWHERE)
    rows = rows.exclude(pk=top.pk).select_related("kind").order_by("lineage")
    return {key_of(c, top): c for c in rows}


def key_of(c: Commitment, top: Commitment) -> str:
    """What it is known by from plan to plan: its code without the plan's own or a year in front, else its title."""
    code = c.business_key
    if top.business_key and code.startswith(top.business_key):
        code = code[len(top.business_key) :].lstrip("-.")
    return YEAR.sub("", code) or c.title


def _years(old: Commitment, new: Commitment) -> int:
    return new.deadline.year - old.deadline.year if old.deadline and new.deadline else 0


def _differ(old: Commitment, new: Commitment, years: int) -> bool:
    return (old.quantity, old.measure, old.bound) != (new.quantity, new.measure, new.bound) or not _same_day(
        old.deadline, new.deadline, years
    )


def _same_day(old: date | None, new: date | None, years: int) -> bool:
    """Whether a deadline only moved on with its plan; the leap day becomes the last of February."""
    if old is None or new is None:
        return old == new
    day = 28 if (old.month, old.day) == (2, 29) and not isleap(old.year + years) else old.day
    return new == old.replace(year=old.year + years, day=day)
