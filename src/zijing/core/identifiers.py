"""Identifiers: ids made by clients, and the division codes of GB/T 10114 / the statistical division codes."""

import re
import time
import uuid
from secrets import token_bytes

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

DIVISION = re.compile(r"^[1-9]\d{11}$")
GRID = re.compile(r"^[1-9]\d{11}(?!000)\d{3}$")


def new_id() -> uuid.UUID:
    """A time-ordered id (UUID version 7, RFC 9562), the kind a phone or an import makes before sending."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + token_bytes(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(raw))


def check_division_code(code: str) -> str:
    """``code`` if it is a 12-digit division code (2+2+2+3+3) or a 15-digit grid code (12+3), else ``Invalid``."""
    if not (DIVISION.match(code) or GRID.match(code)):
        raise Invalid(_("“%(code)s” is no division code: 12 digits, or 15 for a grid."), field="code", code=code[:20])
    return code


def office_key(code: str) -> str:
    """The nine digits that name an office of town level."""
    return check_division_code(code)[:9]
