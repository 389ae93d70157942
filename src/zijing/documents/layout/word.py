"""An official document as DOCX (GB/T 9704-2012). Written part by part: the same source, the same bytes."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from zijing.documents.layout import page, styles, wording
from zijing.documents.layout.body import Body, indent, narrowed, relations
from zijing.documents.layout.shape import Annex, Shape, shape, signature
from zijing.documents.layout.styles import CHAR, HEAD, KEEP, NAMESPACES, PITCH, WIDTH
from zijing.documents.source import Official

STORED_ON = (1980, 1, 1, 0, 0, 0)
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
OVERRIDES = {
    "/word/document.xml": f"{TYPE}document.main+xml",
    "/word/styles.xml": f"{TYPE}styles+xml",
    "/word/settings.xml": f"{TYPE}settings+xml",
    "/word/fontTable.xml": f"{TYPE}fontTable+xml",
    "/word/footer1.xml": f"{TYPE}footer+xml",
    "/word/footer2.xml": f"{TYPE}footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument.custom-properties+xml",
}
SIDES = f'<w:tabs><w:tab w:val="right" w:pos="{WIDTH - round(CHAR)}"/></w:tabs>{indent(left=1)}<w:jc w:val="left"/>'
"""One thing a character in from the left, another from the right."""


def docx(official: Official) -> bytes:
    """The document as a DOCX that opens in Word, WPS and LibreOffice."""
    ready = shape(official)
    body = Body(ready.language, official.site)
    if ready.has_head:
        _head(body, ready)
    _title(body, ready)
    body.blocks(ready.body, keep_last=ready.is_signed and not ready.annexes)
    _annex_list(body, ready)
    _attendance(body, ready)
    if ready.is_signed:
        _signature(body, ready)
    if ready.note:
        body.paragraph("Note", ready.note)
    for annex in ready.annexes:
        _annex(body, annex)
    if ready.has_record:
        _record(body, ready)
    author = wording.clean(official.issuer)
    return package(body, "".join(ready.title), author=author, properties=official.properties)


def _head(body: Body, ready: Shape) -> None:
    """Ten lines of the grid: serial, secrecy, urgency; the mark; the number; the red rule 4 mm below it."""
    for role, text in ready.top:
        body.paragraph("Serial" if role == "serial" else "Secrecy" if role else "Blank", text)
    size, narrow = page.mark_size(ready.mark)
    line = round(size * 1.2 * 20)
    before = round(page.MARK_MM * page.MM * 20) - 3 * PITCH - round((0.8 * 1.2 - page.INK_TOP) * size * 20)
    mark = f'<w:spacing w:before="{before}" w:line="{line}" w:lineRule="exact"/>'
    body.paragraph("Mark", ready.mark or " ", extra=mark, run=narrowed(size, narrow))
    rest = 7 * PITCH - 3 * PITCH - before - line
    first = max(20, rest - PITCH) if rest < 2 * PITCH else PITCH
    body.paragraph("Blank", extra=_exact(first))
    body.paragraph("Blank", extra=_exact(rest - first))
    _number(body, ready)
    gap = round(page.RULE_MM * page.MM * 20 - (0.2 * PITCH - page.INK_BOTTOM * page.TEXT_PT * 20))
    red = f'w:val="single" w:sz="{round(page.RED_RULE_PT * 8)}" w:space="0" w:color="{page.RED}"'
    body.paragraph("Rule", extra=f"<w:pBdr><w:bottom {red}/></w:pBdr>{_exact(gap)}")
    body.paragraph("Blank", extra=_exact(PITCH - gap))
    body.blank()


def _exact(twips: int) -> str:
    return f'<w:spacing w:line="{twips}" w:lineRule="exact"/>'


def _number(body: Body, ready: Shape) -> None:
    """The number centred; with a signer (documents that go up) both at the sides, a character in (7.2.5, 7.2.6)."""
    minutes = ready.official.layout == "minutes"
    left, right = (ready.issuer, ready.dated) if minutes and not ready.number else (ready.number, ready.signer)
    if minutes and ready.number:
        left, right = (
            (ready.number, ready.dated) if not ready.issuer else (f"{ready.number}　{ready.issuer}", ready.dated)
        )
    if not right:
        body.paragraph("Number", left)
        return
    inner = body.run(left + "\t")
    if minutes:
        inner += body.run(right)
    else:
        kai = styles.fonts(styles.KAI, ready.language)
        inner += body.run(wording.word("signer", ready.language)) + body.run(right, kai)
    body.parts.append(f'<w:p><w:pPr><w:pStyle w:val="Number"/>{SIDES}</w:pPr>{inner}</w:p>')


def _title(body: Body, ready: Shape) -> None:
    if not ready.has_head:
        body.blank(2)
    body.paragraph("Title", "\n".join(ready.title))
    if ready.subtitle:
        body.paragraph("Subtitle", ready.subtitle)
    body.blank()
    if ready.addressed:
        body.paragraph("Addressed", ready.addressed)


def _annex_list(body: Body, ready: Shape) -> None:
    """附件：1.… a line below the text, what runs on aligned with the first character of its name (7.3.4)."""
    entries = [annex.entry for annex in ready.annexes]
    if not entries:
        return
    label = wording.word("attachments", ready.language)
    keep = KEEP if ready.is_signed else ""
    body.paragraph("Blank", extra=KEEP)
    number = page.ems(entries[0]) - page.ems(entries[0].partition(".")[2]) if len(entries) > 1 else 0.0
    into = page.ems(label)
    body.paragraph("Annexes", label + entries[0], extra=keep + indent(left=2 + into + number, hanging=into + number))
    for entry in entries[1:]:
        number = page.ems(entry) - page.ems(entry.partition(".")[2])
        body.paragraph("Annexes", entry, extra=keep + indent(left=2 + into + number, hanging=number))


def _attendance(body: Body, ready: Shape) -> None:
    """出席：… a line below the text, what runs on aligned with the first character after the colon (10.3).

    A tab leads there in English, whose letters are not as wide as the grid's characters.
    """
    if ready.attendance and not ready.ends_blank:
        body.paragraph("Blank", extra=KEEP)
    hei = styles.fonts(styles.HEI, ready.language)
    for one in ready.attendance:
        into = page.ems(one.label) + (0.5 if ready.language == "en" else 0)
        label = body.run(one.label + ("\t" if ready.language == "en" else ""), hei)
        hang = indent(left=2 + into, hanging=into)
        body.parts.append(
            f'<w:p><w:pPr><w:pStyle w:val="Attendance"/>{hang}</w:pPr>{label}{body.line(one.names)}</w:p>'
        )


def _signature(body: Body, ready: Shape) -> None:
    for _line in range(ready.blank):
        body.paragraph("Blank", extra=KEEP)
    name, on = signature(ready.issuer, ready.dated, sealed=ready.official.sealed)
    if ready.issuer:
        body.paragraph("Issuer", ready.issuer, extra=indent(right=name))
    if ready.dated:
        body.paragraph("Dated", ready.dated, extra=indent(right=on if ready.issuer else 4.0))


def _annex(body: Body, annex: Annex) -> None:
    body.paragraph("AnnexMark", annex.label)
    body.blank()
    body.paragraph("Title", "\n".join(annex.title))
    body.blank()
    body.blocks(annex.body)


def _record(body: Body, ready: Shape) -> None:
    """The 版记 at the foot of the last page: a table that holds to the lower edge of the type area (7.4)."""
    rows = []
    if ready.copies:
        label = wording.word("copies", ready.language)
        hang = indent(left=1 + page.ems(label), right=1, hanging=page.ems(label))
        rows.append(f'<w:p><w:pPr><w:pStyle w:val="Record"/>{hang}</w:pPr>{body.run(label + ready.copies)}</w:p>')
    if ready.printer or ready.printed:
        inner = body.run(f"{ready.printer}\t{ready.printed}")
        rows.append(f'<w:p><w:pPr><w:pStyle w:val="Record"/>{SIDES}</w:pPr>{inner}</w:p>')
    outer, within = (round(mm * page.MM * 8) for mm in (page.OUTER_RULE_MM, page.INNER_RULE_MM))
    rule = 'w:val="single" w:space="0" w:color="000000"'
    body.parts.append(
        '<w:tbl><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="margin" '
        f'w:tblpXSpec="left" w:tblpYSpec="bottom"/><w:tblOverlap w:val="never"/><w:tblW w:w="{WIDTH}" w:type="dxa"/>'
        f'<w:tblBorders><w:top {rule} w:sz="{outer}"/><w:bottom {rule} w:sz="{outer}"/>'
        f'<w:insideH {rule} w:sz="{within}"/></w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{WIDTH}"/></w:tblGrid>'
        + "".join(
            f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{WIDTH}" w:type="dxa"/></w:tcPr>'
            f"{row}</w:tc></w:tr>"
            for row in rows
        )
        + "</w:tbl>"
    )
    body.paragraph("Blank", extra=_exact(20))


def package(body: Body, title: str, *, author: str = "", properties: dict[str, str] | None = None) -> bytes:
    """The zip of all parts around the body of a document."""
    names = ("styles", "settings", "fontTable", "footer1", "footer2")
    fixed = [(f"rId{n}", name.rstrip("12"), f"{name}.xml") for n, name in enumerate(names, 1)]
    text = f"<w:body>{''.join(body.parts)}{styles.section_xml()}</w:body>"
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _roots(),
        "word/document.xml": f"{HEAD}<w:document {NAMESPACES}>{text}</w:document>",
        "word/_rels/document.xml.rels": HEAD + relations(body.links, fixed),
        "word/styles.xml": styles.styles_xml(body.language),
        "word/settings.xml": styles.settings_xml(),
        "word/fontTable.xml": styles.font_table_xml(),
        "word/footer1.xml": styles.footer_xml(even=False),
        "word/footer2.xml": styles.footer_xml(even=True),
        "docProps/core.xml": _core(title, author, body.language),
        "docProps/custom.xml": _custom(properties or {}),
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, STORED_ON)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return file.getvalue()


def _types() -> str:
    rows = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in OVERRIDES.items())
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def _roots() -> str:
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    rest = [("rId1", "officeDocument", "word/document.xml"), ("rId3", "custom-properties", "docProps/custom.xml")]
    extra = f'<Relationship Id="rId2" Type="{core}" Target="docProps/core.xml"/></Relationships>'
    return HEAD + relations({}, rest).replace("</Relationships>", extra)


def _core(title: str, author: str, language: str) -> str:
    title, author = escape(title), escape(author)
    language = "en" if language == "en" else "zh-CN"
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )


def _custom(properties: dict[str, str]) -> str:
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
        f"name={quoteattr(wording.clean(name))}><vt:lpwstr>{escape(wording.clean(value))}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{rows}</Properties>'
    )
