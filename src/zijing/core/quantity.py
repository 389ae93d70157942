"""Numbers as Chinese clerks write them ("1.5万", "３２亿元", "50%"), and money in fen as readers read it."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, gettext, gettext_lazy as _

from zijing.core.chinese import in_digits
from zijing.core.errors import Invalid

MULTIPLES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
WRITTEN = re.compile(
    r"^(?P<sign>[+-]?)(?P<digits>\d+(?:\.\d+)?|\.\d+)(?P<multiple>[十百千]?万亿|[十百千]?万|[十百千亿]?)(?P<unit>.*)$"
)
VAGUE = re.compile(r"半|多|余|几|来|许|左右|上下|以[上下内]")
"""What after a number says that it is none: 一半, 三亿多, 50左右."""
LARGEST = Decimal(10) ** 15
MINUS = "−"
"""The minus sign as it is printed (U+2212); a hyphen is shorter and breaks from its number at the end of a line."""


def exact(number: Decimal) -> str:
    """A number as it is printed, without the zeros at its end: "12.5", "−0.3", "0"."""
    return f"{number.normalize():f}".replace("-", MINUS) if number else "0"


def parse_number(text: str) -> tuple[Decimal, str]:
    """A written number and the unit after it: "３２亿元" is (3200000000, "元"), "50%" is (50, "%").

    Chinese numerals (三千二百万元, 百分之六十), full-width characters, blanks and thousands separators are accepted;
    ``Invalid`` when it is no number.
    """
    plain = re.sub(r"[\s,_]", "", unicodedata.normalize("NFKC", str(text)).replace("，", ",").replace(MINUS, "-"))
    found = WRITTEN.match(in_digits(plain))
    if not found or VAGUE.match(found["unit"]):
        raise Invalid(_("“%(text)s” is not a number. Write digits, for example 1200 or 1.5万."), text=str(text)[:40])
    try:
        value = Decimal(found["sign"] + found["digits"]) * MULTIPLES[found["multiple"]]
    except (InvalidOperation, KeyError) as error:
        raise Invalid(
            _("“%(text)s” is not a number. Write digits, for example 1200 or 1.5万."), text=str(text)[:40]
        ) from error
    if abs(value) >= LARGEST:
        raise Invalid(_("“%(text)s” is too large."), text=str(text)[:40])
    return value, found["unit"]


def parse_money(text: str, *, default_unit: str = "元") -> int:
    """An amount of money in fen. A bare number is in ``default_unit`` (元, 万元 or 亿元).

    ``Invalid`` when the unit is another one or the amount is finer than a fen.
    """
    value, unit = parse_number(text)
    if unit not in {"", "元", "圆", "块", "人民币"}:
        raise Invalid(
            _("“%(text)s” is not an amount of money. Write for example 3200万元 or 1.5亿元."), text=str(text)[:40]
        )
    written = unicodedata.normalize("NFKC", str(text)).strip()
    in_characters = in_digits(written) != written
    has_multiple = bool(re.search(r"[万亿元圆]" if in_characters else r"[十百千万亿元圆]", written))
    if not has_multiple:
        value *= MULTIPLES[default_unit.removesuffix("元")]
    fen = value * 100
    if fen != fen.to_integral_value():
        raise Invalid(_("“%(text)s” is finer than one fen."), text=str(text)[:40])
    return int(fen)


def show_money(fen: int | None) -> str:
    """Money in the unit a reader thinks in: 元, 万元 or 亿元; in English CNY with thousand, million or billion."""
    if fen is None:
        return ""
    yuan = Decimal(fen) / 100
    if (get_language() or "").startswith("zh"):
        steps = ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元"))
        smallest = "元"
    else:
        steps = ((Decimal(10**9), gettext("billion yuan")), (Decimal(10**6), gettext("million yuan")))
        smallest = gettext("yuan")
    for size, unit in steps:
        if abs(yuan) >= size:
            return f"{show_number(yuan / size)} {unit}".replace(" 亿元", "亿元").replace(" 万元", "万元")
    text = show_number(yuan)
    return f"{text}元" if smallest == "元" else f"{text} {smallest}"


def show_number(value: Decimal | float | None, decimals: int = 2) -> str:
    """A number with at most ``decimals`` places, thousands separated, no trailing zeros."""
    if value is None:
        return ""
    text = f"{Decimal(value):,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
