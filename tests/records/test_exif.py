"""Where a photo was taken, as it says itself; whatever cannot be read says nothing."""

from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD

from tests.records.test_files import picture
from zijing.records.exif import position_of


def taken_at(lat: Any, lon: Any, *, north: str = "N", east: str = "E") -> bytes:
    """A photo whose EXIF names a place in degrees, minutes and seconds."""
    exif = Image.Exif()
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = north, lat
    gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = east, lon
    return picture(exif=exif)


def test_degrees_minutes_and_seconds() -> None:
    assert position_of(taken_at((34.0, 45.0, 36.0), (113.0, 0.0, 36.0))) == [113.01, 34.76]
    assert position_of(taken_at((34.0, 45.6, 0.0), (113.01, 0.0, 0.0))) == [113.01, 34.76]


def test_south_and_west_are_negative() -> None:
    assert position_of(taken_at((1.5, 0.0, 0.0), (2.5, 0.0, 0.0), north="S", east="W")) == [-2.5, -1.5]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"no photo", picture(), picture()[:200], picture("PNG"), taken_at((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        taken_at((91.0, 0.0, 0.0), (113.0, 0.0, 0.0)), taken_at((34.0, 45.0), (113.0, 0.0, 36.0)),
    ],
    ids=["empty", "text", "without", "cut-off", "png", "zeros", "beyond-the-pole", "two-parts"],
)  # fmt: skip
def test_what_cannot_be_read_says_nothing(content: bytes) -> None:
    assert position_of(content) is None
