"""What a job was given and what it made: sealed files beside the database, kept for a week."""

import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing
from zijing.core.sealing import seal_bytes, unseal_bytes

KEPT_FOR = 7 * 24 * 3600
GIVEN, RESULT = "given", "result"


def keep(job: int, part: str, content: bytes) -> None:
    """Keep ``content`` as a part of a job; it is there as a whole or not at all."""
    path = _path(job, part)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    being_written = path.with_suffix(".new")
    being_written.touch(mode=0o600)
    being_written.write_bytes(seal_bytes(content))
    being_written.replace(path)


def kept(job: int, part: str) -> bytes:
    """A part of a job; ``Missing`` when it was taken away, ``Invalid`` when it is damaged."""
    try:
        return unseal_bytes(_path(job, part).read_bytes())
    except FileNotFoundError as error:
        raise Missing(_("This file is no longer kept: it is taken away after seven days.")) from error


def drop(job: int, part: str) -> None:
    """Take a part of a job away."""
    _path(job, part).unlink(missing_ok=True)


def sweep(now: float | None = None) -> int:
    """Take away what is older than a week (``now``: seconds of the machine's clock); how many files went."""
    oldest = (time.time() if now is None else now) - KEPT_FOR
    old = [p for p in _folder().glob("*.*") if p.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.DATA) / "jobs"


def _path(job: int, part: str) -> Path:
    return _folder() / f"{job:d}.{part}"
