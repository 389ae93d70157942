"""What the address of a list asks for: its filter as written, and its conditions in words."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

from zijing.records.cleaning import plain as plain_text
from zijing.records.filters import Condition, Filtering
from zijing.records.tables import stage_label

ENDS = (".from", ".to")


@dataclass(frozen=True)
class Chip:
    """A condition in words; ``away`` is the same list without it."""

    label: str | Promise
    text: str
    away: str


def chip(filtering: Filtering, condition: Condition) -> Chip:
    """A condition of the filter in words, and the way without it."""
    text = condition.shown
    if condition.name == "stage":
        text = " / ".join(stage_label(s) for s in condition.value.split(","))
    return Chip(
        condition.label, "" if condition.value == "yes" else text, f"?{filtering.query(**{condition.name: None})}"
    )


def plain(query: QueryDict) -> dict[str, str]:
    """A filter as a list's address writes it: no empty values, several stages joined, two ends of a range in one."""
    params: dict[str, str] = {}
    for name in query:
        values = [plain_text(v) for v in query.getlist(name) if plain_text(v)]
        base = _base(name)
        if base != name:
            params.setdefault(base, _range(query.get(f"{base}.from", ""), query.get(f"{base}.to", "")))
        elif values:
            params[name] = ",".join(values) if name == "stage" else values[-1]
    return {k: v for k, v in params.items() if v}


def _base(name: str) -> str:
    return next((name.removesuffix(end) for end in ENDS if name.endswith(end)), name)


def _range(first: str, last: str) -> str:
    first, last = plain_text(first), plain_text(last)
    return f"{first}..{last}" if first or last else ""
