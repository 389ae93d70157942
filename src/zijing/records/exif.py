"""Where a photo says that it was taken (EXIF 2.3, GPS IFD): WGS 84, as satellites give it."""

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD

FORMATS = ("JPEG", "PNG", "WEBP")
NEGATIVE = {"S", "W"}
# What Pillow makes of files that are none, or are damaged or hostile; storing them says what is wrong.
UNREADABLE = (
    OSError, ValueError, LookupError, TypeError, ArithmeticError, SyntaxError, struct.error,
    Image.DecompressionBombError,
)  # fmt: skip


def position_of(content: bytes) -> list[float] | None:
    """Longitude and latitude, six places; None where the photo says nothing that can be read, or is none."""
    try:
        told = Image.open(BytesIO(content), formats=FORMATS).getexif().get_ifd(IFD.GPSInfo)
        lon = _degrees(told, GPS.GPSLongitude, GPS.GPSLongitudeRef)
        lat = _degrees(told, GPS.GPSLatitude, GPS.GPSLatitudeRef)
    except UNREADABLE:
        return None
    # Cameras without a fix write zeros.
    return [lon, lat] if (lon, lat) != (0, 0) and -180 <= lon <= 180 and -90 <= lat <= 90 else None


def _degrees(told: Mapping[int, Any], name: int, direction: int) -> float:
    degrees, minutes, seconds = (float(part) for part in told[name])
    sign = -1 if str(told.get(direction, "")).strip().upper() in NEGATIVE else 1
    return round(sign * (degrees + minutes / 60 + seconds / 3600), 6)
