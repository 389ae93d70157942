"""Conditions of a statement that is written out by hand, each with its values."""

from collections.abc import Iterable
from typing import Any

Term = tuple[str, list[Any]]
NOTHING: Term = ("1 = 0", [])


def both(first: Term, second: Term) -> Term:
    """The condition that two conditions are met."""
    return f"{first[0]} AND {second[0]}", first[1] + second[1]


def either(terms: Iterable[Term]) -> Term:
    """The condition that at least one of several is met."""
    found = list(terms) or [NOTHING]
    return f"({' OR '.join(text for text, _params in found)})", [p for _text, params in found for p in params]
