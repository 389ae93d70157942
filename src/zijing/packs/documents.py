"""What documents.csv says, held against the texts beside it: every form has its text, every text its form."""

from collections.abc import Container

from django.utils.translation import gettext_lazy as _

from zijing.documents.composing import MOST_CHARACTERS
from zijing.documents.placeholders import stray
from zijing.packs.contents import Pack
from zijing.packs.reading import Reader
from zijing.records.models import Noun


def check_documents(pack: Pack, kinds: Container[str], reader: Reader) -> None:
    """Note what is missing beside documents.csv, and texts that cannot be composed.

    Which figures a text may name is known only where it is used: its pack may be applied before theirs.
    """
    forms = {row.key for row in pack.documents}
    for line, row in pack.rows("documents.csv"):
        if not pack.texts.get(row.key, "").strip():
            missing = _("There is no text in documents/%(key)s.docx.")
            reader.fault("documents.csv", missing, row=line, column="key", key=row.key)
        for name in row.fits.split():
            if name not in kinds and name not in Noun.values:
                reader.fault("documents.csv", _("There is no kind “%(key)s”."), row=line, column="fits", key=name)
    for name, text in pack.texts.items():
        file = f"documents/{name}.docx"
        if name.removesuffix(".en") not in forms:
            reader.fault(file, _("No row of documents.csv has this key."))
        if found := stray(text):
            reader.fault(file, _("These braces belong to no placeholder: “%(line)s”"), line=found[:60])
        if len(text) > MOST_CHARACTERS:
            reader.fault(file, _("A text has at most %(max)d characters."), max=MOST_CHARACTERS)
