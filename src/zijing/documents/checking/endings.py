"""What stands after the text: list of annexes, attendance, signature, note, 版记, page numbers.

GB/T 9704-2012, 7.3.4 to 7.5, and 10.3 for minutes.
"""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from zijing.documents.checking.formats import Formats, Shown
from zijing.documents.checking.roles import Roles
from zijing.documents.checking.rules import DATE, FACES, Deviation, Found, hung, indented, look
from zijing.documents.layout import page
from zijing.documents.layout.attendance import BEGINS, NAMED
from zijing.documents.packaging import Package, R, W
from zijing.documents.reading import text_in


def annex_list(roles: Roles) -> Found:
    """附件：1.… (7.3.4)."""
    for place, shown in enumerate(roles.annexes):
        where = _("list of annexes")
        yield from look(where, shown, "仿宋", page.TEXT_PT, "7.3.4")
        if not place and not re.match(r"^附件：", shown.said):
            yield Deviation(where, shown.said[:6], "附件：", "7.3.4")
        if shown.said[-1] in "。；，、;,.":
            yield Deviation(where, shown.said[-6:], _("no punctuation after the name"), "7.3.4")
        body = re.sub(r"^附件[:：]?\s*", "", shown.said)
        if re.match(r"^([一二三四五六七八九十]+、|\d+[、．])", body):
            yield Deviation(where, body[:4], "1.", "7.3.4")


def attendance(roles: Roles, given: list[Shown]) -> Found:
    """出席：, 请假：, 列席： a line below the text of minutes (10.3)."""
    for place, shown in enumerate(roles.attendance):
        begins = BEGINS.match(shown.said)
        word = "".join((begins[1] or "").split()) if begins else ""
        if word not in NAMED:
            continue
        where = _("attendance “%(text)s”") % {"text": f"{word}："}
        if not place:
            yield from _apart(where, shown, given)
        yield from _called(where, word, shown)
        first, rest = hung(shown)
        said = _("indented %(n)s characters")
        if abs(first - 2) > 0.25:
            yield Deviation(where, said % {"n": f"{first:.1f}"}, said % {"n": "2"}, "10.3")
        after = 2 + page.ems(f"{word}：")
        if page.ems(shown.said) > page.CHARACTERS - 2 and abs(rest - after) > 0.25:
            said = _("further lines %(n)s characters in")
            yield Deviation(where, said % {"n": f"{rest:.1f}"}, said % {"n": f"{after:g}"}, "10.3")


def _apart(where: str, shown: Shown, given: list[Shown]) -> Found:
    """One blank line above; a table that stands in between ends it."""
    count, at = 0, given.index(shown)
    while at > count and not given[at - count - 1].said and given[at - count - 1].number == shown.number - count - 1:
        count += 1
    if count != 1:
        said = _("%(n)d blank lines")
        yield Deviation(where, said % {"n": count}, said % {"n": 1}, "10.3")


def _called(where: str, word: str, shown: Shown) -> Found:
    """The label in 黑体 with a full-width colon, the units and names after it in 仿宋."""
    begins = BEGINS.match("".join(run.said for run in shown.runs))
    left, label, names = begins.end() if begins else 0, [], []
    for run in shown.runs:
        label += [replace(run, said=run.said[:left])] if left else []
        names += [replace(run, said=run.said[left:])] if run.said[left:] else []
        left = max(0, left - len(run.said))
    yield from look(where, replace(shown, runs=label), "黑体", page.TEXT_PT, "10.3")
    yield from look(where, replace(shown, runs=names), "仿宋", page.TEXT_PT, "10.3")
    if ":" in "".join(run.said for run in label):
        yield Deviation(where, f"{word}:", f"{word}：", "10.3")


def signature(roles: Roles) -> Found:
    """Issuer, date, note (7.3.5, 7.3.6)."""
    yield from look(_("issuer"), roles.issuer, "仿宋", page.TEXT_PT, "7.3.5")
    if roles.dated:
        yield from look(_("date of the document"), roles.dated, "仿宋", page.TEXT_PT, "7.3.5")
        if not DATE.match(roles.dated.said):
            expected = _("like 2026年5月1日: Arabic digits, no leading zero")
            yield Deviation(_("date of the document"), roles.dated.said, expected, "7.3.5.4")
    if roles.note:
        if not re.fullmatch(r"（.*）", roles.note.said, re.DOTALL):
            yield Deviation(_("closing note"), roles.note.said[:12], _("in round full-width brackets"), "7.3.6")
        yield from indented(_("closing note"), roles.note, 2, "7.3.6")


def annexes(roles: Roles, given: list[Shown]) -> Found:
    """附件1 in 3号黑体 on the first line of a page of its own (7.3.7)."""
    for shown in roles.annex_marks:
        yield from look(shown.said, shown, "黑体", page.TEXT_PT, "7.3.7")
        if shown.said[-1] in ":：.。":
            yield Deviation(shown.said, shown.said[-1], _("no punctuation"), "7.3.7")
        before = given[given.index(shown) - 1]
        if not shown.breaks and before.fields != "page":
            yield Deviation(shown.said, _("on the same page"), _("on a page of its own"), "7.3.7")


