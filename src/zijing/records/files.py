"""Files: checked, stripped and kept once under their digest; opened by whoever sees a record they belong to.

A photo is decoded before the act that keeps it begins: other writers do not wait for a decoder.
"""

import hashlib
import os
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from zijing.core.errors import Invalid
from zijing.journal.acting import act, is_acting
from zijing.people.access import Actor, require
from zijing.records.models import Attachment, File

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 40_000_000
LONGEST, LONGEST_SMALL = 2000, 320
UNKEPT_FOR = 24 * 3600
PICTURES = ("JPEG", "PNG", "WEBP")
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Ready:
    """What is kept of a file: its content, the thumbnail of a picture, what it is."""

    content: bytes
    small: bytes
    media_type: str
    digest: str


@dataclass(frozen=True)
class Upload:
    """A file as it was sent; ``name`` only serves to speak of it in errors."""

    content: bytes
    name: str

    @cached_property
    def ready(self) -> Ready:
        """What is kept of it, made when it is first asked for: see ``make_ready``."""
        if is_acting():
            raise RuntimeError("a file is made ready before the act that keeps it")
        return _ready(self.content, self.name)


def make_ready(sent: Iterable[Upload]) -> None:
    """Check files, and decode and encode photos anew, while nobody waits; verbs keep what is ready.

    Photos become at most 2000 pixels long and lose their metadata: position, device and time taken stay with the
    photographer. ``Invalid`` for anything else than a JPEG, PNG or WebP picture, a PDF or an xlsx workbook, for more
    than 10 MB, and for pictures of more than 40 million pixels.
    """
    for one in sent:
        _made = one.ready


def _ready(content: bytes, name: str) -> Ready:
    if not content:
        raise Invalid(_("“%(name)s” is empty."), field="file", name=name[:60])
    if len(content) > MAX_BYTES:
        raise Invalid(_("“%(name)s” is larger than 10 MB. Send a smaller one."), field="file", name=name[:60])
    media_type, small = _document_type(content), b""
    if not media_type:
        content, small, media_type = _picture(content, name)
    return Ready(content, small, media_type, hashlib.sha256(content).hexdigest())


def store(*, actor: Actor, at: datetime, sent: Upload) -> File:
    """Keep a photo or a document that is ready or can be made so; the same content is kept once."""
    ready = sent.ready
    with act(actor, at):
        _keep(ready.digest, ready.content)
        if ready.small:
            _keep(_small(ready.digest), ready.small)
        facts = {"media_type": ready.media_type, "size": len(ready.content), "stored_at": at}
        return File.objects.get_or_create(digest=ready.digest, defaults=facts)[0]


Follower = Callable[[Actor, datetime, models.Model, Attachment], None]
_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Let a floor above follow every file that becomes part of a record, in the same act."""
    _followers.append(follower)


def attach(*, actor: Actor, at: datetime, subject: models.Model, file: File, part: str, name: str = "") -> Attachment:
    """Make a file part of a record; the verb that writes the record has checked the right.

    Journalled by digest, so that a photo changed on disk is noticed; a photo's digest says nothing of what it shows.
    """
    if part not in Attachment.Part.values:
        raise Invalid(_("“%(part)s” is no part a file can have."), field="part", part=part[:20])
    with act(actor, at) as a:
        attachment = Attachment.objects.create(
            file=file, subject_type=subject._meta.label_lower, subject_id=subject.pk, part=part, name=name[:120],
            attached_at=at,
        )  # fmt: skip
        a.record("records.attach", subject, {"file": [None, file.digest], "part": [None, part]})
        for follow in _followers:
            follow(actor, at, subject, attachment)
        return attachment


def add(*, actor: Actor, at: datetime, subject: models.Model, sent: Upload, part: str, right: str) -> Attachment:
    """Store a file and make it part of a standing record; ``right`` is the right that the record's noun asks for."""
    require(actor, right)
    make_ready([sent])
    with act(actor, at):
        file = store(actor=actor, at=at, sent=sent)
        return attach(actor=actor, at=at, subject=subject, file=file, part=part)


def attachments_of(subject: models.Model) -> list[Attachment]:
    """The files of a record, the oldest first."""
    mine = Attachment.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return list(mine.select_related("file").order_by("pk"))


def pictures_of(subjects: Sequence[models.Model]) -> list[int]:
    """The ids of the files that show something of these records of one table."""
    if not subjects:
        return []
    mine = Attachment.objects.filter(
        subject_type=subjects[0]._meta.label_lower, subject_id__in=[s.pk for s in subjects],
        file__media_type__startswith="image/",
    )  # fmt: skip
    return list(mine.order_by("pk").values_list("file", flat=True).distinct())


