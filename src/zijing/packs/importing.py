"""A confirmed sheet: landed in the request when it is small, as a job when it is large; the same function does both."""

from dataclasses import asdict
from datetime import datetime
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from zijing.outbox.jobs import Made, Progress, enqueue
from zijing.outbox.models import Job
from zijing.packs import intake
from zijing.people.access import Actor, require
from zijing.records.sheets import Options, Result, Target, bring_in, title_of
from zijing.records.sheets.export import XLSX

AT_ONCE = 500
TASK = "import"


def bring_in_or_ask(
    *, actor: Actor, at: datetime, target: Target, source: IO[bytes], options: Options, rows: int, client_id: UUID
) -> Result | Job:
    """Import a workbook whose preview was confirmed. ``rows``: how many the preview read."""
    if rows <= AT_ONCE:
        return bring_in(
            target=target, actor=actor, at=at, source=source, options=options, client_id=client_id
        )  # fmt: skip
    require(actor, target.right)
    params = {"target": target.key, "options": asdict(options)}
    given, about = source.read(), title_of(target)
    return enqueue(actor=actor, at=at, task=TASK, params=params, client_id=client_id, about=about, given=given)


def run(progress: Progress) -> Made:
    """The job: a large sheet into its ledger, all of it or nothing."""
    asked = progress.params["options"]
    mapping = asked["mapping"] and {int(column): key for column, key in asked["mapping"].items()}
    target = intake.target(progress.params["target"], progress.actor)
    result = bring_in(
        target=target, actor=progress.actor, at=progress.at, source=progress.given(),
        options=Options(**{**asked, "mapping": mapping}), client_id=progress.client_id, tell=progress.say,
        marked=True,
    )  # fmt: skip
    name = f"{_('Import result')} {title_of(target)}.xlsx"
    if result.landed:
        said = _("%(read)s rows: %(created)s new, %(changed)s changed, %(same)s unchanged.") % result.counts
        return Made(said, result.annotated, name, XLSX) if result.annotated else Made(said)
    note = _("Nothing was imported. The workbook says at each cell what is wrong.")
    return Made(note, result.annotated, name, XLSX, failed=True)
