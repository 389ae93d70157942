"""A DOCX from outside: admitted or refused with a sentence of its own, its parts unpacked no further than promised."""

from xml.etree.ElementTree import Element
from zipfile import ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid
from zijing.records.sheets import guards

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LARGEST = 20 * guards.MEGABYTE
UNPACKED = 100 * guards.MEGABYTE

EMPTY = _("The file is empty.")
TOO_LARGE = _("The document has more than %(limit)s MB. Make its pictures smaller, or take them out.")
LOCKED = _("The document is locked with a password. Save it without one.")
OLD = _("The old .doc and .wps formats are not read. Open the file in Word or WPS and save it as .docx.")
NO_DOCX = _("This is no Word document. Open it in Word or WPS and save it as .docx.")
DAMAGED = _("The Word document is damaged. Open it in Word or WPS and save it again as .docx.")
MACROS = _("A document with macros is not read. Save it as .docx, without macros.")
BOMB = _(
    "The document would unpack to more than %(limit)s MB; that is no ordinary document. Copy the text into a new one."
)
ENTITIES = _("The document declares XML entities; no ordinary document does. It is not read.")


class Package:
    """The parts of an admitted DOCX by lower-case name."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.parts = _directory(content)
        types = self.read("[content_types].xml")
        if b"macroenabled" in types.lower() or any(name.endswith("vbaproject.bin") for name in self.parts):
            raise Invalid(MACROS, field="file")
        self.main = self._main()

    def _main(self) -> str:
        """The part that holds the text: what the package's own relationships call its document."""
        for one in self.xml("_rels/.rels") if "_rels/.rels" in self.parts else ():
            if one.get("Type", "").endswith("/officeDocument"):
                name = one.get("Target", "").lstrip("/").lower()
                if name in self.parts and self.xml(name).tag == f"{W}document":
                    return name
        raise Invalid(NO_DOCX, field="file")

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            return b"".join(guards.unpack(self.content, self.parts[name]))
        except Invalid as error:
            raise Invalid(DAMAGED, field="file") from error

    def xml(self, name: str) -> Element:
        """A part as a tree; ``Invalid`` when it is broken or declares entities."""
        try:
            return fromstring(self.read(name), forbid_dtd=True)
        except DefusedXmlException as error:
            raise Invalid(ENTITIES, field="file") from error
        except (ParseError, ValueError, LookupError, RecursionError) as error:
            raise Invalid(DAMAGED, field="file") from error

    def beside(self, kind: str) -> Element | None:
        """The part that stands in a relationship of this kind (styles, settings, numbering …) to the text, if any."""
        found = self.related(kind)
        return self.xml(next(iter(found.values()))) if found else None

    def related(self, kind: str) -> dict[str, str]:
        """The parts that the text refers to in this way, by the id of the relationship."""
        folder, _slash, name = self.main.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if relations not in self.parts:
            return {}
        found = {}
        for one in self.xml(relations):
            target = one.get("Target", "").lower()
            path = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            if one.get("Type", "").endswith(f"/{kind}") and path in self.parts:
                found[one.get("Id", "")] = path
        return found


def admit(content: bytes) -> Package:
    """The package of a DOCX that may be read. ``Invalid`` says why it is not, and what to do."""
    if not content:
        raise Invalid(EMPTY, field="file")
    if len(content) > LARGEST:
        raise Invalid(TOO_LARGE, field="file", limit=LARGEST // guards.MEGABYTE)
    if content.startswith(guards.OLE):
        raise Invalid(LOCKED if guards.ENCRYPTED in content else OLD, field="file")
    if not content.startswith(b"PK\x03\x04"):
        raise Invalid(NO_DOCX, field="file")
    return Package(content)


def _directory(content: bytes) -> dict[str, ZipInfo]:
    try:
        parts = guards.parts_of(content)
    except Invalid as error:
        raise Invalid(DAMAGED, field="file") from error
    if "[content_types].xml" not in parts:
        raise Invalid(NO_DOCX, field="file")
    if guards.is_locked(parts.values()):
        raise Invalid(LOCKED, field="file")
    text = [info for name, info in parts.items() if name.endswith((".xml", ".rels"))]
    if guards.unpacked_size(parts.values()) > UNPACKED or guards.is_bomb(text):
        raise Invalid(BOMB, field="file", limit=UNPACKED // guards.MEGABYTE)
    return parts
