"""Field types that name another record: how one is found by what a person writes, and how many are named at once."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zijing.records.fields import Field

REFERENCES = ("place", "unit", "post", "entry")

Resolver = Callable[[str, "Field", Any], int]
Namer = Callable[[Iterable[int]], dict[int, str]]
_resolvers: dict[str, Resolver] = {}
_namers: dict[str, Namer] = {}


def register_reference(type_: str, *, resolve: Resolver, name: Namer) -> None:
    """Teach the field type ``type_`` to find a record by what a person writes, and to name many by their ids."""
    _resolvers[type_], _namers[type_] = resolve, name


def resolve(type_: str, text: str, field: "Field", context: Any) -> int:
    """The id of the record that ``text`` names; ``Invalid`` when there is none or more than one."""
    return _resolvers[type_](text, field, context)


def names_of(type_: str, ids: Iterable[int]) -> dict[int, str]:
    """The names of referenced records, in one query."""
    return _namers[type_](ids)


class Resolved(int):
    """The id of a record that a verb has already found within the actor's sight: not looked up again."""
