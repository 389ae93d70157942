"""Backups: one file with everything an office has entered, portable between SQLite and PostgreSQL.

A backup is a zip of ``manifest.json`` (versions, migrations, counts, digests, the heads of every journal), the tables
as JSON Lines, and the files. Keys are not in it. ``take`` writes one while Zijing runs, ``restore`` reads one into an
empty installation and says "done" only after everything has been checked.
"""

from zijing.outbox.backup.archive import Manifest, examine
from zijing.outbox.backup.restoring import Restored, restore
from zijing.outbox.backup.schedule import run_scheduled
from zijing.outbox.backup.taking import take

__all__ = ["Manifest", "Restored", "examine", "restore", "run_scheduled", "take"]
