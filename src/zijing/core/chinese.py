"""Numbers and days written in characters, in digits: 三千二百万元, 百分之六十, 二〇二〇年八月三十一日."""

import re

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
GROUPS = (("亿", 10**8), ("万", 10**4))
ONES = "零〇一二两三四五六七八九"
NUMERAL = re.compile(rf"^(?P<share>百分之)?(?P<whole>[{ONES}十][{ONES}十百千万亿]*)(?:点(?P<rest>[{ONES}]+))?")
DAY = re.compile(rf"^([{ONES}]{{4}})年([{ONES}十]{{1,3}})月([{ONES}十]{{1,3}})[日号]$")


def in_digits(text: str) -> str:
    """The text with the Chinese numeral it begins with in digits, a share as a percentage; unchanged without one."""
    found = NUMERAL.match(text)
    if not found:
        return text
    number = str(value_of(found["whole"]))
    if found["rest"]:
        number += "." + "".join(str(DIGITS[c]) for c in found["rest"])
    return number + ("%" if found["share"] else "") + text[found.end() :]


def value_of(numeral: str) -> int:
    """The value of a whole numeral: 三千二百万 is 32,000,000; 二〇二〇, digit by digit, is 2020; 两万三 is 23,000."""
    if len(numeral) > 1 and all(c in DIGITS for c in numeral):
        return int("".join(str(DIGITS[c]) for c in numeral))
    for word, size in GROUPS:
        head, found, tail = numeral.rpartition(word)
        if found:
            rest = value_of(tail) * (size // 10 if tail in DIGITS else 1) if tail else 0
            return (value_of(head) if head else 1) * size + rest
    total, digit, last = 0, 0, 1
    for c in numeral:
        if c in TENS:
            total, digit, last = total + (digit or 1) * TENS[c], 0, TENS[c]
        else:
            # 一百三 is 130, 一百零三 is 103.
            digit, last = DIGITS[c], last if DIGITS[c] else 1
    return total + digit * max(1, last // 10)


def day_in_digits(text: str) -> str:
    """A day written in characters as 2020年8月31日; unchanged when it is none."""
    found = DAY.match(text)
    return "{}年{}月{}日".format(*map(value_of, found.groups())) if found else text
