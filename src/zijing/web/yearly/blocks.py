"""A composed text as a page shows it."""

from collections.abc import Iterable
from typing import Any

from zijing.core.quantity import show_number
from zijing.documents.source import Block, Chart, Paragraph, Table

# The first level of a document's headings stands below the page's own title.
LOWEST = 4


def shown(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Every block with what its part of the page needs."""
    return [_shown(block) for block in blocks]


def _shown(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(runs, 0):
            return {"kind": "text", "runs": runs}
        case Paragraph(runs, level):
            return {"kind": "heading", "runs": runs, "level": min(level + 1, LOWEST)}
        case Table(title, head, rows):
            return {"kind": "table", "title": title, "head": head, "rows": rows}
        case Chart(title, labels, values, unit, url):
            bars = [(label, "—" if v is None else show_number(v)) for label, v in zip(labels, values, strict=True)]
            return {"kind": "chart", "title": title, "url": url, "unit": unit, "bars": bars}
