"""A pack as it was read: what its files say, and the packs it builds upon."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zijing.assessment.definition import SchemeSpec
from zijing.packs.kinds import KindSpec
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
)


@dataclass
class Pack:
    """A pack as its folder says it. ``needed`` holds the packs it requires, and those they require, by key.

    ``texts`` holds the texts of its documents by the name of their file. ``lines`` says on which line each row of a
    table stands, so that what is wrong with it is found.
    """

    spec: PackSpec
    digest: str
    kinds: list[KindSpec] = field(default_factory=list)
    roles: list[RoleRow] = field(default_factory=list)
    rail: list[RailRow] = field(default_factory=list)
    stages: list[StageRow] = field(default_factory=list)
    works: list[WorkRow] = field(default_factory=list)
    rhythms: list[RhythmRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    ranking: RankingSpec | None = None
    documents: list[DocumentRow] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    needed: dict[str, "Pack"] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    schemes: list[SchemeSpec] = field(default_factory=list)

    def rows(self, table: str) -> Iterator[tuple[int, Any]]:
        """The rows of a table, each with the line it stands on."""
        rows: dict[str, list[Any]] = {
            "roles.csv": self.roles, "rail.csv": self.rail, "stage_templates.csv": self.stages,
            "works.csv": self.works, "rhythms.csv": self.rhythms, "figures.csv": self.figures,
            "documents.csv": self.documents,
        }  # fmt: skip
        return zip(self.lines[table], rows[table], strict=True)
