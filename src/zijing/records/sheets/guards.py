"""What a file must pass before anything reads it: size, signature, and a zip directory that tells no lies.

A workbook is a zip of XML. Both can be made to unpack without end, so nothing is unpacked further than its directory
promises, and no part may declare a document type (the door to entities, "billion laughs" among them).
"""

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

MEGABYTE = 2**20
UNPACKED_LIMIT = 200 * MEGABYTE
RATIO_LIMIT, RATIO_FROM = 100, MEGABYTE
ENTRY_LIMIT = 5000
DIRECTORY_LIMIT = 4 * MEGABYTE
CHUNK = 256 * 1024

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
LOCAL_HEADER = struct.Struct("<4s5H3L2H")

NOT_A_WORKBOOK = _("This is no Excel workbook, or it is damaged. Open it in Excel or WPS and save it again as .xlsx.")
BY_SUFFIX = {
    ".xls": _("The old .xls format is not read. Open the file in Excel or WPS and save it as .xlsx."),
    ".et": _("The .et format of WPS is not read. Open the file in WPS and save it as .xlsx."),
    ".csv": _("A .csv file is not read: its encoding is anyone's guess. Open it in Excel or WPS and save it as .xlsx."),
    ".xlsm": _("A workbook with macros is not read. Save it as .xlsx, without macros."),
    ".xlsb": _("The .xlsb format is not read. Open the file in Excel and save it as .xlsx."),
}  # fmt: skip

Source = Path | bytes | IO[bytes]


def admit(source: Source, name: str = "") -> bytes:
    """The bytes of a workbook that may be read. ``Invalid`` when it is too large, no .xlsx, or a zip bomb.

    A file over ``settings.UPLOAD_LIMIT`` bytes is refused by its size alone. ``name`` is what the user calls the file.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    suffix = Path(name).suffix.lower()
    if suffix in BY_SUFFIX:
        raise Invalid(BY_SUFFIX[suffix], field="file")
    content = _content(source)
    check_signature(content)
    directory(content)
    return content


def check_size(size: int) -> None:
    """Refuse a file of more than the allowed number of bytes."""
    if size > settings.UPLOAD_LIMIT:
        raise too_large(size)


def too_large(size: int) -> Invalid:
    """The refusal of a file of so many bytes."""
    return Invalid(
        _("The file has %(size)s MB; at most %(limit)s MB are read. Split it into several files."),
        field="file", size=-(-size // MEGABYTE), limit=settings.UPLOAD_LIMIT // MEGABYTE,
    )  # fmt: skip


def _content(source: Source) -> bytes:
    if isinstance(source, bytes):
        check_size(len(source))
        return source
    if isinstance(source, Path):
        try:
            check_size(source.stat().st_size)
            with source.open("rb") as file:
                return _content(file)
        except OSError as error:
            raise Invalid(_("The file “%(name)s” cannot be opened."), field="file", name=source.name) from error
    content = source.read(settings.UPLOAD_LIMIT + 1)
    check_size(len(content))
    return content


def check_signature(content: bytes) -> None:
    """Refuse what is no zip; say what to do about an old or locked workbook under any name."""
    if not content:
        raise Invalid(_("The file is empty."), field="file")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Invalid(_("The workbook is locked with a password. Save it without one."), field="file")
        raise Invalid(BY_SUFFIX[".xls"], field="file")
    if not content.startswith(b"PK\x03\x04"):
        raise Invalid(NOT_A_WORKBOOK, field="file")


def directory(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """The parts of the workbook by lower-case name, checked against the limits without unpacking one."""
    parts = parts_of(content)
    whole = "xl/workbook.xml" in parts and "[content_types].xml" in parts
    if not whole or is_locked(parts.values()):
        raise Invalid(NOT_A_WORKBOOK, field="file")
    unpacked = unpacked_size(parts.values())
    if unpacked > UNPACKED_LIMIT or is_bomb(parts.values()):
        raise _bomb(unpacked)
    return parts


def parts_of(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """The parts of a zip by lower-case name. ``Invalid`` when it is damaged, ambiguous, or has too many of them."""
    _check_end(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
    parts = {info.filename.lower(): info for info in infos}
    if len(parts) != len(infos) or any(i.compress_type not in {0, 8} for i in infos):
        raise Invalid(NOT_A_WORKBOOK, field="file")
    return parts


def is_locked(infos: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a part is sealed with a password."""
    return any(info.flag_bits & 1 for info in infos)


def unpacked_size(infos: Iterable[zipfile.ZipInfo]) -> int:
    """Bytes that the parts would unpack to, as the directory promises."""
    return sum(info.file_size for info in infos)


def is_bomb(infos: Collection[zipfile.ZipInfo]) -> bool:
    """Whether these parts are packed tighter than anything that a person wrote."""
    unpacked, packed = unpacked_size(infos), max(1, sum(info.compress_size for info in infos))
    return unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * packed


def _check_end(content: bytes) -> None:
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or len(content) < at + END_OF_DIRECTORY.size:
        raise Invalid(NOT_A_WORKBOOK, field="file")
    _mark, _disk, _start, _here, entries, size, _offset, _comment = END_OF_DIRECTORY.unpack_from(content, at)
    if entries > ENTRY_LIMIT or size > DIRECTORY_LIMIT:
        raise Invalid(_("The workbook consists of too many parts (%(n)s)."), field="file", n=entries)


def _bomb(size: int) -> Invalid:
    return Invalid(
        _("The workbook would unpack to %(size)s MB; that is no ordinary table. Copy the data into a new workbook."),
        field="file", size=size // MEGABYTE,
    )  # fmt: skip


def unpack(content: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of one part in pieces; ``Invalid`` as soon as it holds more than its directory promises."""
    try:
        header = LOCAL_HEADER.unpack_from(content, info.header_offset)
    except struct.error as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
    start = info.header_offset + LOCAL_HEADER.size + header[-2] + header[-1]
    packed = memoryview(content)[start : start + info.compress_size]
    given = 0
    for piece in _inflate(packed) if info.compress_type else (bytes(packed),):
        given += len(piece)
        if given > info.file_size:
            raise _bomb(given)
        yield piece
    if given != info.file_size:
        raise Invalid(NOT_A_WORKBOOK, field="file")


def _inflate(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting: bytes | memoryview = packed
    try:
        while waiting and not stream.eof:
            piece = stream.decompress(waiting, CHUNK)
            waiting = stream.unconsumed_tail
            yield piece
        while tail := stream.decompress(b"", CHUNK) if not stream.eof else b"":
            yield tail
    except zlib.error as error:
        raise Invalid(NOT_A_WORKBOOK, field="file") from error
