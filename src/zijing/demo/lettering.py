"""The few Chinese characters written on the demo's pictures, as strokes of our own: no font need be installed.

Each character stands in a square of 16 by 16; a stroke is a line through its points.
"""

from PIL import ImageDraw

Point = tuple[float, float]
STROKES: dict[str, str] = {
    "演": "1,2 3,4|1,6 3,8|1,14 4,9|10,0 10,2|5,5 5,3 15,3 15,5|6,5 14,5|6,7 14,7 14,12 6,12 6,7|10,5 10,12"
    "|6,9.5 14,9.5|8,12.5 5,15.5|12,12.5 15,15.5",
    "示": "3,2 13,2|1,6 15,6|8,6 8,14.5 6,14|4,9 2,13|12,9 14.5,13",
    "合": "8,0 1,7|8,0 15,7|5,6.5 11,6.5|3,9.5 13,9.5 13,15 3,15 3,9.5",
    "成": "3,3.5 15,3.5|3,3.5 3,10 1,15|3,8 7.5,8 7,13 5,12.5|9,0 10,8 12.5,13.5 15,15 15,12|14,6.5 11,11 7.5,15"
    "|12,0.5 13.5,2",
    "图": "1,1 15,1 15,15 1,15 1,1|7,3 3.5,7|6,4.5 11,4.5 8,8 3,10|6,5.5 9,8 13,10|7,9.5 9,11|6,12 9.5,14",
    "片": "4,0 4,8 3,12 1,15|4,5 14,5|10,0 10,5|4,9 11,9 11,15.5",
    "·": "7.5,7 8.5,7 8.5,8 7.5,8 7.5,7",
}


def strokes(character: str) -> list[list[Point]]:
    """The strokes of a character; none for one that is not known here."""
    lines = STROKES.get(character, "")
    return [[tuple(map(float, p.split(","))) for p in line.split()] for line in lines.split("|") if line]  # type: ignore[misc]


def write(canvas: ImageDraw.ImageDraw, text: str, at: Point, size: float, color: str) -> None:
    """Write ``text`` with its upper left corner at ``at``, each character ``size`` pixels high."""
    scale, pen = size / 16, max(1, round(size / 13))
    for n, character in enumerate(text):
        left = at[0] + n * size * 1.12
        for line in strokes(character):
            canvas.line([(left + x * scale, at[1] + y * scale) for x, y in line], fill=color, width=pen, joint="curve")
