"""What GB/T 9704-2012 asks of each element, held against how it is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zijing.documents.checking.formats import Formats, Shown
from zijing.documents.checking.roles import Roles
from zijing.documents.layout import page

FACES = {
    "仿宋": re.compile(r"仿宋|FangSong|STFangsong", re.IGNORECASE),
    "楷体": re.compile(r"楷|KaiTi|STKaiti", re.IGNORECASE),
    "黑体": re.compile(r"黑体|SimHei|STHeiti|Heiti", re.IGNORECASE),
    "小标宋": re.compile(r"小标宋|XiaoBiaoSong", re.IGNORECASE),
    "宋体": re.compile(r"^(?!.*(仿|标)宋).*(宋|SimSun|Song)", re.IGNORECASE),
}
NAMES = {22.0: "2号", 16.0: "3号", 14.0: "4号"}
DATE = re.compile(r"^\d{4}年([1-9]|1[0-2])月([1-9]|[12]\d|3[01])日$")
NUMBER = re.compile(r"^[^\d\s〔〕第]{1,24}〔\d{4}〕[1-9]\d*号$")
FACES_OF_LEVELS = {0: "仿宋", 1: "黑体", 2: "楷体", 3: "仿宋", 4: "仿宋"}
CHINESE = {c: n for n, c in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True)
class Deviation:
    """Where the document deviates, what is there, what should be, and by which clause of GB/T 9704-2012."""

    where: str
    found: str
    expected: str
    clause: str

    def __str__(self) -> str:
        return _("%(where)s: %(found)s; should be %(expected)s (GB/T 9704-2012, %(clause)s)") % vars(self)


Found = Iterator[Deviation]


def _named(size: float) -> str:
    return NAMES.get(size) or f"{size:g} pt"


def look(what: str, shown: Shown | None, face: str, size: float, clause: str) -> Found:
    """Face and size of a paragraph, run by run; what repeats is said once."""
    told = set()
    for run in shown.runs if shown else ():
        chinese = any(c >= "\u2e80" and c not in "　，。、：；" for c in run.said)
        if not run.said.strip() or not (chinese or run is shown.first):  # type: ignore[union-attr]
            continue
        right = FACES[face].search(run.font) and run.size == size
        if not right and (run.font, run.size) not in told:
            told.add((run.font, run.size))
            yield Deviation(what, f"{_named(run.size)} {run.font or _('unknown')}", f"{_named(size)} {face}", clause)


def placed(what: str, shown: Shown | None, jc: str, clause: str) -> Found:
    """Is it centred, left, right?"""
    words = {"center": _("centred"), "left": _("flush left"), "right": _("flush right"), "both": _("justified")}
    allowed = {jc, "both", "distribute"} if jc == "left" else {jc}
    if shown and shown.jc not in allowed:
        yield Deviation(what, words.get(shown.jc, shown.jc), words[jc], clause)


def blank(what: str, given: list[Shown], one: Shown | None, other: Shown | None, lines: int, clause: str) -> Found:
    """The number of blank lines between two elements."""
    if one is None or other is None or one not in given or other not in given:
        return
    between = given[given.index(one) + 1 : given.index(other)]
    count = sum(not p.said and not _is_rule(p) for p in between)
    if count != lines and not any(p.said for p in between):
        yield Deviation(what, _("%(n)d blank lines") % {"n": count}, _("%(n)d blank lines") % {"n": lines}, clause)


def _is_rule(shown: Shown) -> bool:
    return bool(shown.borders) or shown.drawn


def head(roles: Roles, given: list[Shown], pitch: float) -> Found:
    """份号 to the red rule (7.2)."""
    if roles.serial and not re.fullmatch(r"\d{6}", roles.serial.said):
        yield Deviation(_("serial number"), roles.serial.said, _("six digits"), "7.2.1")
    yield from look(_("secrecy"), roles.secrecy, "黑体", page.TEXT_PT, "7.2.2")
    yield from look(_("urgency"), roles.urgency, "黑体", page.TEXT_PT, "7.2.3")
    yield from placed(_("issuer’s mark"), roles.mark, "center", "7.2.4")
    if roles.mark and roles.mark.first:
        if not FACES["小标宋"].search(roles.mark.first.font):
            yield Deviation(_("issuer’s mark"), roles.mark.first.font, "小标宋", "7.2.4")
        top = _top(given, roles.mark, pitch)
        if top is not None and abs(top - page.MARK_MM) > 3:
            expected = _("35 mm below the upper edge of the type area")
            yield Deviation(_("issuer’s mark"), f"{top:.0f} mm", expected, "7.2.4")
    yield from number(roles.number)
    yield from blank(_("document number"), given, roles.mark, roles.number, 2, "7.2.5")
    if roles.mark and roles.number:
        yield from red_rule(roles, given)


def _top(given: list[Shown], mark: Shown, pitch: float) -> float | None:
    """Millimetres from the type area's upper edge to the mark's, where all lines before have a known height."""
    height = 0.0
    for one in given[: given.index(mark)]:
        if one.rule == "atLeast":
            return None
        height += one.before + (one.line if one.rule == "exact" else pitch * one.line / 240)
    size = mark.first.size if mark.first else 0
    line = mark.line if mark.rule == "exact" else max(pitch, 1.3 * size)
    return (height + mark.before + 0.8 * line - page.INK_TOP * size) / page.MM


def number(shown: Shown | None) -> Found:
    """发文字号 (7.2.5), with a signer (7.2.6)."""
    if shown is None:
        return
    own, _tab, rest = shown.said.partition("签发人")
    own = re.split(r"[\t\u3000]", own.strip())[0]
    if re.match(r"^第\s*\d+\s*[期次]", own):
        return
    if not NUMBER.match(own):
        expected = _("like 代字〔2026〕5号: no 第, no leading zero, hexagonal brackets")
        yield Deviation(_("document number"), own, expected, "7.2.5")
    if not rest and "\t" in shown.said:
        return
    if not rest:
        yield from look(_("document number"), shown, "仿宋", page.TEXT_PT, "7.2.5")
        yield from placed(_("document number"), shown, "center", "7.2.5")
        return
    last = [run for run in shown.runs if run.said.strip()][-1]
    if not FACES["楷体"].search(last.font) or last.size != page.TEXT_PT:
        yield Deviation(_("signer"), f"{_named(last.size)} {last.font}", "3号 楷体", "7.2.6")
    if not rest.startswith("："):
        yield Deviation(_("signer"), f"签发人{rest[:1]}", "签发人：", "7.2.6")


def red_rule(roles: Roles, given: list[Shown]) -> Found:
    """The red rule 4 mm below the number, as wide as the type area (7.2.7)."""
    where = _("red rule")
    assert roles.number
    at = given.index(roles.number)
    near = given[at : at + 4]
    ruled = next((p for p in near if p.borders), None)
    if ruled is None:
        if not any(p.drawn for p in near):
            yield Deviation(where, _("none"), _("a red rule 4 mm below the document number"), "7.2.7")
        return
    side = ruled.borders.get("bottom") or ruled.borders.get("top") or {}
    colour = side.get("color", "").upper()
    if not re.fullmatch(r"[A-F][0-9A-F]0{4}|E[0-9A-F]{5}|FF0000", colour):
        yield Deviation(where, colour or _("none"), _("red colour"), "7.2.7")
    if any(ruled.indents.get(name, 0) for name in ("left", "right", "leftChars", "rightChars")):
        yield Deviation(where, _("indented"), _("as wide as the type area"), "7.2.7")
    below = 0.2 * _height(roles.number) - page.INK_BOTTOM * page.TEXT_PT
    space = float(side.get("space", "0") or 0)
    distance = below + space + (_height(ruled) if ruled is not roles.number and "bottom" in ruled.borders else 0)
    if abs(distance / page.MM - page.RULE_MM) > 1.2:
        yield Deviation(where, f"{distance / page.MM:.1f} mm", _("4 mm below the document number"), "7.2.7")


def _height(shown: Shown) -> float:
    return shown.line if shown.rule == "exact" else page.LINE_PT * shown.line / 240


def opening(roles: Roles, given: list[Shown]) -> Found:
    """Title and addressees (7.3.1, 7.3.2)."""
    for shown in roles.title:
        yield from look(_("title"), shown, "小标宋", page.TITLE_PT, "7.3.1")
        yield from placed(_("title"), shown, "center", "7.3.1")
    if not roles.title:
        yield Deviation(_("title"), _("none"), _("a centred title"), "7.3.1")
        return
    if roles.title[-1].said.endswith(("。", "，", "；")):
        yield Deviation(_("title"), roles.title[-1].said[-1], _("no punctuation at its end"), "7.3.1")
    yield from blank(_("title"), given, roles.number, roles.title[0], 2, "7.3.1")
    yield from blank(_("addressees"), given, roles.title[-1], roles.addressed, 1, "7.3.2")
    if roles.addressed:
        yield from look(_("addressees"), roles.addressed, "仿宋", page.TEXT_PT, "7.3.2")
        if not roles.addressed.said.endswith("："):
            yield Deviation(_("addressees"), roles.addressed.said[-1], _("a full-width colon at the end"), "7.3.2")


def text(roles: Roles, formats: Formats, grid: float | None) -> Found:
    """The text: faces, indents, pitch, numbers of headings in order (7.3.3, 5.2)."""
    for shown, level in roles.body:
        where = _("paragraph %(n)d “%(text)s”") % {"n": shown.number, "text": shown.said[:12]}
        if shown.jc == "center":
            continue
        head_run = Shown(shown.number, shown.text, shown.style, [shown.first] if shown.first else [])
        yield from look(where, head_run if level in (1, 2) else shown, FACES_OF_LEVELS[level], page.TEXT_PT, "7.3.3")
        yield from indented(where, shown, 2, "7.3.3")
        yield from pitched(where, shown, grid)
    yield from in_order(roles)


def indented(where: str, shown: Shown, characters: float, clause: str) -> Found:
    """The indent of the first line in characters: by the indent or by leading full-width spaces."""
    given = shown.indents
    leading = len(shown.text) - len(shown.text.lstrip("　"))
    own = given.get("firstLineChars") or (given.get("firstLine", 0) - given.get("hanging", 0)) / page.CHARACTER_PT
    if given.get("hanging") or given.get("hangingChars"):
        own = 0
    left = given.get("leftChars") or given.get("left", 0) / page.CHARACTER_PT
    total = leading + own + (0 if given.get("hanging") else left)
    if abs(total - characters) > 0.25:
        said = _("indented %(n)s characters")
        yield Deviation(where, said % {"n": f"{total:.1f}"}, said % {"n": f"{characters:g}"}, clause)


def hung(shown: Shown) -> tuple[float, float]:
    """The indents of the first line and of the further ones in characters; full-width spaces at the beginning count.

    ``leftChars`` is Word's indent of a hanging text's first line, ``left`` that of its further lines.
    """
    given = shown.indents
    leading = len(shown.text) - len(shown.text.lstrip("　"))
    hanging = given.get("hangingChars") or given.get("hanging", 0) / page.CHARACTER_PT
    if hanging:
        rest = given["leftChars"] + hanging if given.get("leftChars") else given.get("left", 0) / page.CHARACTER_PT
        return leading + rest - hanging, rest
    rest = given.get("leftChars") or given.get("left", 0) / page.CHARACTER_PT
    own = given.get("firstLineChars") or given.get("firstLine", 0) / page.CHARACTER_PT
    return leading + rest + own, rest


def pitched(where: str, shown: Shown, grid: float | None) -> Found:
    """The pitch of the lines: 22 of them fill the type area."""
    pitch = shown.line if shown.rule == "exact" else None
    if shown.rule == "auto" and grid and shown.line == 240:
        pitch = grid
    if pitch is None:
        yield Deviation(where, _("no fixed pitch"), "28.99 pt", "5.2.3")
    elif abs(pitch - page.LINE_PT) > 0.05:
        yield Deviation(where, f"{pitch:.2f} pt", "28.99 pt", "5.2.3")


def in_order(roles: Roles) -> Found:
    """Numbers of headings count up by one and begin anew under each heading above."""
    counts = [0] * 5
    for shown, level in roles.body:
        written = re.match(r"[第（(]?([一二三四五六七八九十百]+|\d+)", shown.said) if level else None
        if not written:
            continue
        counts[level] += 1
        counts[level + 1 :] = [0] * (4 - level)
        given = _value(written[1])
        if given != counts[level]:
            where = _("heading “%(text)s”") % {"text": shown.said[:12]}
            yield Deviation(where, written[1], str(counts[level]), "7.3.3")
            counts[level] = given


def _value(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (CHINESE.get(tens, 1) * 10 if ten else 0) + CHINESE.get(ones, 0)
