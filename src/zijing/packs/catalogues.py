"""Catalogues of classes: tables of the choices of a field, too many to stand in the description of a kind."""

from django.utils.translation import gettext_lazy as _

from zijing.packs.choices import CatalogueRow, Choice
from zijing.packs.reading import Reader


def read_catalogue(reader: Reader, name: str) -> list[Choice]:
    """The choices in a pack's ``catalogues/NAME``. Of a row that contradicts those above it the line is noted.

    A class stands below what it belongs to, once; its code begins with that of its parent and is no brother's, so that
    a spreadsheet that drops a leading zero is noticed.
    """
    file = f"catalogues/{name}"
    rows: dict[str, CatalogueRow] = {}
    codes: set[tuple[str | None, str]] = set()
    for line, row in reader.table(file, CatalogueRow):
        parent = rows.get(row.parent or "")
        if row.key in rows:
            reader.fault(file, _("“%(key)s” stands twice."), row=line, column="key", key=row.key)
            continue
        if row.parent and parent is None:
            text = _("“%(parent)s”, to which it belongs, does not stand above it.")
            reader.fault(file, text, row=line, column="parent", parent=row.parent)
            continue
        if row.code and parent and not row.code.startswith(parent.code or ""):
            text = _("The code %(code)s does not begin with that of “%(parent)s”, %(begin)s.")
            reader.fault(file, text, row=line, column="code", code=row.code, parent=parent.zh, begin=parent.code)
        if row.code and (row.parent, row.code) in codes:
            reader.fault(file, _("“%(key)s” stands twice."), row=line, column="code", key=row.code)
        codes.add((row.parent, row.code or ""))
        rows[row.key] = row
    return [row.choice() for row in rows.values()]
