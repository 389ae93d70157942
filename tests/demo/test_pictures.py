"""The demo's pictures say that they are synthetic."""

from io import BytesIO

from PIL import Image

from zijing.demo.lettering import STROKES, strokes
from zijing.demo.pictures import LABEL, NUMBER, SIZE, picture


def test_every_character_of_the_label_can_be_written():
    assert set(LABEL) <= set(STROKES)
    assert all(0 <= x <= 16 and 0 <= y <= 16 for c in STROKES for line in strokes(c) for x, y in line)


def test_pictures_are_small_jpegs_that_differ():
    pictures = [picture(n) for n in range(NUMBER)]
    assert len(set(pictures)) == NUMBER
    for content in pictures:
        image = Image.open(BytesIO(content))
        assert (image.format, image.size) == ("JPEG", SIZE)
        assert len(content) < 120_000
