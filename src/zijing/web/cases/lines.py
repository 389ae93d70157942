"""A case in a line: where it is, how far its deadline is, and its next step as a button with the least typing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from zijing.cases.access import MOVES
from zijing.cases.models import Case
from zijing.cases.queries import last_done
from zijing.cases.waiting import Waiting
from zijing.cases.wanted import Wanted
from zijing.people.access import Actor
from zijing.records.models import Kind
from zijing.web.cases.doing import SAID, Doing, answering, decision, step_of
from zijing.web.home.blocks import Item, case_item, case_text
from zijing.web.records.nouns import PROJECT, address
from zijing.web.templatetags.zijing import full_day


@dataclass(frozen=True)
class Line:
    """Something that waits: what it is, what is asked about it, and the form of the next step; None: on its page, at
    ``part`` of it. ``case`` where it is a case's step.
    """

    kind: Kind
    item: Item
    said: str = ""
    form: Doing | None = None
    part: str = "steps"
    case: Case | None = None


def lines_of(step: str, waiting: Iterable[Waiting], actor: Actor, at: datetime) -> list[Line]:
    """The lines of what waits for a step."""
    found = list(waiting)
    said = last_done(w.case for w in found) if step == "close" else {}
    return [
        Line(w.case.kind, case_item(w.case, at, case_text(w.case)), _said(w, said), _form(step, w, actor), case=w.case)
        for w in found
    ]


def report_lines(wanted: Iterable[Wanted], today: date) -> list[Line]:
    """The lines of the reports on supervision that are waited for."""
    return [Line(w.kind, _report(w, today), w.listed.reason, part=f"listed-{w.listed.pk}") for w in wanted]


def _report(w: Wanted, today: date) -> Item:
    page = address(PROJECT if w.kind.key == PROJECT else w.kind.noun, w.listed.subject_id)
    when = {"when": full_day(w.due)}
    badge, tone = (_("was due %(when)s"), "red") if w.due < today else (_("due %(when)s"), "yellow")
    return Item(w.title, page, str(w.listed.get_level_display()), badge % when, tone)


def _said(w: Waiting, done: dict[int, str]) -> str:
    if w.plea:
        words = [str(SAID[w.plea.matter])]
        words += [f"+{w.plea.amount}"] if w.plea.amount else []
        words += [_("until %(day)s") % {"day": w.plea.until}] if w.plea.until else []
        return f"{' '.join(words)}: {w.plea.reason}"
    return done.get(w.case.pk, "")


def _form(step: str, w: Waiting, actor: Actor) -> Doing | None:
    if w.plea:
        return decision(w.plea, actor)
    if w.share:
        return answering(w.share, actor)
    return None if _needs_the_page(step, w.case) else replace(step_of(MOVES[step], [], w.case), folded=step == "submit")


def _needs_the_page(step: str, case: Case) -> bool:
    """Whether a step asks for a choice among all units, or for the photos that the class wants."""
    return step == "dispatch" or (step == "submit" and case.kind.told(case.fields, "photos") is not None)
