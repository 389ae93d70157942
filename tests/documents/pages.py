"""A PDF measured: where each character stands, in points from the upper left corner of its page, and in which face."""

import ctypes
from dataclasses import dataclass
from itertools import groupby, pairwise

import pypdfium2 as pdfium
from pypdfium2 import raw

MM = 72 / 25.4


@dataclass(frozen=True)
class Glyph:
    text: str
    left: float
    baseline: float
    top: float
    bottom: float
    size: float
    face: str
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Row:
    glyphs: tuple[Glyph, ...]

    @property
    def text(self):
        return "".join(g.text for g in self.glyphs)

    @property
    def baseline(self):
        return self.glyphs[0].baseline

    @property
    def left(self):
        return self.glyphs[0].left

    @property
    def pitch(self):
        """The mean distance of its characters."""
        return (self.glyphs[-1].left - self.glyphs[0].left) / (len(self.glyphs) - 1)


def glyphs_of(page):
    text, height = page.get_textpage(), page.get_height()
    found = []
    for at in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, at))
        if char.isspace() or char == "\u200b" or raw.FPDFText_IsGenerated(text, at):
            continue
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        _left, bottom, _right, top = text.get_charbox(at)
        name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
        raw.FPDFText_GetFontInfo(text, at, name, 128, flags)
        r, g, b, a = (ctypes.c_uint() for _ in range(4))
        raw.FPDFText_GetFillColor(text, at, r, g, b, a)
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(text, at, matrix)
        size = raw.FPDFText_GetFontSize(text, at) * abs(matrix.d or 1)
        face = name.value.decode().partition("+")[2] or name.value.decode()
        found.append(
            Glyph(
                char, x.value, height - y.value, height - top, height - bottom, size, face, (r.value, g.value, b.value)
            )
        )
    return found


def rows_of(page):
    """The lines of a page from top to bottom: characters with the same baseline."""
    ordered = sorted(glyphs_of(page), key=lambda g: (round(g.baseline, 1), g.left))
    return [Row(tuple(row)) for _y, row in groupby(ordered, key=lambda g: round(g.baseline, 1))]


def measured(content):
    """The rows of each page."""
    with pdfium.PdfDocument(content) as document:
        return [rows_of(page) for page in document]


def gaps(rows):
    """The distances of neighbouring lines."""
    return [b.baseline - a.baseline for a, b in pairwise(rows)]


def rules(content, number):
    """The straight rules of a page: distance from its top, width and thickness, in millimetres, from top to bottom."""
    with pdfium.PdfDocument(content) as document:
        page = document[number]
        height = page.get_height()
        found = []
        for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4):
            left, bottom, right, top = thing.get_bounds()
            stroke = ctypes.c_float()
            raw.FPDFPageObj_GetStrokeWidth(thing, stroke)
            if right - left > 100 and top - bottom < 3:
                found.append(((height - (top + bottom) / 2) / MM, (right - left) / MM, stroke.value / MM))
        return sorted(found)


def links(content):
    """The addresses that the PDF leads to."""
    with pdfium.PdfDocument(content) as document:
        found = set()
        for page in document:
            at, link = ctypes.c_int(0), raw.FPDF_LINK()
            while raw.FPDFLink_Enumerate(page, at, link):
                action = raw.FPDFLink_GetAction(link)
                size = raw.FPDFAction_GetURIPath(document, action, None, 0)
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAction_GetURIPath(document, action, buffer, size)
                found.add(buffer.value.decode())
        return found
