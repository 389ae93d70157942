"""A wanted sheet filled in the request when it is short, as a job when it is long; the way it was filled is kept."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zijing.journal.acting import act
from zijing.outbox.jobs import Made, Progress, enqueue
from zijing.outbox.models import Job
from zijing.packs.builder.outcome import Filled, Tell
from zijing.packs.builder.plan import Choices, Plan, look
from zijing.packs.builder.remembered import Known, remember
from zijing.packs.builder.rows import rows_of
from zijing.people.access import Actor
from zijing.places.models import Place
from zijing.records.sheets.export import XLSX

TASK = "fill"
ROWS_AT_ONCE, NUMBERS_AT_ONCE = 1000, 400


def fill_or_ask(
    *, actor: Actor, at: datetime, content: bytes, choices: Choices, client_id: UUID, name: str = ""
) -> tuple[Plan, Filled | Job]:
    """A wanted sheet, filled; a long one is left to the work process."""
    plan = look(actor=actor, at=at, source=content, choices=choices)
    rows = len(rows_of(plan, actor, at).lines)
    numbers = 0 if plan.subject.kind else rows * len(plan.mapped)
    if rows <= ROWS_AT_ONCE and numbers <= NUMBERS_AT_ONCE:
        return plan, fill_sheet(actor=actor, at=at, plan=plan)
    params = {"choices": asdict(choices), "name": name}
    about = str(plan.subject)
    return plan, enqueue(
        actor=actor, at=at, task=TASK, params=params, client_id=client_id, about=about, given=content
    )  # fmt: skip


def fill_sheet(*, actor: Actor, at: datetime, plan: Plan, tell: Tell | None = None) -> Filled:
    """Fill a sheet that was understood; the journal notes what it is about and how many rows, nothing of them."""
    from zijing.packs.builder.fill import fill  # noqa: PLC0415  # a tenth of a second to import, and few fill a sheet

    made = fill(plan, actor=actor, at=at, tell=tell)
    subject = plan.subject.kind or Place.objects.get(pk=actor.office_id)
    with act(actor, at) as a:
        a.record(
            "sheets.fill", subject, {"rows": [None, made.rows], "cells": [None, made.cells]}, path=actor.office_path
        )
        if plan.mapped:
            remember(actor=actor, at=at, headings=plan.headings, known=_known(plan))
    return made


def _known(plan: Plan) -> Known:
    columns = {name: plan.sources.get(index, "") for index, name in plan.headings.items()}
    return Known(plan.subject.key, columns, dict(plan.filter), plan.period)


def run(progress: Progress) -> Made:
    """The job: a long sheet, filled."""
    plan = look(
        actor=progress.actor, at=progress.at, source=progress.given(), choices=_choices(progress.params["choices"])
    )
    made = fill_sheet(actor=progress.actor, at=progress.at, plan=plan, tell=progress.say)
    name = progress.params.get("name") or f"{plan.subject}.xlsx"
    return Made(said(made), made.content, name, XLSX)


def _choices(kept: Mapping[str, Any]) -> Choices:
    """A person's decisions as a job keeps them: JSON has no numbers as keys."""
    mapping = kept["mapping"] and {int(column): source for column, source in kept["mapping"].items()}
    return Choices(**{**kept, "mapping": mapping})


def said(made: Filled) -> str:
    """What became of a sheet, in one sentence."""
    told = _("%(rows)s rows and %(cells)s cells filled.") % {"rows": made.rows, "cells": made.cells}
    if made.unknown:
        told += " " + _("Not known: %(columns)s.") % {"columns": _(", ").join(made.unknown)}
    return told
