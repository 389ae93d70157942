"""What the form of a wanted sheet says: sheet, heading row, subject, filter, days, and the source of each column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from zijing.packs.builder.plan import Choices, Plan, of_figures
from zijing.packs.builder.sources import figure_of
from zijing.records.sheets.outcome import Column
from zijing.web.imports.forms import number_of

MAPPED = re.compile(r"map-(\d{1,3})")


def choices_from(data: Mapping[str, str]) -> Choices:
    """The decisions of a person; a mapping made for another sheet, heading row or subject is made anew."""
    sheet, header, subject = data.get("sheet", ""), number_of(data.get("header", "")), data.get("subject", "")
    made_for = (data.get("mapped-sheet", ""), number_of(data.get("mapped-header", "")), data.get("mapped-subject", ""))
    mapping = {int(found[1]): _source(data, int(found[1])) for name in data if (found := MAPPED.fullmatch(name))}
    stays = (sheet, header, subject) == made_for
    query = data.get("filter", "").strip().lstrip("?")
    return Choices(
        sheet=sheet, header=header, subject=subject, mapping=mapping if mapping and stays else None,
        filter=dict(parse_qsl(query)) if stays or not made_for[2] else {},
        period=data.get("period", "").strip()[:40], over=data.get("over") == "yes",
    )  # fmt: skip


def _source(data: Mapping[str, str], column: int) -> str:
    source, span = data.get(f"map-{column}", ""), data.get(f"span-{column}", "").strip()[:40]
    return f"{source}@{span}" if source and span else source


@dataclass(frozen=True)
class Pick:
    """A column with what it may be filled with: (key, label, chosen); ``span``: its own days, for a figure."""

    column: Column
    options: list[tuple[str, str, bool]]
    span: str
    figure: bool


def picks_of(plan: Plan) -> list[Pick]:
    """The table of columns: every heading with its select."""
    sources = [(s.key, s.label) for s in plan.subject.sources]

    def pick(column: Column) -> Pick:
        key, span = plan.source(column).partition("@")[::2]
        options = [(each, label, each == key) for each, label in sources]
        return Pick(column, options, span, of_figures(plan) and figure_of(key)[0] is not None)

    return [pick(column) for column in plan.columns]


def filter_in_words(plan: Plan) -> str:
    """The filter as a list's address writes it."""
    return urlencode(plan.filter, safe=",.")
