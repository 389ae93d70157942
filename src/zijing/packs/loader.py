"""Loads a pack's folder and the packs it requires: checked descriptions, or every fault by file, row and column."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from zijing.assessment.definition import SchemeSpec
from zijing.core.errors import DomainError, Missing, Several
from zijing.documents.reading import text_of
from zijing.packs.catalogues import read_catalogue
from zijing.packs.checks import check
from zijing.packs.contents import Pack
from zijing.packs.kinds import KindSpec
from zijing.packs.reading import Reader
from zijing.packs.schema import (
    DocumentRow,
    FigureRow,
    PackSpec,
    RailRow,
    RankingSpec,
    RhythmRow,
    RoleRow,
    StageRow,
    WorkRow,
    as_numbers,
)

TABLES: dict[str, type[BaseModel]] = {
    "roles.csv": RoleRow,
    "rail.csv": RailRow,
    "stage_templates.csv": StageRow,
    "works.csv": WorkRow,
    "rhythms.csv": RhythmRow,
    "figures.csv": FigureRow,
    "documents.csv": DocumentRow,
}
KNOWN = {*TABLES, "pack.toml", "ranking.toml", "kinds", "catalogues", "schemes", "documents", "README.md"}
FOLDERS = {"kinds": ".toml", "catalogues": ".csv", "schemes": ".toml", "documents": ".docx"}


def find(root: Path, key: str) -> Path:
    """The folder of the pack ``key``; ``Missing`` when there is none."""
    folder = root / key
    if not key.replace("-", "").replace("_", "").isalnum() or not (folder / "pack.toml").is_file():
        raise Missing(_("There is no pack “%(key)s” in %(root)s."), key=key, root=str(root))
    return folder


def available(root: Path) -> list[str]:
    """The keys of the packs in a folder of packs."""
    return sorted(p.parent.name for p in root.glob("*/pack.toml"))


def load(folder: Path) -> Pack:
    """Read and check a pack; ``Several`` lists every fault with its file, row and column.

    The packs it requires are read too, from the folder beside it or from the installation's folder of packs.
    """
    return _load(folder.resolve(), ())


def _load(folder: Path, asked_by: tuple[str, ...]) -> Pack:
    reader = Reader(folder)
    spec = reader.toml("pack.toml", PackSpec)
    found = {p.stem: read_catalogue(reader, p.name) for p in sorted((folder / "catalogues").glob("*.csv"))}
    kinds = {p.name: reader.toml(f"kinds/{p.name}", KindSpec, found) for p in sorted((folder / "kinds").glob("*.toml"))}
    schemes = [reader.toml(f"schemes/{p.name}", SchemeSpec) for p in sorted((folder / "schemes").glob("*.toml"))]
    tables = {name: reader.table(name, row) for name, row in TABLES.items()}
    ranking = reader.toml("ranking.toml", RankingSpec) if (folder / "ranking.toml").exists() else None
    texts = dict(_texts(reader, folder))
    _refuse_strangers(reader, folder)
    if reader.errors or spec is None:
        raise Several(reader.errors)
    rows: dict[str, list[Any]] = {name: [row for _line, row in found] for name, found in tables.items()}
    pack = Pack(
        spec, _digest(folder), [k for k in kinds.values() if k], rows["roles.csv"], rows["rail.csv"],
        rows["stage_templates.csv"], rows["works.csv"], rows["rhythms.csv"], rows["figures.csv"], ranking,
        rows["documents.csv"], texts, _needed(reader, folder, spec, asked_by),
        {name: [line for line, _row in found] for name, found in tables.items()}, [s for s in schemes if s],
    )  # fmt: skip
    if not reader.errors:
        check(pack, reader)
    if reader.errors:
        raise Several(reader.errors)
    return pack


def _texts(reader: Reader, folder: Path) -> Iterator[tuple[str, str]]:
    """The texts of the documents, by the name of their file without its ending."""
    for path in sorted((folder / "documents").glob("*.docx")):
        try:
            yield path.name.removesuffix(".docx"), text_of(path.read_bytes())
        except DomainError as error:
            reader.fault(f"documents/{path.name}", "%(problem)s", problem=str(error))


def _refuse_strangers(reader: Reader, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.name not in KNOWN:
            reader.fault(path.name, _("A pack holds no such file."))
    for name, suffix in FOLDERS.items():
        for path in sorted((folder / name).glob("*")):
            if path.suffix != suffix:
                reader.fault(f"{name}/{path.name}", _("A pack holds no such file."))


def _needed(reader: Reader, folder: Path, spec: PackSpec, asked_by: tuple[str, ...]) -> dict[str, Pack]:
    """The packs required, with what they require themselves."""
    found: dict[str, Pack] = {}
    for key, least in spec.needs.items():
        if key in (*asked_by, spec.key):
            chain = " → ".join([*asked_by, spec.key, key])
            reader.fault(
                "pack.toml", _("Packs require each other in a circle: %(chain)s."), column="requires", chain=chain
            )
            continue
        try:
            pack = _load(_beside(folder, key), (*asked_by, spec.key))
        except DomainError as error:
            text = _("It requires the pack “%(key)s”, which cannot be used: %(problem)s")
            reader.fault("pack.toml", text, column="requires", key=key, problem=str(error).split("\n", maxsplit=1)[0])
            continue
        if as_numbers(pack.spec.edition) < as_numbers(least):
            text = _("It requires “%(key)s” from edition %(least)s; the one at hand is %(edition)s.")
            reader.fault("pack.toml", text, column="requires", key=key, least=least, edition=pack.spec.edition)
        found |= pack.needed | {key: pack}
    return found


def _beside(folder: Path, key: str) -> Path:
    try:
        return find(folder.parent, key)
    except Missing:
        return find(Path(settings.PACKS), key)


def _digest(folder: Path) -> str:
    body = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        body.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return body.hexdigest()
