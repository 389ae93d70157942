"""The page of an official document in numbers (GB/T 9704-2012, chapters 5 to 7), for the layouts and the checker."""

from fractions import Fraction

MM = 72 / 25.4
"""Points in a millimetre."""

PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
TOLERANCE_MM = 1
AREA_MM = (156, 225)
"""The type area (版心), width and height (5.2.1)."""

LINES, CHARACTERS = 22, 28
"""Lines on a page, characters in a line (5.2.3)."""

LINE_PT = AREA_MM[1] * MM / LINES
"""28.99: 22 lines fill the type area. The common "28 points" leaves room for 22.8 lines."""
CHARACTER_PT = AREA_MM[0] * MM / CHARACTERS
"""15.79: 28 characters fill the line."""

SIZES = {"2号": 22.0, "3号": 16.0, "4号": 14.0}
TITLE_PT, TEXT_PT, SMALL_PT = SIZES["2号"], SIZES["3号"], SIZES["4号"]

MARK_MM = 35
"""From the type area's upper edge to the upper edge of the issuer's red mark (7.2.4, 10.3)."""
MARK_PT, MARK_LEAST_PT, MARK_NARROWEST = 49.0, 26.0, 0.6
RULE_MM = 4
"""From the document number down to the red rule (7.2.7)."""
RED = "FF0000"
RED_RULE_PT = 1.0
OUTER_RULE_MM, INNER_RULE_MM = 0.35, 0.25
"""The rules of the 版记 (7.4.1)."""
NUMBER_MM = 7
"""From the type area down to the dashes of the page number (7.5)."""

INK_TOP, INK_BOTTOM = 0.86, 0.12
"""How far the ink of a Chinese character reaches above and below its baseline, in its size."""
HEAD_LINES = 10
"""Lines from the top of the type area to the title: three for serial, secrecy and urgency, two for the mark, two blank,
one for the number, two blank, of which the first begins with the red rule."""


def mark_size(mark: str) -> tuple[float, float]:
    """Size in points and width (1 is full) of the red mark, so that it stays in one line of the type area."""
    room = float(Fraction(AREA_MM[0]) * Fraction(72) / Fraction("25.4")) - 12
    width = max(1.0, ems(mark))
    narrow = min(1.0, room / (MARK_PT * width))
    if narrow >= MARK_NARROWEST:
        return MARK_PT, narrow
    return max(MARK_LEAST_PT, room / (width * MARK_NARROWEST)), MARK_NARROWEST


def ems(text: str) -> float:
    """The width of a text in full-width characters: what is below U+2000 is half as wide."""
    return sum(0.5 if c < "\u2000" else 1.0 for c in text)
