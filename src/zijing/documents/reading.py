"""The text of a template that a clerk edited in Word or WPS, and a DOCX made of such a text to be edited."""

import re
from collections import defaultdict
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from zijing.core.errors import Invalid
from zijing.documents.layout import wording
from zijing.documents.layout.body import Body
from zijing.documents.layout.word import package
from zijing.documents.packaging import DAMAGED, Package, W, admit

PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
LEVELS = 9
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}txbxContent", FALLBACK}
WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
COUNTING = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital",
            "taiwaneseCountingThousand", "chineseLegalSimplified"}  # fmt: skip


def text_of(docx: bytes, tab: str = "\t") -> str:
    """The paragraphs of a DOCX in order, one line each; ``Invalid`` when it is none, locked, too large, or has macros.

    Numbers that Word counts itself are written out before their paragraph. A row of a table is a line, its cells apart
    by tabs; a table that holds nothing but a placeholder is that placeholder. ``tab`` is what a tab of a paragraph
    becomes. Headers, footers, notes and deleted text are left out.
    """
    parts = admit(docx)
    numbers = Numbers(parts)
    body = parts.xml(parts.main).find(f"{W}body")
    try:
        return "\n".join(_lines(body, numbers, tab)) if body is not None else ""
    except RecursionError as error:
        raise Invalid(DAMAGED, field="file") from error


def _lines(parent: Element, numbers: "Numbers", tab: str = "\t") -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}p":
            yield numbers.of(child) + text_in(child).replace("\t", tab)
            for box in child.iter(f"{W}txbxContent"):
                yield from _lines(box, numbers, tab)
        elif child.tag == f"{W}tbl":
            yield from _rows(child, numbers)
        elif child.tag in WRAPPERS:
            yield from _lines(child, numbers, tab)


def _rows(table: Element, numbers: "Numbers") -> Iterator[str]:
    rows = [
        [" ".join(filter(None, _lines(cell, numbers))).replace("\t", " ").strip() for cell in _inside(row, f"{W}tc")]
        for row in _inside(table, f"{W}tr")
    ]
    filled = [text for row in rows for text in row if text]
    if len(filled) == 1 and PLACEHOLDER.fullmatch(filled[0]):
        yield filled[0]
    else:
        yield from ("\t".join(row) for row in rows if any(row))


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The children of this kind, also those that a content control or a tracked change wraps."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def text_in(paragraph: Element) -> str:
    """What a paragraph says. A placeholder stays in one line, whatever was typed into it."""
    said = "".join(_pieces(paragraph))
    return PLACEHOLDER.sub(lambda m: re.sub(r"\s*\n\s*", "", m[0]), said)


def _pieces(parent: Element) -> Iterator[str]:
    for node in parent:
        if node.tag in SKIPPED:
            continue
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag == f"{W}tab":
            yield "\t"
        elif node.tag == f"{W}noBreakHyphen":
            yield "-"
        elif node.tag == f"{W}cr" or (node.tag == f"{W}br" and node.get(f"{W}type", "textWrapping") == "textWrapping"):
            yield "\n"
        else:
            yield from _pieces(node)


class Numbers:
    """The numbers that Word counts itself (word/numbering.xml): 一、 typed in Word becomes such a list at once."""

    def __init__(self, parts: Package) -> None:
        self.lists = _lists(parts.beside("numbering"))
        self.styles = _styles(parts.beside("styles"))
        self.counts: dict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)

    def of(self, paragraph: Element) -> str:
        """The number before this paragraph, if it has one; the next one counts on."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None or not (self.lists and (found := self._list(properties))):
            return ""
        key, level = found
        if key not in self.lists or level >= LEVELS:
            return ""
        abstract, levels = self.lists[key]
        counts = self.counts[abstract]
        counts[level] += 1
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        _start, form, pattern = levels.get(level, (1, "none", ""))
        if form in {"bullet", "none"}:
            return ""
        return re.sub(r"%([1-9])", lambda m: self._shown(levels, counts, int(m[1]) - 1), pattern)

    def _list(self, properties: Element) -> tuple[str, int] | None:
        style = properties.find(f"{W}pStyle")
        inherited = self.styles.get(style.get(f"{W}val", "")) if style is not None else None
        return _list_of(properties) or inherited

    @staticmethod
    def _shown(levels: dict[int, tuple[int, str, str]], counts: list[int], level: int) -> str:
        start, form, _pattern = levels.get(level, (1, "decimal", ""))
        number = start + max(counts[level], 1) - 1
        return wording.chinese(number) if form in COUNTING else str(number)


def _value(parent: Element, name: str, default: str = "") -> str:
    found = parent.find(f"{W}{name}")
    return found.get(f"{W}val", default) if found is not None else default


def _list_of(properties: Element) -> tuple[str, int] | None:
    given = properties.find(f"{W}numPr")
    if given is None:
        return None
    level = _value(given, "ilvl", "0")
    return _value(given, "numId"), int(level) if level.isdigit() else 0


def _styles(styles: Element | None) -> dict[str, tuple[str, int]]:
    found = {}
    for style in styles.findall(f"{W}style") if styles is not None else ():
        properties = style.find(f"{W}pPr")
        if properties is not None and (listed := _list_of(properties)):
            found[style.get(f"{W}styleId", "")] = listed
    return found


def _lists(numbering: Element | None) -> dict[str, tuple[str, dict[int, tuple[int, str, str]]]]:
    """By number of the list: which abstract list it follows, and start, form and pattern of each level."""
    if numbering is None:
        return {}
    abstract = {}
    for one in numbering.findall(f"{W}abstractNum"):
        levels = {}
        for level in one.findall(f"{W}lvl"):
            at, start = level.get(f"{W}ilvl", ""), _value(level, "start", "1")
            if at.isdigit():
                levels[int(at)] = (
                    int(start) if start.isdigit() else 1,
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                )
        abstract[one.get(f"{W}abstractNumId", "")] = levels
    return {
        one.get(f"{W}numId", ""): (key, abstract[key])
        for one in numbering.findall(f"{W}num")
        if (key := _value(one, "abstractNumId")) in abstract
    }


def docx_of(text: str, title: str = "") -> bytes:
    """A DOCX of the lines of a template, to be edited and put back: ``text_of`` reads it again."""
    body = Body()
    for line in wording.clean(text).split("\n"):
        level = next((n for n, pattern in wording.NUMBERED.items() if pattern.match(line)), 0)
        body.paragraph(f"Heading{level}" if level else "Text", line)
    return package(body, title or wording.clean(text).partition("\n")[0][:100])
