"""An official document laid out by GB/T 9704-2012: as DOCX and as PDF, both from the same source."""

from zijing.documents.layout.portable import pdf
from zijing.documents.layout.word import docx

__all__ = ["docx", "pdf"]
