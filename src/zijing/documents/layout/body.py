"""What stands on the pages of a DOCX, as WordprocessingML: paragraphs, tables, bars. Text is escaped, never markup."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from zijing.documents.layout import page, wording
from zijing.documents.layout.shape import bars, cell_size, spread, widths
from zijing.documents.layout.styles import CHAR, HEI, WIDTH, fonts
from zijing.documents.source import Block, Chart, Line, Paragraph, Run, Table

MISSING = '<w:highlight w:val="yellow"/>'
BAR = "7F7F7F"
BAR_UNITS = 60


class Body:
    """Collects the XML of a document and the addresses that its links lead to."""

    def __init__(self, language: str = "zh-hans", site: str = "") -> None:
        self.language, self.site = language, site
        self.parts: list[str] = []
        self.links: dict[str, str] = {}

    def paragraph(self, style: str, text: str = "", *, extra: str = "", run: str = "") -> None:
        """A paragraph of plain text. ``extra`` are further properties of the paragraph, ``run`` of its characters."""
        self.parts.append(_paragraph(style, self.run(text, run) if text else "", extra))

    def blank(self, lines: int = 1) -> None:
        """Empty lines of the grid."""
        for _line in range(lines):
            self.paragraph("Blank")

    def run(self, text: str, properties: str = "") -> str:
        """A run; its line breaks and tabs become Word's own."""
        inner = "".join(_pieces(text))
        return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"

    def line(self, runs: Line, properties: str = "") -> str:
        """The runs of a line, those with an address as links, those without data marked."""
        found = []
        for one in runs:
            inner = self.run(wording.said(one, self.language), properties + (MISSING if one.missing else ""))
            url = wording.link(one.url, self.site)
            found.append(
                f'<w:hyperlink r:id="{self._relation(url)}" w:history="1">{inner}</w:hyperlink>' if url else inner
            )
        return "".join(found)

    def _relation(self, url: str) -> str:
        return self.links.setdefault(url, f"rIdL{len(self.links) + 1}")

    def blocks(self, blocks: Iterable[Block], *, keep_last: bool = False) -> None:
        """Text, tables and charts. With ``keep_last`` the last paragraph stays on the page of what follows."""
        given = list(blocks)
        for place, block in enumerate(given):
            match block:
                case Paragraph():
                    ends = keep_last and 0 < place == len(given) - 1 and _is_brief(block)
                    keep = "<w:keepNext/>" if ends else ""
                    style = f"Heading{block.level}" if 1 <= block.level <= 4 else "Text"
                    self.parts.append(_paragraph(style, self.line(block.runs), keep))
                case Table():
                    self.table(block)
                case Chart():
                    self.chart(block)

    def table(self, table: Table) -> None:
        """A ruled table as wide as the type area, its head repeated on each page."""
        shares = widths(table)
        size = cell_size(len(shares))
        properties = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
        columns = spread(shares, WIDTH)
        if table.title:
            self.paragraph("Caption", wording.clean(table.title))
        rows = []
        if table.head:
            bold = fonts(HEI, self.language) + properties
            cells = [(self.run(wording.clean(text), bold), True) for text in table.head]
            rows.append(_row(cells, columns, head=True))
        rows += [_row([(self.line(cell, properties), _is_short(cell)) for cell in row], columns) for row in table.rows]
        if rows:
            self.parts.append(_table(columns, "".join(rows), "all"))
        self.blank()

    def chart(self, chart: Chart) -> None:
        """Horizontal bars drawn as cells of a table, so that they need neither a picture nor a font for one."""
        low, high = bars(chart.values)
        unit = wording.clean(chart.unit)
        labels, amounts = round(0.24 * WIDTH), round(0.2 * WIDTH)
        columns = [labels, *spread([1 / BAR_UNITS] * BAR_UNITS, WIDTH - labels - amounts), amounts]
        rows = []
        for label, value, url in zip(chart.labels, chart.values, chart.links, strict=False):
            start = round((min(0.0, float(value or 0)) - low) / (high - low) * BAR_UNITS)
            length = round(abs(float(value or 0)) / (high - low) * BAR_UNITS)
            length = max(length, 1) if value else 0
            start = min(start, BAR_UNITS - length)
            amount = Run(wording.amount(value, unit, self.language), url)
            spans = [(1, "", self.run(wording.clean(label)), "right")]
            spans += [(start, "", "", "left")] if start else []
            spans += [(length, BAR, "", "left")] if length else []
            rest = BAR_UNITS - start - length + 1
            spans.append((rest, "", self.line((amount,), MISSING if value is None else ""), "left"))
            rows.append(_bar(spans, columns))
        if chart.title:
            self.paragraph("Caption", wording.clean(chart.title))
        if rows:
            self.parts.append(_table(columns, "".join(rows), "none"))
        self.blank()


