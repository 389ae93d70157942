"""How a document is called: its number, the head that issues it."""

from zijing.documents.models import Document
from zijing.places.models import Place

# What the organ of a place of this sort is called: a subdistrict has an office (派出机关), a town a government
# (地方各级人民代表大会和地方各级人民政府组织法, 第八十五条、第六十一条).
ORGANS = {"街道": "办事处", "镇": "人民政府", "乡": "人民政府"}


def issuer_of(office: Place) -> str:
    """The name of the organ that issues an office's documents: 紫荆路街道办事处, 峡窝镇人民政府."""
    return next((office.name + organ for end, organ in ORGANS.items() if office.name.endswith(end)), office.name)


def mark_of(document: Document) -> str:
    """The issuer's red heading (发文机关标志): the organ and “文件”, of minutes the organ (GB/T 9704-2012, 7.2.4)."""
    name = issuer_of(document.office)
    return f"{name}文件" if document.layout == "document" else name


def number_of(document: Document) -> str:
    """The document's number, 代字〔2026〕5号: full year, six-corner brackets, no leading zeros (GB/T 9704-2012, 7.2.5).

    "" before it is issued, and for what bears no number.
    """
    if document.number is None or not document.word:
        return ""
    return f"{document.word}〔{document.year}〕{document.number}号"