def lately_pictured(model: type[models.Model]) -> list[int]:
    """The ids of the records of a table that were given a file lately, at most 500."""
    rows = Attachment.objects.filter(subject_type=model._meta.label_lower).order_by("-pk")
    return list(rows.values_list("subject_id", flat=True)[:500])


def find_file(actor: Actor, pk: int) -> File | None:
    """The file, if the actor sees a record it belongs to."""
    found = File.objects.filter(pk=pk).first()
    return found if found and may_open(actor, found) else None


def may_open(actor: Actor, file: File) -> bool:
    """Whether the actor sees a record the file is attached to; a file of no record is nobody's."""
    ids: dict[str, list[int]] = {}
    for type_, pk in file.attachments.values_list("subject_type", "subject_id"):
        ids.setdefault(type_, []).append(pk)
    return any(
        apps.get_model(type_)._default_manager.visible_to(actor).filter(pk__in=pks).exists()
        for type_, pks in ids.items()
    )


def open_file(file: File, *, small: bool = False) -> BinaryIO:
    """The content of a file, or of its thumbnail (320 pixels) where it has one."""
    path = _where(_small(file.digest))
    return (path if small and path.exists() else _where(file.digest)).open("rb")


def is_picture(file: File) -> bool:
    """Whether a page can show the file itself."""
    return file.media_type.startswith("image/")


def sweep(now: float | None = None) -> int:
    """Take away what no act has kept for a day (``now``: seconds of the machine's clock); how many files went.

    An act that fails, or is broken off, leaves what it wrote: the disk knows no transaction.
    """
    oldest = (time.time() if now is None else now) - UNKEPT_FOR
    gone = 0
    for folder in sorted(p for p in _folder().glob("??") if p.is_dir()):
        old = [p for p in folder.iterdir() if p.stat().st_mtime < oldest]
        kept = File.objects.filter(digest__startswith=folder.name).values_list("digest", flat=True)
        names = {name for digest in kept for name in (digest, _small(digest))} if old else set()
        for path in old:
            if path.name not in names and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _small(digest: str) -> str:
    return f"{digest}-small"


def _folder() -> Path:
    return Path(settings.DATA) / "files"


def _where(name: str) -> Path:
    return _folder() / name[:2] / name


def _keep(name: str, content: bytes) -> None:
    """Write a file whole or not at all: an interrupted start leaves no half file under a digest.

    One that is there is as good as new: a sweep leaves it to this act.
    """
    path = _where(name)
    if path.exists():
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as half:
        half.write(content)
    written = Path(half.name)
    written.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    written.replace(path)


def _document_type(content: bytes) -> str:
    """The media type of a document by its signature, "" for anything else."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(BytesIO(content)).namelist())
        except zipfile.BadZipFile:
            return ""
        if "xl/workbook.xml" in names and "xl/vbaProject.bin" not in names:
            return XLSX
    return ""


def _picture(content: bytes, name: str) -> tuple[bytes, bytes, str]:
    """The picture encoded anew, its thumbnail, its media type."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.open(BytesIO(content), formats=PICTURES).verify()
            image = Image.open(BytesIO(content), formats=PICTURES)
            _refuse_huge(image, name)
            return _encode(image)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _huge(name) from error
    except Exception as error:  # Pillow raises whatever its decoders meet in a damaged or hostile file
        raise Invalid(
            _("“%(name)s” is no picture (JPEG, PNG, WebP) or document (PDF, xlsx)."), field="file", name=name[:60]
        ) from error


def _refuse_huge(image: Image.Image, name: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _huge(name)


def _huge(name: str) -> Invalid:
    return Invalid(_("“%(name)s” has more than 40 million pixels. Send a smaller one."), field="file", name=name[:60])


def _encode(image: Image.Image) -> tuple[bytes, bytes, str]:
    kept = "PNG" if image.format == "PNG" else "JPEG"
    image.draft("RGB", (LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST, LONGEST))
    mode = "RGBA" if kept == "PNG" and upright.has_transparency_data else "RGB"
    clean = Image.new(mode, upright.size)
    clean.paste(upright.convert(mode))
    small = clean.convert("RGB")
    small.thumbnail((LONGEST_SMALL, LONGEST_SMALL))
    return _bytes(clean, kept), _bytes(small, "JPEG"), f"image/{kept.lower()}"


def _bytes(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind, **({"quality": 85} if kind == "JPEG" else {"optimize": False}))
    return out.getvalue()