def record(tables: list[Element], formats: Formats) -> Found:
    """The 版记: rules, width, faces, punctuation (7.4)."""
    table = next((t for t in reversed(tables) if re.search("抄送|印发", text_in(t))), None)
    if table is None:
        return
    borders = {side: _border(table, side) for side in ("top", "bottom", "insideH")}
    rows = table.findall(f"{W}tr")
    for side, wanted in (("top", 0.35), ("bottom", 0.35), ("insideH", 0.25)):
        if side == "insideH" and len(rows) < 2:
            continue
        width = borders[side]
        if abs(width - wanted) > 0.03:
            names = {"top": _("first rule"), "bottom": _("last rule"), "insideH": _("inner rule")}
            yield Deviation(f"版记, {names[side]}", f"{width:.2f} mm", f"{wanted} mm", "7.4.1")
    columns = [float(c.get(f"{W}w", "0") or 0) for c in table.iter(f"{W}gridCol")]
    if columns and abs(sum(columns) / 20 / page.MM - page.AREA_MM[0]) > 1:
        yield Deviation("版记", f"{sum(columns) / 20 / page.MM:.0f} mm", "156 mm", "7.4.1")
    for paragraph in table.iter(f"{W}p"):
        yield from _recorded(formats.shown(paragraph))


def _recorded(shown: Shown) -> Found:
    if not shown.said:
        return
    yield from look("版记", shown, "仿宋", page.SMALL_PT, "7.4.2")
    if shown.said.startswith("抄送"):
        if not shown.said.startswith("抄送："):
            yield Deviation("抄送", shown.said[:3], "抄送：", "7.4.2")
        if not shown.said.endswith("。"):
            yield Deviation("抄送", shown.said[-1], _("a full stop at the end"), "7.4.2")
    elif "印发" in shown.said:
        dated = re.search(r"(\S*\d[^\s]*?)印发$", shown.said)
        if not dated or not DATE.match(dated[1]):
            expected = _("like 2026年5月1日印发")
            yield Deviation(_("date of printing"), shown.said.split()[-1], expected, "7.4.3")


def _border(table: Element, side: str) -> float:
    """The width of a rule in millimetres: the cells' own, else the table's; a size is in eighths of a point."""
    outer = {"top": 0, "bottom": -1}
    rows = table.findall(f"{W}tr")
    places = [table.find(f"{W}tblPr/{W}tblBorders/{W}{side}")]
    if rows and side in outer:
        places.append(rows[outer[side]].find(f"{W}tc/{W}tcPr/{W}tcBorders/{W}{side}"))
    elif rows:
        places.append(rows[0].find(f"{W}tc/{W}tcPr/{W}tcBorders/{W}bottom"))
    size = 0.0
    for one in places:
        if one is not None:
            drawn = one.get(f"{W}val") not in {"nil", "none"}
            size = float(one.get(f"{W}sz", "0") or 0) if drawn else 0.0
    return size / 8 / page.MM


def page_numbers(parts: Package, formats: Formats, section: Element | None) -> Found:
    """— 1 — in 4号宋体, odd pages right, even pages left, 7 mm below the type area (7.5)."""
    where = _("page number")
    files = parts.related("footer")
    found = {}
    for one in section.findall(f"{W}footerReference") if section is not None else ():
        name = files.get(one.get(f"{R}id", ""))
        lines = [formats.shown(p) for p in parts.xml(name).iter(f"{W}p")] if name else []
        found[one.get(f"{W}type", "")] = next((p for p in lines if re.search(r"\bPAGE\b", p.fields)), None)
    if not any(found.values()):
        yield Deviation(where, _("none"), _("a field in the footer"), "7.5")
        return
    settings = parts.beside("settings")
    both = settings is not None and settings.find(f"{W}evenAndOddHeaders") is not None
    if not both or not found.get("even"):
        yield Deviation(where, _("the same on all pages"), _("odd pages right, even pages left"), "7.5")
    for kind, side in (("default", "right"), ("even", "left")):
        shown = found.get(kind)
        if shown:
            yield from _numbered(where, shown, side if both else shown.jc)


def _numbered(where: str, shown: Shown, side: str) -> Found:
    first = shown.first
    if first and (not FACES["宋体"].search(first.font) or first.size != page.SMALL_PT):
        yield Deviation(where, f"{first.size:g} pt {first.font}", "4号 宋体", "7.5")
    if shown.jc != side:
        yield Deviation(where, shown.jc, side, "7.5")
    if not re.match(r"^[—–-]\s*\d+\s*[—–-]$", shown.said):
        yield Deviation(where, shown.said, "— 1 —", "7.5")
    inset = shown.indents.get(f"{side}Chars") or shown.indents.get(side, 0) / page.CHARACTER_PT
    if side in {"left", "right"} and abs(inset - 1) > 0.3:
        said = _("%(n)s characters in")
        yield Deviation(where, said % {"n": f"{inset:.1f}"}, said % {"n": "1"}, "7.5")
