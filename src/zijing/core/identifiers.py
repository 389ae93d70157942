"""Identifiers: ids made by clients, and the division codes of GB/T 10114 / the statistical division codes."""

import re
import time
import unicodedata
import uuid
from contextlib import suppress
from datetime import date
from secrets import token_bytes

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

DIVISION = re.compile(r"^[1-9]\d{11}$")
CITIZEN = re.compile(r"^[1-9]\d{16}[\dX]$")
CITIZEN_WEIGHTS, CITIZEN_CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT = re.compile(rf"^[{CREDIT_ALPHABET}]{{2}}\d{{6}}[{CREDIT_ALPHABET}]{{10}}$")
MOBILE = re.compile(r"^1[3-9]\d{9}$")
LANDLINE = re.compile(r"^(0(?:10|2\d|[3-9]\d\d))([2-8]\d{6,7})$")
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


def check_citizen_id(text: str) -> str:
    """A citizen's identification number in its one form, if its birth date exists and its check digit is right.

    GB 11643-1999: 18 characters, the last by ISO 7064 MOD 11-2 over the 17 before it. ``Invalid`` otherwise; what was
    given is not repeated.
    """
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if CITIZEN.match(number) and _check_of_citizen(number) == number[-1]:
        with suppress(ValueError):
            if date(1850, 1, 1) <= date(int(number[6:10]), int(number[10:12]), int(number[12:14])):
                return number
    raise Invalid(_("This is no citizen identification number (18 characters, GB 11643): check it digit by digit."))


def _check_of_citizen(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, CITIZEN_WEIGHTS, strict=False))
    return CITIZEN_CHECKS[total % 11]


def check_credit_code(text: str) -> str:
    """A unified social credit code in its one form, if its check character is right.

    GB 32100-2015: 18 characters of 31 (no I, O, S, V, Z), the last by weights 3^i mod 31. ``Invalid`` otherwise.
    """
    code = unicodedata.normalize("NFKC", text).strip().upper()
    if CREDIT.match(code):
        total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
        if CREDIT_ALPHABET[(31 - total % 31) % 31] == code[-1]:
            return code
    raise Invalid(_("This is no unified social credit code (18 characters, GB 32100): check each character."))


def check_phone(text: str) -> str:
    """A Chinese telephone number in its one form: a mobile's 11 digits, or a landline with its area code.

    ``Invalid`` otherwise; what was given is not repeated.
    """
    plain = re.sub(r"[\s()（）·-]", "", unicodedata.normalize("NFKC", text)).removeprefix("+86")
    if MOBILE.match(plain):
        return plain
    if found := LANDLINE.match(plain):
        return f"{found[1]}-{found[2]}"
    raise Invalid(_("This is no telephone number: 11 digits, or a landline with its area code (0371-64000000)."))
