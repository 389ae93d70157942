"""A workbook with several sheets: each goes to the ledger of its name, in the order they need each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.journal.acting import act
from zijing.packs.intake import BUILT_IN, target_of
from zijing.people.access import Actor
from zijing.records import sheets
from zijing.records.kinds import every_kind
from zijing.records.models import Noun
from zijing.records.sheets import Options, Result, Target
from zijing.records.sheets.book import read
from zijing.records.sheets.guards import Source, admit
from zijing.records.sheets.headings import normal
from zijing.records.sheets.trial import reversible, undone

NOUNS = (Noun.REGISTER, Noun.COMMITMENT, Noun.ACTIVITY)
NAMES = {"place": ("区划", "places"), "unit": ("单位", "units"), "post": ("岗位", "posts")}


@dataclass(frozen=True)
class Sheet:
    """What became of one sheet."""

    name: str
    target: Target
    result: Result


class _Stopped(Exception):
    """A sheet was refused: take back what the sheets before it wrote."""


def bring_in_workbook(
    *, actor: Actor, at: datetime, source: Source, name: str = "", confirmed: bool = False, dry_run: bool = False
) -> list[Sheet]:
    """Import every sheet into the ledger it is named after: all of them, or none.

    Places, units and posts come first, then registers, commitments and work records, so that a sheet may name what
    another one brings; sheets of one kind keep their order. The last sheet of the answer is the one that was refused,
    if one was. ``Invalid`` when a sheet has no ledger, ``Refused`` when the actor may not write one.
    """
    content = admit(source, name)
    plan = list(_planned(BytesIO(content), name))
    done: list[Sheet] = []
    with act(actor, at) as a:
        try:
            with undone(a) if dry_run else reversible(a):
                for sheet, target in plan:
                    options = Options(sheet=sheet, confirmed=confirmed or dry_run, whole=True)
                    result = sheets.bring_in(
                        target=target, actor=actor, at=at, source=BytesIO(content), name=name, options=options
                    )
                    done.append(Sheet(sheet, target, result))
                    _stop_unless(result.landed)
        except _Stopped:
            return done
    return done


def _stop_unless(landed: bool) -> None:
    if not landed:
        raise _Stopped


def _planned(source: Source, name: str) -> Iterator[tuple[str, Target]]:
    """The sheets with their ledgers, in the order they are imported."""
    ledgers = _ledgers()
    order = {target.key: n for n, target in enumerate(ledgers.values())}
    found = []
    for part in read(source, name).filled:
        if part.hidden:
            continue
        target = ledgers.get(normal(part.name))
        if target is None:
            raise Invalid(
                _("There is no ledger “%(sheet)s”. Name each sheet after the ledger it belongs to."),
                field="sheet", sheet=part.name[:40],
            )  # fmt: skip
        found.append((part.name, target))
    yield from sorted(found, key=lambda pair: order[pair[1].key])


def _ledgers() -> dict[str, Target]:
    """Every ledger by its names, as sheets write them, in the order of what needs what."""
    ledgers: dict[str, Target] = {}
    for key, target in BUILT_IN.items():
        ledgers |= dict.fromkeys(map(normal, (key, *NAMES[key])), target)
    kinds = [k for k in every_kind().values() if k.noun in NOUNS]
    for kind in sorted(kinds, key=lambda k: (NOUNS.index(Noun(k.noun)), k.pk)):
        ledgers |= dict.fromkeys(map(normal, (kind.key, kind.title_zh, kind.title_en)), target_of(kind))
    return ledgers
