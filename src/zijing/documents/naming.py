"""How a document is called: its number, the head that issues it."""

from zijing.documents.models import Document


def mark_of(document: Document) -> str:
    """The issuer's red heading (发文机关标志): the office and “文件”, of minutes the office (GB/T 9704-2012, 7.2.4)."""
    name: str = document.office.name
    return f"{name}文件" if document.layout == "document" else name


def number_of(document: Document) -> str:
    """The document's number, 代字〔2026〕5号: full year, six-corner brackets, no leading zeros (GB/T 9704-2012, 7.2.5).

    "" before it is issued, and for what bears no number.
    """
    if document.number is None or not document.word:
        return ""
    return f"{document.word}〔{document.year}〕{document.number}号"
