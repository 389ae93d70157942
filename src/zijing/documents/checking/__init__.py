"""Measures a DOCX, ours or anybody's, and says where it deviates from GB/T 9704-2012."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from zijing.core.errors import Invalid
from zijing.documents.checking import endings, rules
from zijing.documents.checking.formats import Formats
from zijing.documents.checking.roles import told
from zijing.documents.checking.rules import Deviation, Found
from zijing.documents.layout import page
from zijing.documents.packaging import DAMAGED, Package, W, admit

__all__ = ["Deviation", "check"]


def check(docx: bytes) -> list[Deviation]:
    """Every deviation in the order of the page. ``Invalid`` when the file is no DOCX that may be read."""
    parts = admit(docx)
    try:
        return list(dict.fromkeys(_deviations(parts)))
    except (RecursionError, ValueError, OverflowError) as error:
        raise Invalid(DAMAGED, field="file") from error


def _deviations(parts: Package) -> Iterator[Deviation]:
    body = parts.xml(parts.main).find(f"{W}body")
    if body is None:
        raise Invalid(DAMAGED, field="file")
    formats = Formats(parts)
    sections = list(body.iter(f"{W}sectPr"))
    for section in sections or [Element("none")]:
        yield from _page(section, formats)
    grid = _pitch(sections[-1]) if sections else None
    given = formats.paragraphs(body)
    roles = told(given)
    yield from rules.head(roles, given, grid or page.LINE_PT)
    yield from rules.opening(roles, given)
    yield from rules.text(roles, formats, grid)
    yield from endings.annex_list(roles)
    yield from endings.attendance(roles, given)
    yield from endings.signature(roles)
    yield from endings.annexes(roles, given)
    yield from endings.record(body.findall(f"{W}tbl"), formats)
    yield from endings.page_numbers(parts, formats, sections[-1] if sections else None)


def _page(section: Element, formats: Formats) -> Found:
    """Paper, margins and grid (5.1, 5.2)."""
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    width, height = _mm(size, "w"), _mm(size, "h")
    if abs(width - page.PAGE_MM[0]) > 1 or abs(height - page.PAGE_MM[1]) > 1:
        yield Deviation(_("paper"), f"{width:.0f} × {height:.0f} mm", "210 × 297 mm", "5.1")
    for name, said, wanted in (
        ("top", _("upper margin"), page.TOP_MM),
        ("bottom", _("lower margin"), page.BOTTOM_MM),
        ("left", _("left margin"), page.LEFT_MM),
        ("right", _("right margin"), page.RIGHT_MM),
    ):
        given = _mm(margins, name) + (_mm(margins, "gutter") if name == "left" else 0)
        if abs(given - wanted) > page.TOLERANCE_MM:
            yield Deviation(said, f"{given:.1f} mm", f"{wanted} ± {page.TOLERANCE_MM} mm", "5.2.1")
    yield from _grid(section, formats, width - _mm(margins, "left") - _mm(margins, "right"),
                     height - _mm(margins, "top") - _mm(margins, "bottom"))  # fmt: skip


def _grid(section: Element, formats: Formats, width: float, height: float) -> Found:
    grid = section.find(f"{W}docGrid")
    pitch = _pitch(section)
    if grid is None or grid.get(f"{W}type") not in {"linesAndChars", "snapToChars"} or not pitch:
        yield Deviation(_("grid of characters"), _("none"), _("22 lines of 28 characters"), "5.2.3")
        return
    character = formats.size + float(grid.get(f"{W}charSpace", "0") or 0) / 4096
    lines, characters = int(height * page.MM / pitch + 0.01), int(width * page.MM / max(character, 1) + 0.01)
    if lines != page.LINES:
        yield Deviation(_("lines on a page"), f"{lines} ({pitch:.2f} pt)", "22 (28.99 pt)", "5.2.3")
    if characters != page.CHARACTERS:
        yield Deviation(_("characters in a line"), f"{characters} ({character:.2f} pt)", "28 (15.79 pt)", "5.2.3")


def _pitch(section: Element) -> float | None:
    """Points between two lines of the grid."""
    grid = section.find(f"{W}docGrid")
    return float(grid.get(f"{W}linePitch", "0") or 0) / 20 or None if grid is not None else None


def _mm(element: Element | None, name: str) -> float:
    return float(element.get(f"{W}{name}", "0") or 0) / 20 / page.MM if element is not None else 0.0