def _pieces(text: str) -> Iterable[str]:
    for place, line in enumerate(text.split("\n")):
        if place:
            yield "<w:br/>"
        for column, part in enumerate(line.split("\t")):
            if column:
                yield "<w:tab/>"
            if part:
                yield f'<w:t xml:space="preserve">{escape(part)}</w:t>'


def _paragraph(style: str, inner: str, extra: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}</w:pPr>{inner}</w:p>'


def _is_brief(block: Paragraph) -> bool:
    """Is it of at most three lines? A longer one may be moved as a whole and leave a page half empty."""
    return sum(len(run.text) for run in block.runs) <= 3 * page.CHARACTERS


def _is_short(cell: Line) -> bool:
    return page.ems("".join(run.text for run in cell)) <= 8


def _row(cells: list[tuple[str, bool]], columns: list[int], *, head: bool = False) -> str:
    given = [*cells, *[("", True)] * (len(columns) - len(cells))]
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        + _paragraph("Cell", cell, f'<w:jc w:val="{"center" if short else "left"}"/>')
        + "</w:tc>"
        for (cell, short), width in zip(given, columns, strict=False)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"


def _table(columns: list[int], rows: str, rules: str) -> str:
    line = 'w:val="single" w:sz="4" w:space="0" w:color="000000"'
    gap = '<w:insideH w:val="single" w:sz="48" w:space="0" w:color="FFFFFF"/>'
    borders = "".join(f"<w:{side} {line}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{borders if rules == 'all' else gap}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _bar(spans: list[tuple[int, str, str, str]], columns: list[int]) -> str:
    at, cells = 0, []
    for span, fill, inner, side in spans:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(columns[at : at + span])}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
            f'{shade}<w:vAlign w:val="center"/></w:tcPr>'
            + _paragraph("Cell", inner, f'<w:jc w:val="{side}"/>')
            + "</w:tc>"
        )
        at += span
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def narrowed(size: float, share: float) -> str:
    """Characters of ``size`` points, ``share`` of their full width."""
    width = f'<w:w w:val="{round(share * 100)}"/>' if share < 1 else ""
    return f'{width}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'


def indent(**chars: float) -> str:
    """Indents in characters of the grid: left, right, hanging, firstLine; ``left`` is that of a hanging text's rest.

    With ``hanging`` both are lengths only: Word counts ``leftChars`` up to the first line, ``left`` up to the others.
    """
    lengths = ("left", "hanging") if "hanging" in chars else ()
    return (
        "<w:ind"
        + "".join(
            ("" if side in lengths else f' w:{side}Chars="{round(n * 100)}"') + f' w:{side}="{round(n * CHAR)}"'
            for side, n in chars.items()
        )
        + "/>"
    )


def relations(links: dict[str, str], fixed: list[tuple[str, str, str]]) -> str:
    """A part's relationships: fixed ones (id, type, target), and links that lead outside."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    rows = [f'<Relationship Id="{key}" Type="{office}{kind}" Target="{target}"/>' for key, kind, target in fixed]
    rows += [
        f'<Relationship Id="{key}" Type="{office}hyperlink" Target={quoteattr(url)} TargetMode="External"/>'
        for url, key in links.items()
    ]
    inner = "".join(rows)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )
