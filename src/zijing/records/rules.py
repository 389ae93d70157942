"""What a kind, or a class of it, rules of its records: time limits, and whom it is told to when they are not kept."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from zijing.core.worktime import Clock, Limit


class Told(NamedTuple):
    """What a choice says of the records of its class, and the name of the choice."""

    said: Any
    by: str


class Rung(NamedTuple):
    """A step up the ladder: so long after the deadline, the posts of these roles are told."""

    after: Limit
    to: tuple[str, ...]


class ComesBack(NamedTuple):
    """A new case counts against the closing of one of its class so few days before and so near."""

    days: int
    metres: int


class StageLimit(NamedTuple):
    """How long a case may stand at a stage, where that is written, and whom it is told to when it stays longer."""

    limit: Limit
    source: str
    ladder: tuple[Rung, ...]


def limit_from(rule: Mapping[str, Any]) -> Limit:
    """A time limit as a pack writes it."""
    return Limit(rule["amount"], Clock(rule["clock"]))


def rungs_from(rule: Mapping[str, Any]) -> list[Rung]:
    """The steps up a ladder as a pack writes them."""
    return [Rung(limit_from(r), tuple(r["to"])) for r in rule.get("escalation", ())]
