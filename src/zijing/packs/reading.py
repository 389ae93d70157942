"""Reads a pack's TOML and CSV files; what is wrong is named by file, row and column, in the reader's words."""

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from zijing.core.errors import DomainError, Invalid

T = TypeVar("T", bound=BaseModel)
BEYOND = "(beyond the last heading)"

# What pydantic finds, said to a clerk; the places are filled from its context.
WORDS: dict[str, Promise] = {
    "extra_forbidden": _("this key is unknown"),
    "missing": _("this is needed"),
    "string_too_short": _("this may not be empty"),
    "string_too_long": _("this has at most %(max_length)s characters"),
    "string_type": _("this must be text"),
    "string_pattern_mismatch": _("this is not written as it must be (%(pattern)s)"),
    "literal_error": _("this must be one of: %(expected)s"),
    "int_parsing": _("this must be a whole number"),
    "int_type": _("this must be a whole number"),
    "int_from_float": _("this must be a whole number"),
    "float_parsing": _("this must be a number"),
    "float_type": _("this must be a number"),
    "decimal_parsing": _("this must be a number"),
    "decimal_type": _("this must be a number"),
    "bool_parsing": _("this must be true or false"),
    "bool_type": _("this must be true or false"),
    "list_type": _("this must be a list"),
    "dict_type": _("this must be a table"),
    "model_type": _("this must be a table"),
    "date_from_datetime_parsing": _("this must be a date: 2020-08-31"),
    "date_parsing": _("this must be a date: 2020-08-31"),
    "time_parsing": _("this must be a time of day: 18:00"),
    "greater_than": _("this must be more than %(gt)s"),
    "greater_than_equal": _("this is at least %(ge)s"),
    "less_than_equal": _("this is at most %(le)s"),
}


class Reader:
    """Reads one folder's files and collects their faults."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[DomainError] = []

    def fault(self, file: str, message: Any, *, row: int = 0, column: str = "", **params: Any) -> None:
        """Note a fault; ``row`` is a line of the file as an editor or a spreadsheet counts it."""
        where = f"{self.folder.name}/{file}" + (f":{row}" if row else "") + (f" [{column}]" if column else "")
        text = str(message) % params if params else str(message)
        self.errors.append(Invalid(f"{where}: {text}", field=where))

    def line(self, name: str, path: Sequence[str | int]) -> int:
        """The line of a TOML file on which a key stands; 0 when it cannot be found."""
        return line_of((self.folder / name).read_text(encoding="utf-8"), path)

    def toml(self, name: str, model: type[T], beside: Mapping[str, Any] | None = None) -> T | None:
        """A TOML file as ``model``; None when it has faults. ``beside`` holds what it may name in other files."""
        try:
            text = (self.folder / name).read_text(encoding="utf-8")
            return model.model_validate(tomllib.loads(text), context=beside)
        except OSError:
            self.fault(name, _("This file is missing."))
        except UnicodeDecodeError:
            self.fault(name, _("This file is not text in UTF-8."))
        except tomllib.TOMLDecodeError as error:
            self.fault(name, _("This is not TOML: %(problem)s"), problem=str(error))
        except ValidationError as error:
            for found in error.errors():
                self._explain(name, found, row=line_of(text, found["loc"]))
        return None

    def table(self, name: str, model: type[T]) -> list[tuple[int, T]]:
        """The rows of a CSV file as ``model``, each with the line it stands on; no rows when there is no file."""
        path = self.folder / name
        if not path.exists():
            return []
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file, restkey=BEYOND, strict=True)
                return [(rows.line_num, r) for row in rows if (r := self._row(name, rows.line_num, row, model))]
        except UnicodeDecodeError:
            self.fault(name, _("This file is not text in UTF-8. Save it as “CSV UTF-8”."))
        except csv.Error as error:
            self.fault(name, _("This is not CSV: %(problem)s"), problem=str(error))
        return []

    def _row(self, name: str, number: int, row: dict[str, Any], model: type[T]) -> T | None:
        try:
            return model.model_validate({k: v for k, v in row.items() if v is not None})
        except ValidationError as error:
            for found in error.errors():
                self._explain(name, found, row=number)
        return None

    def _explain(self, name: str, found: Mapping[str, Any], *, row: int) -> None:
        column = ".".join(str(part) for part in found["loc"])
        self.fault(name, in_words(found), row=row, column=column)


def in_words(found: Mapping[str, Any]) -> str:
    """One of pydantic's errors as a sentence in the reader's language."""
    context = found.get("ctx") or {}
    if found["type"] == "value_error":
        return str(context["error"])
    words = WORDS.get(str(found["type"]))
    return str(words) % context if words and context else str(words or found["msg"])


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line on which a key of a TOML text stands, the table's first line when only that is found, else 0.

    ``path`` leads to it as pydantic says it: ("fields", 0, "type").
    """
    lines = text.splitlines()
    first, last, rest = 0, len(lines), list(path)
    while rest and isinstance(rest[0], str):
        heads = [n for n, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{re.escape(rest[0])}\s*\]\]?", line)]
        nth = rest[1] if len(rest) > 1 and isinstance(rest[1], int) else 0
        if nth >= len(heads):
            break
        first, rest = heads[nth], rest[2 if len(rest) > 1 and isinstance(rest[1], int) else 1 :]
        last = next((n for n in range(first + 1, len(lines)) if re.match(r"\s*\[", lines[n])), len(lines))
    name = str(rest[0]) if rest else ""
    for n in range(first, last):
        if name and re.match(rf'\s*"?{re.escape(name)}"?\s*=', lines[n]):
            return n + 1
    return first + 1 if first else 0
