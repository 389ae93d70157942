"""Files from outside: whatever is no plain picture or document is refused, whatever a photo carries is stripped."""

import os
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from zijing.core.errors import Invalid
from zijing.journal.acting import act
from zijing.people.access import system_actor
from zijing.places.actions import found_office
from zijing.records.files import Upload, is_picture, make_ready, open_file, store, sweep
from zijing.records.models import File

AT = datetime(2020, 10, 15, 2, 0, tzinfo=UTC)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


def workbook(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, "x")
    return out.getvalue()


@pytest.fixture
def keep(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.DATA = tmp_path
    office = found_office(code="410181005000", name="Office", at=AT)
    actor = system_actor(office)
    return lambda content, name="photo.jpg": store(actor=actor, at=AT, sent=Upload(content, name))


def test_same_content_is_kept_once(keep: Any, tmp_path: Path) -> None:
    first, second = keep(picture()), keep(picture(), "again.jpg")
    assert first.pk == second.pk
    assert first.media_type == "image/jpeg" and is_picture(first)
    assert len([p for p in (tmp_path / "files").rglob("*") if p.is_file()]) == 2  # itself and its thumbnail


def test_photo_loses_position_and_comment(keep: Any) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken by Wang"
    exif.get_ifd(0x8825)[2] = (34.0, 45.0, 0.0)
    kept = Image.open(open_file(keep(picture(exif=exif, comment=b"phone 138"))))
    assert not kept.getexif() and "comment" not in kept.info
    text = PngInfo()
    text.add_text("Author", "Wang")
    png = Image.open(open_file(keep(picture("PNG", pnginfo=text), "p.png")))
    assert png.format == "PNG" and "Author" not in png.info


def test_photo_stands_upright_and_is_at_most_2000_long(keep: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = keep(picture(size=(3000, 1500), exif=exif))
    assert Image.open(open_file(file)).size == (1000, 2000)
    assert Image.open(open_file(file, small=True)).size == (160, 320)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "no picture"),
        (b"\xff\xd8\xff\xe0 not really", "no picture"),
        (picture()[:300], "no picture"),
        (b"GIF89a" + b"\0" * 50, "no picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "no picture"),
        (b"\0" * (30 * 2**20), "10 MB"),
        (huge_png(9000, 9000), "40 million"),
        (huge_png(60_000, 60_000), "40 million"),
        (b"PK\x03\x04 no zip at all", "no picture"),
        (workbook("word/document.xml"), "no picture"),
        (workbook("xl/workbook.xml", "xl/vbaProject.bin"), "no picture"),
    ],
    ids=[
        "empty", "html", "jpeg-mark-only", "cut-off", "gif", "svg", "30MB", "81MP", "bomb", "zip-mark-only", "docx", "macros",
    ],
)  # fmt: skip
def test_hostile_files_are_refused_whole(keep: Any, tmp_path: Path, content: bytes, says: str) -> None:
    from django.utils import translation

    with translation.override("en"), pytest.raises(Invalid) as refused:
        keep(content, "x.jpg")
        str(refused)
    with translation.override("en"):
        assert says in str(refused.value)
    assert not File.objects.exists() and not (tmp_path / "files").exists()


def test_documents_are_known_by_their_signature(keep: Any) -> None:
    assert keep(b"%PDF-1.4 ...", "photo.jpg").media_type == "application/pdf"
    assert keep(workbook("xl/workbook.xml"), "a.pdf").media_type.endswith("spreadsheetml.sheet")


def test_no_photo_is_decoded_while_others_wait_for_the_act(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    actor = system_actor(found_office(code="410181005000", name="Office", at=AT))
    sent = Upload(picture(), "photo.jpg")
    with pytest.raises(RuntimeError, match="before the act"), act(actor, AT):
        store(actor=actor, at=AT, sent=sent)
    assert not (tmp_path / "files").exists()
    make_ready([sent])
    with act(actor, AT):
        assert is_picture(store(actor=actor, at=AT, sent=sent))


class TestSweep:
    """What failed acts leave on the disk goes after a day; nothing else does."""

    DAY = 24 * 3600.0

    def files(self, data: Path) -> int:
        return len([p for p in (data / "files").rglob("*") if p.is_file()])

    def failed(self, keep: Any, content: bytes) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            keep(content)
            raise ZeroDivisionError

    def test_what_no_act_kept_goes_after_a_day(self, keep: Any, tmp_path: Path) -> None:
        kept = keep(picture())
        self.failed(keep, picture(size=(50, 50)))
        half = tmp_path / "files" / kept.digest[:2] / "tmp1234"
        half.write_bytes(b"half a pho")
        assert (self.files(tmp_path), sweep()) == (5, 0)
        assert sweep(time.time() + self.DAY + 60) == 3
        assert open_file(kept).read() and open_file(kept, small=True).read() and self.files(tmp_path) == 2

    def test_what_is_sent_again_is_as_good_as_new(self, keep: Any, tmp_path: Path) -> None:
        self.failed(keep, picture())
        for path in [p for p in (tmp_path / "files").rglob("*") if p.is_file()]:
            os.utime(path, (1, 1))
        self.failed(keep, picture())
        assert sweep() == 0 and self.files(tmp_path) == 2

    def test_an_office_without_files(self, keep: Any) -> None:
        assert sweep() == 0


def test_names_never_become_paths(keep: Any, tmp_path: Path) -> None:
    keep(picture(), "../../../etc/passwd")
    assert {p.parent.parent for p in tmp_path.rglob("*") if p.is_file()} == {tmp_path / "files"}
