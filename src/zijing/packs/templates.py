"""The workbook to fill in for a ledger, with the examples of its pack."""

from zijing.packs import intake
from zijing.people.access import Actor, require
from zijing.records.kinds import find_kind
from zijing.records.sheets import title_of
from zijing.records.sheets.template import template


def template_of(*, actor: Actor, key: str) -> tuple[str, bytes]:
    """The name and content of the workbook to fill in for a ledger. ``Refused`` when the actor may not write it."""
    target = intake.target(key, actor)
    require(actor, target.right)
    kind = find_kind(key)
    examples = kind.definition.get("examples", []) if kind else []
    return f"{title_of(target)}.xlsx", template(target, title_of(target), examples)
