"""Reading a pack's folder: TOML and CSV into checked descriptions, with errors that name file, row and column."""

import csv
import hashlib
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError

from zijing.core.errors import DomainError, Invalid, Missing, Several
from zijing.outbox.rhythm import known_tasks
from zijing.packs.schema import FigureRow, KindSpec, PackSpec, RailRow, RankingSpec, RhythmRow, RoleRow, StageRow
from zijing.records.filters import LABELS

T = TypeVar("T", bound=BaseModel)

TABLES: dict[str, type[BaseModel]] = {
    "roles.csv": RoleRow,
    "rail.csv": RailRow,
    "stage_templates.csv": StageRow,
    "rhythms.csv": RhythmRow,
    "figures.csv": FigureRow,
}
KNOWN = {*TABLES, "pack.toml", "ranking.toml", "kinds", "README.md"}


@dataclass
class Pack:
    """A pack as its folder says it."""

    spec: PackSpec
    digest: str
    kinds: list[KindSpec] = field(default_factory=list)
    roles: list[RoleRow] = field(default_factory=list)
    rail: list[RailRow] = field(default_factory=list)
    stages: list[StageRow] = field(default_factory=list)
    rhythms: list[RhythmRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    ranking: RankingSpec | None = None


def find(root: Path, key: str) -> Path:
    """The folder of the pack ``key``; ``Missing`` when there is none."""
    folder = root / key
    if not key.replace("-", "").replace("_", "").isalnum() or not (folder / "pack.toml").is_file():
        raise Missing(_("There is no pack “%(key)s” in %(root)s."), key=key, root=str(root))
    return folder


def load(folder: Path) -> Pack:
    """Read and check a pack; ``Several`` lists every fault with its file, row and column."""
    reader = _Reader(folder)
    spec = reader.toml("pack.toml", PackSpec)
    kinds = [reader.toml(f"kinds/{p.name}", KindSpec) for p in sorted((folder / "kinds").glob("*.toml"))]
    tables: dict[str, list[Any]] = {name: reader.table(name, row) for name, row in TABLES.items()}
    ranking = reader.toml("ranking.toml", RankingSpec) if (folder / "ranking.toml").exists() else None
    for path in sorted(folder.iterdir()):
        if path.name not in KNOWN:
            reader.fault(path.name, _("A pack holds no such file."))
    for path in sorted((folder / "kinds").glob("*")):
        if path.suffix != ".toml":
            reader.fault(f"kinds/{path.name}", _("A pack holds no such file."))
    _check_wholes(reader, tables)
    if reader.errors or spec is None:
        raise Several(reader.errors)
    return Pack(
        spec, _digest(folder), [k for k in kinds if k], tables["roles.csv"], tables["rail.csv"],
        tables["stage_templates.csv"], tables["rhythms.csv"], tables["figures.csv"], ranking,
    )  # fmt: skip


def _digest(folder: Path) -> str:
    body = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        body.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return body.hexdigest()


def _check_wholes(reader: "_Reader", tables: dict[str, list[Any]]) -> None:
    _check_weights(reader, tables["stage_templates.csv"])
    _check_names(reader, tables)
    for name, rows in tables.items():
        keys = [(r.template, r.order) if name == "stage_templates.csv" else r.key for r in rows]
        for number, key in enumerate(keys, 2):
            if key in keys[: number - 2]:
                reader.fault(name, _("“%(key)s” stands twice."), row=number, column="key", key=str(key))


def _check_weights(reader: "_Reader", rows: list[Any]) -> None:
    weights = defaultdict[str, Decimal](Decimal)
    for row in rows:
        weights[row.template] += row.weight
    for template, total in weights.items():
        if total != 100:
            reader.fault(
                "stage_templates.csv", _("The weights of “%(t)s” sum to %(sum)s, not 100."), t=template, sum=total
            )


def _check_names(reader: "_Reader", tables: dict[str, list[Any]]) -> None:
    for number, row in enumerate(tables["rhythms.csv"], 2):
        if row.task not in known_tasks():
            reader.fault("rhythms.csv", _("There is no task “%(task)s”."), row=number, column="task", task=row.task)
    for number, row in enumerate(tables["figures.csv"], 2):
        for name, _value in parse_qsl(row.filter):
            if name not in LABELS and not name.startswith("f."):
                reader.fault("figures.csv", _("There is no filter “%(name)s”."), row=number, column="filter", name=name)


class _Reader:
    """Reads one folder's files and collects their faults."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors: list[DomainError] = []

    def fault(self, file: str, message: Any, *, row: int = 0, column: str = "", **params: Any) -> None:
        where = f"{self.folder.name}/{file}" + (f":{row}" if row else "") + (f" [{column}]" if column else "")
        self.errors.append(Invalid(f"{where}: {message}", field=where, **params))

    def toml(self, name: str, model: type[T]) -> T | None:
        try:
            data = tomllib.loads((self.folder / name).read_text(encoding="utf-8"))
            return model.model_validate(data)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.fault(name, str(error).replace("%", "%%"))
        except ValidationError as error:
            self._explain(name, error)
        return None

    def table(self, name: str, model: type[T]) -> list[T]:
        path = self.folder / name
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, restkey="(beyond the last heading)", strict=True)
            return [r for r in (self._row(name, n, row, model) for n, row in enumerate(rows, 2)) if r]

    def _row(self, name: str, number: int, row: dict[str, Any], model: type[T]) -> T | None:
        try:
            return model.model_validate({k: v for k, v in row.items() if v is not None})
        except ValidationError as error:
            self._explain(name, error, row=number)
        return None

    def _explain(self, name: str, error: ValidationError, *, row: int = 0) -> None:
        for fault in error.errors():
            column = ".".join(str(part) for part in fault["loc"])
            text = _("this key is unknown") if fault["type"] == "extra_forbidden" else fault["msg"].replace("%", "%%")
            self.fault(name, text, row=row, column=column)
