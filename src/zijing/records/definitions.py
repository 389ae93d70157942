"""A kind's description, parsed once a process: a page that shows ten kinds of record reads no JSON again."""

import json
from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from zijing.records.fields import Field, field_from

PARSED_AT_ONCE = 1000


class Definition(dict[str, Any]):
    """What a pack says of a kind. Shared by all who read the same text: nobody changes it in place."""

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the order of the pack."""
        return tuple(field_from(f) for f in self.get("fields", []))

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {f.key: f for f in self.fields}


@lru_cache(PARSED_AT_ONCE)
def parsed(text: str) -> Definition:
    """The description in a JSON text. Kept by the text itself: no change, restore or process makes it stale."""
    return Definition(json.loads(text))


class DefinitionField(models.JSONField):
    """A plain JSON column whose texts are parsed once."""

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return None if value is None else parsed(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
