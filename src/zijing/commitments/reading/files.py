"""The text of a plan handed in as a file: TXT, DOCX, PDF with text; of a scanned PDF where OCR is installed."""

import importlib.util
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.sheets import guards

LARGEST = 20 * 2**20
LONGEST = 2_000_000
"""Characters; a plan of 300 pages has 300,000."""
PAGES = 500
OCR_PAGES = 40
MACROS = _("A document with macros is not read. Save it as .docx, without macros.")
OLD = _("The old .doc and .wps formats are not read. Open the file in Word or WPS and save it as .docx.")
DAMAGED = _("The file cannot be read: it is damaged, locked with a password, or no text, .docx or .pdf file.")
SCANNED = _(
    "This PDF holds pictures of pages and no text. Ask for the original file, or paste the text. "
    "An operator can have such files read too: pip install rapidocr onnxruntime."
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of(content: bytes, name: str = "") -> str:
    """The text of a file. ``Invalid`` with a way out when it is empty, too large, scanned, or not to be read."""
    if not content.strip():
        raise Invalid(_("The file is empty."), field="file")
    if len(content) > LARGEST:
        raise Invalid(_("The file has more than %(limit)s MB."), field="file", limit=LARGEST // 2**20)
    if content.startswith(b"%PDF") or content[:1024].find(b"%PDF-") >= 0:
        text = _of_pdf(content)
    elif content.startswith(b"PK\x03\x04"):
        text = _of_docx(content, name)
    elif content.startswith(guards.OLE):
        raise Invalid(OLD, field="file")
    else:
        text = _decoded(content)
    return admit(text)


def admit(text: str) -> str:
    """A text that may be read: not empty, not endless. Its length stays, so that offsets hold in the file, too."""
    text = text.replace("\x00", " ")
    if not text.strip():
        raise Invalid(_("There is no text in it."), field="text")
    if len(text) > LONGEST:
        raise Invalid(
            _("The text has %(n)s characters; at most %(limit)s are read. Split it."),
            field="text", n=len(text), limit=LONGEST,
        )  # fmt: skip
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.count("\x00") * 20 < len(text):
            return text
    raise Invalid(DAMAGED, field="file")


def _of_docx(content: bytes, name: str) -> str:
    """Paragraphs as lines, table rows as lines with tabs. Parts are unpacked no further than the directory promises."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = {i.filename.lower(): i for i in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Invalid(DAMAGED, field="file") from error
    if Path(name).suffix.lower() == ".docm" or any(n.endswith("vbaproject.bin") for n in infos):
        raise Invalid(MACROS, field="file")
    part = infos.get("word/document.xml")
    if part is None or part.flag_bits & 1 or part.compress_type not in {0, 8}:
        raise Invalid(DAMAGED, field="file")
    if part.file_size > guards.RATIO_FROM and part.file_size > guards.RATIO_LIMIT * max(1, part.compress_size):
        raise Invalid(_("The file would unpack to %(size)s MB; that is no ordinary document."), field="file",
                      size=part.file_size // 2**20)  # fmt: skip
    if part.file_size > guards.UNPACKED_LIMIT:
        raise Invalid(DAMAGED, field="file")
    try:
        root = fromstring(b"".join(guards.unpack(content, part)), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Invalid(DAMAGED, field="file") from error
    body = root.find(f"{W}body")
    return "\n".join(_lines(body)) if body is not None else ""


def _lines(body: Any) -> list[str]:
    found: list[str] = []
    for child in body:
        if child.tag == f"{W}p":
            found.append(_run(child))
        elif child.tag == f"{W}tbl":
            for row in child.iter(f"{W}tr"):
                cells = ["".join(_run(p) for p in cell.iter(f"{W}p")) for cell in row.findall(f"{W}tc")]
                found.append("\t".join(c.replace("\t", " ") for c in cells))
        elif child.tag == f"{W}sdt":
            found += _lines(child.find(f"{W}sdtContent") or [])
    return found


def _run(paragraph: Any) -> str:
    said = []
    for node in paragraph.iter():
        if node.tag == f"{W}t":
            said.append(node.text or "")
        elif node.tag == f"{W}tab":
            said.append(" ")
        elif node.tag == f"{W}br":
            said.append("\n")
    return "".join(said)


def _of_pdf(content: bytes) -> str:
    import pypdfium2  # noqa: PLC0415  # a library of 8 MB that few requests need

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Invalid(DAMAGED, field="file") from error
    try:
        if len(document) > PAGES:
            raise Invalid(_("The PDF has more than %(limit)s pages. Split it."), field="file", limit=PAGES)
        pages = [page.get_textpage().get_text_bounded() for page in document]
        text = "\n".join(pages)
        if len(text.strip()) >= 8 * len(pages):
            return text
        if not can_ocr():
            raise Invalid(SCANNED, field="file")
        return _seen(document)
    finally:
        document.close()


def can_ocr() -> bool:
    """Is a library installed that reads pictures of pages?"""
    return importlib.util.find_spec("rapidocr") is not None


def _seen(document: Any) -> str:
    """The text of the pictures of pages: about three seconds a page."""
    rapidocr = importlib.import_module("rapidocr")
    if len(document) > OCR_PAGES:
        raise Invalid(_("At most %(limit)s scanned pages are read. Split the PDF."), field="file", limit=OCR_PAGES)
    engine = rapidocr.RapidOCR()
    return "\n".join("\n".join(engine(page.render(scale=2).to_numpy()).txts or ()) for page in document)
