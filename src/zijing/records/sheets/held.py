"""Uploads between preview and confirmation: kept sealed under an unguessable name, for one account, for a day.

Housekeeping of files, not of records: it goes by the machine's own time, not by an office's clock.
"""

import re
import secrets
import time
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Missing, Refused
from zijing.core.sealing import seal_bytes, unseal_bytes
from zijing.people.access import Actor
from zijing.records.sheets.guards import admit

KEPT_FOR = 24 * 3600
TOKEN = re.compile(r"[\w-]{32,64}", re.ASCII)


def hold(*, actor: Actor, source: IO[bytes], name: str) -> str:
    """Keep an uploaded workbook that may be read; returns the token it is asked for by. ``Invalid`` as in ``admit``."""
    content = admit(source, name)
    sweep()
    token = secrets.token_urlsafe(32)
    folder = _folder(actor)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{token}.xlsx"
    path.touch(mode=0o600)
    path.write_bytes(seal_bytes(content))
    return token


def held(*, actor: Actor, token: str) -> IO[bytes]:
    """The workbook behind a token of this account; ``Missing`` when there is none or it was taken away after a day."""
    path = _folder(actor) / f"{token}.xlsx"
    if not TOKEN.fullmatch(token) or not path.is_file():
        raise Missing(_("The uploaded workbook is no longer kept. Upload it again."), field="file")
    return BytesIO(unseal_bytes(path.read_bytes()))


def drop(*, actor: Actor, token: str) -> None:
    """Take a held workbook away; nothing happens when it is gone already."""
    if TOKEN.fullmatch(token):
        (_folder(actor) / f"{token}.xlsx").unlink(missing_ok=True)


def sweep(now: float | None = None) -> None:
    """Take away whatever was held for more than a day (``now``: seconds of the machine's clock)."""
    oldest = (time.time() if now is None else now) - KEPT_FOR
    for path in (settings.DATA / "imports").glob("*/*.xlsx"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue


def _folder(actor: Actor) -> Path:
    if actor.account_id is None:
        raise Refused(_("Only a signed-in person may upload."))
    return Path(settings.DATA) / "imports" / str(actor.account_id)
