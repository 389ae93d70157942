"""The demo's pictures of sites: drawn, and saying so. A handful serve the whole year."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from zijing.demo.chance import between, draw
from zijing.demo.lettering import write

SIZE = (960, 720)
GROUND = 600
LABEL = "演示·合成图片"
NUMBER = 6
SKY, EARTH, WALL, FLOOR, CRANE = "#c9d8e4", "#a08a6c", "#7b8794", "#5c6773", "#c9552c"


@cache
def picture(number: int) -> bytes:
    """The JPEG number ``number`` (0 to ``NUMBER`` - 1): a site with as many floors as its number says."""
    image = Image.new("RGB", SIZE, SKY)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, GROUND, *SIZE), fill=EARTH)
    for n in range(3):
        _building(canvas, 90 + n * 270, 180, 2 + number * 2 - n % 2, number)
    _crane(canvas, 60 + 800 * draw("crane", number))
    _label(canvas)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _building(canvas: ImageDraw.ImageDraw, left: float, width: float, floors: int, number: int) -> None:
    height = 34
    for floor in range(max(1, floors)):
        top = GROUND - (floor + 1) * height
        canvas.rectangle((left, top, left + width, top + height), fill=WALL, outline=FLOOR, width=2)
        for window in range(4):
            shade = "#e9eef2" if between(0, 3, "window", number, floor, window) else FLOOR
            x = left + 16 + window * 41
            canvas.rectangle((x, top + 9, x + 24, top + 27), fill=shade)


def _crane(canvas: ImageDraw.ImageDraw, x: float) -> None:
    canvas.line((x, GROUND, x, 90), fill=CRANE, width=7)
    canvas.line((x - 90, 110, x + 260, 110), fill=CRANE, width=6)
    canvas.line((x, 60, x + 260, 110), fill=CRANE, width=3)
    canvas.line((x, 60, x - 90, 110), fill=CRANE, width=3)
    canvas.line((x + 200, 110, x + 200, 240), fill=FLOOR, width=2)


def _label(canvas: ImageDraw.ImageDraw) -> None:
    width = len(LABEL) * 46 * 1.12 + 40
    canvas.rectangle((20, SIZE[1] - 90, 20 + width, SIZE[1] - 20), fill="#ffffff")
    write(canvas, LABEL, (40, SIZE[1] - 78), 46, "#b3261e")
