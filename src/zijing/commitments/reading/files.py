"""The text of a plan handed in as a file: TXT, DOCX, PDF with text; of a scanned PDF where OCR is installed."""

import importlib.util
from typing import Any

from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.documents import reading
from zijing.records.sheets import guards

LARGEST = 20 * 2**20
LONGEST = 2_000_000
"""Characters; a plan of 300 pages has 300,000."""
PAGES = 500
OCR_PAGES = 40
DAMAGED = _("The file cannot be read: it is damaged, locked with a password, or no text, .docx or .pdf file.")
SCANNED = _(
    "This PDF holds pictures of pages and no text. Ask for the original file, or paste the text. "
    "An operator can have such files read too: pip install rapidocr onnxruntime."
)


def text_of(content: bytes) -> str:
    """The text of a file. ``Invalid`` with a way out when it is empty, too large, scanned, or not to be read."""
    if not content.strip():
        raise Invalid(_("The file is empty."), field="file")
    if len(content) > LARGEST:
        raise Invalid(_("The file has more than %(limit)s MB."), field="file", limit=LARGEST // 2**20)
    if content.startswith(b"%PDF") or content[:1024].find(b"%PDF-") >= 0:
        text = _of_pdf(content)
    elif content.startswith((b"PK\x03\x04", guards.OLE)):
        text = reading.text_of(content, tab=" ")
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
