"""How each paragraph of a DOCX really looks: its own properties, its styles', the defaults."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from zijing.documents.packaging import Package, W
from zijing.documents.reading import text_in

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DEEPEST = 20
OFF = {"0", "false", "off"}


@dataclass(frozen=True)
class Text:
    """Characters of one look; the size in points, the colour as six hexadecimal digits."""

    said: str
    font: str
    size: float
    colour: str


@dataclass
class Shown:
    """A paragraph as it is shown. Lengths in points; ``rule`` is how ``line`` is meant (auto: in 240ths of a line)."""

    number: int
    text: str
    style: str
    runs: list[Text]
    jc: str = "left"
    line: float = 240
    rule: str = "auto"
    before: float = 0
    indents: dict[str, float] = field(default_factory=dict)
    borders: dict[str, dict[str, str]] = field(default_factory=dict)
    breaks: bool = False
    drawn: bool = False
    fields: str = ""

    @property
    def said(self) -> str:
        return self.text.strip()

    @property
    def first(self) -> Text | None:
        """The first run that is seen."""
        return next((run for run in self.runs if run.said.strip()), None)


class Formats:
    """Resolves the looks of paragraphs in one package."""

    def __init__(self, parts: Package) -> None:
        styles = parts.beside("styles")
        self.styles = {s.get(f"{W}styleId", ""): s for s in styles.findall(f"{W}style")} if styles is not None else {}
        self.defaults = styles.find(f"{W}docDefaults") if styles is not None else None
        self.theme = parts.beside("theme")
        self.normal = next(
            (k for k, s in self.styles.items() if s.get(f"{W}default") and s.get(f"{W}type") == "paragraph"), ""
        )

    def paragraphs(self, parent: Element) -> list[Shown]:
        """All paragraphs directly in a part, in their order."""
        return [self.shown(p, number) for number, p in enumerate(parent, 1) if p.tag == f"{W}p"]

    def shown(self, paragraph: Element, number: int = 0) -> Shown:
        """One paragraph as it is shown."""
        own = paragraph.find(f"{W}pPr")
        key = value(own, "pStyle") or self.normal
        found = Shown(number, text_in(paragraph), self.name(key), list(self._texts(paragraph, key)))
        layers = [self._default("pPrDefault", "pPr"), *(s.find(f"{W}pPr") for s in self._chain(key)), own]
        for layer in layers:
            if layer is not None:
                _apply(found, layer)
        found.drawn = any(e.tag in {f"{W}drawing", f"{W}pict"} for e in paragraph.iter())
        found.fields = "".join(e.text or "" for e in paragraph.iter(f"{W}instrText"))
        found.fields += "".join(e.get(f"{W}instr", "") for e in paragraph.iter(f"{W}fldSimple"))
        return found

    def name(self, key: str) -> str:
        """The name of a style as Word shows it."""
        return value(self.styles[key], "name") if key in self.styles else ""

    def _texts(self, paragraph: Element, key: str) -> Iterator[Text]:
        inherited = [self._default("rPrDefault", "rPr"), *(s.find(f"{W}rPr") for s in self._chain(key))]
        for run in paragraph.iter(f"{W}r"):
            own = run.find(f"{W}rPr")
            said = text_in(run)
            if said:
                characters = self.styles.get(value(own, "rStyle"))
                extra = [characters.find(f"{W}rPr")] if characters is not None else []
                yield self._look(said, [*inherited, *extra, own])

    def _look(self, said: str, layers: list[Element | None]) -> Text:
        font, size, colour = "", 10.0, "000000"
        slot = "eastAsia" if any(c >= "\u2e80" for c in said) else "ascii"
        for layer in filter(lambda one: one is not None, layers):
            fonts = layer.find(f"{W}rFonts") if layer is not None else None
            if fonts is not None:
                theme = fonts.get(f"{W}{slot}Theme", "")
                font = (self._of_theme(theme) if theme else fonts.get(f"{W}{slot}", "")) or font
            size = _number(value(layer, "sz"), size * 2) / 2
            colour = value(layer, "color") or colour
        return Text(said, font, size, "000000" if colour == "auto" else colour.upper())

    def _of_theme(self, name: str) -> str:
        """The face that a theme gives: minorEastAsia, majorEastAsia, minorHAnsi …"""
        part = (
            self.theme.find(f".//{A}{'major' if name.startswith('major') else 'minor'}Font")
            if self.theme is not None
            else None
        )
        if part is None:
            return ""
        if "EastAsia" not in name:
            return _typeface(part.find(f"{A}latin"))
        chinese = next((f for f in part.findall(f"{A}font") if f.get("script") == "Hans"), None)
        return _typeface(part.find(f"{A}ea")) or _typeface(chinese)

    def _chain(self, key: str) -> list[Element]:
        """A style and what it is based on, the lowest first."""
        found: list[Element] = []
        while key in self.styles and len(found) < DEEPEST:
            found.append(self.styles[key])
            key = value(self.styles[key], "basedOn")
        return found[::-1]

    def _default(self, outer: str, inner: str) -> Element | None:
        return self.defaults.find(f"{W}{outer}/{W}{inner}") if self.defaults is not None else None

    @cached_property
    def size(self) -> float:
        """Points of the default paragraph style: what the grid's characters are measured from."""
        layers = [self._default("rPrDefault", "rPr"), *(s.find(f"{W}rPr") for s in self._chain(self.normal))]
        return self._look("字", layers).size


def _typeface(element: Element | None) -> str:
    return element.get("typeface", "") if element is not None else ""


def value(parent: Element | None, name: str) -> str:
    """The value of a child property, empty when there is none."""
    found = parent.find(f"{W}{name}") if parent is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


def _number(text: str | None, default: float = 0) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default


def _apply(found: Shown, layer: Element) -> None:
    found.jc = {"start": "left", "end": "right"}.get(value(layer, "jc"), value(layer, "jc")) or found.jc
    spacing = layer.find(f"{W}spacing")
    if spacing is not None:
        found.rule = spacing.get(f"{W}lineRule", found.rule)
        line = _number(spacing.get(f"{W}line"), -1)
        if line >= 0:
            found.line = line if found.rule == "auto" else line / 20
        found.before = _number(spacing.get(f"{W}before"), found.before * 20) / 20
    indents = layer.find(f"{W}ind")
    for key, text in indents.attrib.items() if indents is not None else ():
        name = key.removeprefix(W)
        found.indents[name] = _number(text) / (100 if name.endswith("Chars") else 20)
    borders = layer.find(f"{W}pBdr")
    for side in borders if borders is not None else ():
        found.borders[side.tag.removeprefix(W)] = {k.removeprefix(W): v for k, v in side.attrib.items()}
    broken = layer.find(f"{W}pageBreakBefore")
    if broken is not None:
        found.breaks = broken.get(f"{W}val", "1") not in OFF
