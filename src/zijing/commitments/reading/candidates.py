"""What the reader finds: one promised thing, anchored to the text it was found in."""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zijing.commitments.reading.reasons import in_words


@dataclass
class Candidate:
    """A commitment somebody may want to keep. ``text[start:end]`` is what it was read from.

    ``quantity`` is in ``unit``; ``bound`` is ge, gt, le, lt, range (up to ``most``), about, or empty for exactly.
    ``recurrence``: daily, weekly, monthly, quarterly, yearly, periodic, continuous, or empty. ``strength``: hard
    when it can be counted or is dated, soft otherwise. ``reasons`` are codes of ``reasons.REASONS``.
    """

    start: int
    end: int
    title: str
    object: str = ""
    quantity: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    bound: str = ""
    deadline: date | None = None
    recurrence: str = ""
    owner: str = ""
    kind: str = "task"
    family: str = "other"
    strength: str = "soft"
    reasons: list[str] = field(default_factory=list)

    @property
    def reason(self) -> str:
        """Why it was taken for a commitment, in the reader's language."""
        return in_words(self.reasons)

    def as_json(self) -> dict[str, Any]:
        """The published form: plain numbers, ISO days, nothing as null."""
        plain = {key: value if value != "" else None for key, value in asdict(self).items()}
        del plain["reasons"]
        return plain | {
            "quantity": _number(self.quantity),
            "most": _number(self.most),
            "deadline": str(self.deadline) if self.deadline else None,
            "reason": self.reason,
        }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
