"""A condition on a list inside the JSON column, which SQLite's and PostgreSQL's own conditions do not share."""

import json
from typing import Any

from django.db.models import Lookup
from django.db.models.fields.json import KeyTransform, compile_json_path  # type: ignore[attr-defined]


class ContainsAny(Lookup):
    """``fields__helpers__contains_any=[3, 4]``: the list under the key holds one of the values."""

    lookup_name = "contains_any"
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        return list(self.rhs)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params, keys = self.lhs.preprocess_lhs(compiler, connection)
        places = ", ".join(["%s"] * len(self.rhs))
        statement = f"EXISTS (SELECT 1 FROM json_each({column}, %s) WHERE value IN ({places}))"
        return statement, [*params, compile_json_path(keys), *self.rhs]

    def as_postgresql(self, compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        held, params = compiler.compile(self.lhs)
        one = f"{held} @> %s::jsonb"
        values = [part for value in self.rhs for part in (*params, json.dumps([value]))]
        return f"({' OR '.join([one] * len(self.rhs))})", values


def declare() -> None:
    """Make the condition known to JSON columns."""
    KeyTransform.register_lookup(ContainsAny)
