"""Backups by themselves: one a day into a folder, the newest kept."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zijing.core.errors import DomainError
from zijing.core.worktime import ZONE
from zijing.outbox import pulse
from zijing.outbox.backup.taking import take
from zijing.outbox.models import Pulse

NAME = "backup"
EVERY = timedelta(days=1)
# After a failure (the disk is full) it is tried again sooner than the next day.
AGAIN = timedelta(minutes=30)
PATTERN = "zijing-????????-????.zip"


def is_due(at: datetime) -> bool:
    """Whether the setting asks for backups and the last one is a day old, or failed half an hour ago."""
    if settings.BACKUPS is None:
        return False
    mine = Pulse.objects.filter(name=NAME, office=None).first()
    if mine is None:
        return True
    if mine.failed_at and pulse.state_of(mine, at) == Pulse.State.FAILING:
        return at >= mine.failed_at + AGAIN
    return mine.succeeded_at is None or at >= mine.succeeded_at + EVERY


def run_scheduled(at: datetime) -> Path | None:
    """Take the backup that is due, if one is, and remove the oldest beyond the number to keep; where it was written.

    A failure is noted in the pulse ``backup``; the earlier backups then stay.
    """
    if settings.BACKUPS is None or not is_due(at):
        return None
    folder = Path(settings.BACKUPS)
    target = folder / f"zijing-{at.astimezone(ZONE):%Y%m%d-%H%M}.zip"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = take(target, at=at)
    except (OSError, DomainError) as error:
        pulse.fail(NAME, at, every=EVERY, note=str(error))
        return None
    for old in sorted(folder.glob(PATTERN))[: -settings.BACKUPS_KEPT]:
        old.unlink()
    pulse.beat(NAME, at, every=EVERY, note=_("%(file)s, %(n)d rows") % {"file": target.name, "n": manifest.rows})
    return target
