"""The words and forms that the layouts add to what a document says: dates, labels, numbers, missing data."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from zijing.documents.source import Block, Official, Paragraph, Run

WORDS = {
    "zh-hans": {
        "signer": "签发人：", "attachment": "附件", "attachments": "附件：", "copies": "抄送：", "printed": "印发",
        "missing": "缺数据", "colon": "：", "stop": "。", "open": "（", "close": "）", "mark": ("【", "】"),
    },
    "en": {
        "signer": "Signed by: ", "attachment": "Annex ", "attachments": "Annexes: ", "copies": "Copies to: ",
        "printed": "Issued ", "missing": "no data", "colon": ": ", "stop": ".", "open": "(", "close": ")",
        "mark": ("[", "]"),
    },
}  # fmt: skip
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML 1.0 cannot hold, and control characters that no page can show."""
LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
DIGITS = "〇一二三四五六七八九"
NUMBERED = {
    1: re.compile(r"^第?[一二三四五六七八九十百]+(?:[、.．章]|部分)"),
    2: re.compile(r"^[（(][一二三四五六七八九十百]+[）)]"),
    3: re.compile(r"^\d+\s*[.．、](?!\d)"),
    4: re.compile(r"^[（(]\d+[）)]"),
}
"""How a heading of each level begins that brings its own number (7.3.3)."""
NUMBERED_EN = re.compile(r"^(?:\d+[.)]|\(\d+\)|[IVX]+\.|[A-Z]\.)")


def word(name: str, language: str) -> str:
    """A word of the form itself in the document's language."""
    said = WORDS.get(language, WORDS["zh-hans"])[name]
    return said if isinstance(said, str) else "".join(said)


def clean(text: str) -> str:
    """The text without what no page can show, its line ends all alike."""
    return FORBIDDEN.sub("", LINE_ENDS.sub("\n", text))


def day(value: date, language: str = "zh-hans") -> str:
    """2026年5月1日: Arabic digits, no leading zeros (7.3.5)."""
    if language == "en":
        return f"{value.day} {value:%B} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def said(run: Run, language: str) -> str:
    """The text of a run as it is printed; what has no data is named as such, never silent."""
    text = clean(run.text)
    opening, closing = WORDS.get(language, WORDS["zh-hans"])["mark"]
    if not run.missing:
        return text
    label = word("missing", language)
    inner = text.strip().strip(opening + closing + "{}").strip()
    return f"{opening}{label if not inner or inner == label else label + word('colon', language) + inner}{closing}"


def link(url: str, site: str = "") -> str:
    """The address if a reader may follow it from a file, else nothing: only http and https lead anywhere safely.

    What begins with a slash is below ``site``.
    """
    url = clean(url).strip()
    if url.startswith("/") and not url.startswith("//"):
        url = clean(site).strip().rstrip("/") + url
    return url if re.match(r"https?://[^\s<>\"{}|\\^`]+$", url, re.IGNORECASE) else ""


def chinese(number: int) -> str:
    """一, 十二, 九十九; from a hundred on digit by digit."""
    if number >= 100:
        return "".join(DIGITS[int(c)] for c in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def numbered(blocks: Iterable[Block], language: str = "zh-hans") -> Iterator[Block]:
    """The blocks, with the number of its level before every heading that brings none of its own."""
    counts = [0] * 5
    for block in blocks:
        if not isinstance(block, Paragraph) or not 1 <= block.level <= 4:
            yield block
            continue
        counts[block.level] += 1
        counts[block.level + 1 :] = [0] * (4 - block.level)
        own = "".join(run.text for run in block.runs).lstrip()
        pattern = NUMBERED_EN if language == "en" else NUMBERED[block.level]
        if pattern.match(own):
            yield block
        else:
            yield replace(block, runs=(Run(_number(counts, block.level, language)), *block.runs))


def _number(counts: list[int], level: int, language: str) -> str:
    n = counts[level]
    if language == "en":
        return ".".join(str(c or 1) for c in counts[1 : level + 1]) + (". " if level == 1 else " ")
    return (f"{chinese(n)}、", f"（{chinese(n)}）", f"{n}.", f"（{n}）")[level - 1]


def amount(value: Decimal | None, unit: str, language: str) -> str:
    """A bar's value in words; without data it says so."""
    if value is None:
        return said(Run("", missing=True), language)
    text = f"{value:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}{clean(unit)}"


def top_left(official: Official) -> list[tuple[str, str]]:
    """What stands above the mark, line by line, each with its role (7.2.1 to 7.2.3): at most three lines."""
    rows = [("", ""), ("", ""), ("", "")]
    if official.serial:
        rows[0] = ("serial", clean(official.serial))
    if official.secrecy:
        rows[1] = ("secrecy", clean(official.secrecy))
    if official.urgency:
        free = 2 if official.secrecy else 1 if official.serial else 0
        rows[free] = ("urgency", clean(official.urgency))
    return rows


def finished(text: str, stop: str) -> str:
    """The text with one full stop at its end (7.4.2: 抄送 ends with one)."""
    return clean(text).rstrip().rstrip("。.；;，,") + stop


def in_brackets(text: str, language: str) -> str:
    """A note in round brackets (7.3.6)."""
    inner = clean(text).strip()
    return (
        inner
        if re.fullmatch(r"[（(].*[）)]", inner, re.DOTALL)
        else word("open", language) + inner + word("close", language)
    )


def addressed(text: str, language: str) -> str:
    """The addressees with the colon that follows them (7.3.2)."""
    return clean(text).rstrip().rstrip("：:") + word("colon", language).rstrip()
