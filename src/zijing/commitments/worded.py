"""Promises in words, which no figure counts: how far each was last stated to be, as a report lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, pgettext

from zijing.commitments.models import Commitment, Sort, Statement
from zijing.commitments.progress import AHEAD, BEHIND, DONE, HUNDRED, LATE, SLIPPING, Aim, of_itself, state_of
from zijing.core.quantity import show_number
from zijing.core.worktime import day_of
from zijing.documents.answers import Setting
from zijing.documents.source import Block, Paragraph, Run
from zijing.people.access import Actor
from zijing.records.kinds import every_kind
from zijing.records.models import NOWHERE

# Milestones are told by their projects; what has others below it is told by them.
SORTS = (Sort.GOAL, Sort.INDICATOR, Sort.TASK, Sort.DUTY)
WORDED = (Sort.GOAL, Sort.DUTY)
# How a report groups them, in this order.
GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("done: "), (DONE,)),
    (gettext_lazy("on course: "), (AHEAD,)),
    (gettext_lazy("behind schedule: "), (SLIPPING, BEHIND)),
    (gettext_lazy("not done by the deadline: "), (LATE,)),
)


@dataclass(frozen=True)
class Stated:
    """A promise in words as it was last stated: the share done in percent, and where that leaves it."""

    promise: Commitment
    share: Decimal
    state: str


def promises(actor: Actor, year: int) -> list[Commitment]:
    """The actor's office's promises due in a year that have none below them, in the order of their numbers."""
    kinds = [k.pk for k in every_kind().values() if k.definition.get("promise") in SORTS]
    below = Commitment.objects.filter(parent=OuterRef("pk")).exclude(stage__in=NOWHERE)
    mine = Commitment.objects.visible_to(actor).filter(office=actor.office_id, kind__in=kinds, deadline__year=year)
    rows = mine.exclude(stage__in=NOWHERE).filter(~Exists(below) | ~Q(kind__in=_goals()))
    return list(rows.select_related("kind").order_by("business_key", "pk"))


def _goals() -> list[int]:
    return [k.pk for k in every_kind().values() if k.definition.get("promise") == Sort.GOAL]


def page_of(promise: Commitment) -> str:
    """The address of a promise's page, where its statements stand."""
    return f"/records/commitment/{promise.pk}/"


def worded(setting: Setting, chapters: Sequence[str] = ()) -> list[Stated]:
    """The promises in words that anybody has said something of for the setting's days, as they stand today.

    ``chapters`` are titles of what they stand below in the plan; without one those of the whole year.
    """
    today = day_of(setting.at)
    until = min(setting.until or today, today)
    mine = [c for c in promises(setting.actor, until.year) if c.sort in WORDED and not (c.figure or c.counts)]
    if chapters:
        above = _lineages(setting, until.year, chapters)
        mine = [c for c in mine if c.lineage.startswith(above)]
    said = _last_values([c.pk for c in mine], until)
    return [_stated(c, said.get(c.pk), today) for c in mine if c.pk in said or not c.is_open]


def _lineages(setting: Setting, year: int, titles: Sequence[str]) -> tuple[str, ...]:
    named = Commitment.objects.visible_to(setting.actor).filter(office=setting.office, title__in=titles)
    found = named.filter(kind__in=_goals(), deadline__year=year).exclude(stage__in=NOWHERE)
    return tuple(found.exclude(lineage="").values_list("lineage", flat=True))


def _last_values(ids: Sequence[int], until: date) -> dict[int, Decimal]:
    rows = Statement.objects.filter(commitment__in=ids, status=Statement.Status.ACTUAL, period__lte=until)
    return dict(rows.order_by("period").values_list("commitment", "value"))


def _stated(c: Commitment, value: Decimal | None, day: date) -> Stated:
    aim = Aim(c.quantity, c.bound, c.measure, c.baseline, c.happened_on, c.deadline)
    progress = of_itself(aim, value, day, ended=not c.is_open)
    share = progress.done if progress.done is not None else HUNDRED
    # A goal that has been reached is done, however much time is left; a duty goes on to its last day.
    reached = c.sort == Sort.GOAL and share >= HUNDRED
    return Stated(c, share, DONE if reached else state_of(progress, c.deadline, day))


def told(setting: Setting, chapters: Sequence[str] = ()) -> tuple[Block, ...]:
    """A paragraph that names them by how far they are; each opens on its own page. Nothing when none was stated."""
    found = worded(setting, chapters)
    groups = [(str(words), [s for s in found if s.state in states]) for words, states in GROUPS]
    said = [(words, _named(group)) for words, group in groups if group]
    if not said:
        return ()
    between, stop = pgettext("between clauses", "; "), pgettext("end of a sentence", ".")
    heads = [_("Of the plan, "), *([between] * (len(said) - 1))]
    runs = [run for head, (words, names) in zip(heads, said, strict=True) for run in (Run(head + words), *names)]
    return (Paragraph((*runs, Run(stop))),)


def _named(group: Sequence[Stated]) -> list[Run]:
    runs: list[Run] = []
    for one in group:
        share = "" if one.state == DONE else _(" (%(share)s%%)") % {"share": show_number(one.share)}
        runs += [Run(pgettext("between names", ", ")), Run(f"{one.promise.title}{share}", url=page_of(one.promise))]
    return runs[1:]
