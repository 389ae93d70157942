"""From data to PDF: the one place where typst is called."""

from pathlib import Path

from zijing.documents.layout import faces

SOURCE = Path(__file__).with_name("official.typ")
TAGGED = 1_000_000
"""Bytes of data up to which the PDF is tagged for screen readers; of 50,000 cells tags are nine tenths of the file."""


def compiled(data: bytes) -> bytes:
    """The PDF. A warning (a font that is not there) means that it looks otherwise than it should: an error."""
    import typst  # noqa: PLC0415  # a library of 40 MB that few processes need

    files = {"main.typ": SOURCE.read_bytes(), "data.json": data}
    made, warnings = typst.compile_with_warnings(files, font_paths=faces.fonts(), pdf_tags=len(data) <= TAGGED)
    if warnings:
        raise RuntimeError("; ".join(warning.message for warning in warnings))
    assert isinstance(made, bytes)
    return made
