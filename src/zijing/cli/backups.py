"""``zijing backup`` and ``zijing restore``: everything into one file, and back."""

from pathlib import Path

import click
from django.utils import timezone
from django.utils.translation import gettext

from zijing.cli.texts import _
from zijing.outbox import backup as backups
from zijing.outbox.backup import Manifest

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(help=_("Write everything to FILE while Zijing runs: data, files, the heads of the journals. No keys."))
@click.argument("file", type=FILE, metavar="FILE")
def backup(file: Path) -> None:
    manifest = backups.take(file.resolve(), at=timezone.now())
    facts = {"file": file, "rows": manifest.rows, "files": manifest.files}
    click.echo(gettext("Backed up to %(file)s: %(rows)d rows, %(files)d files.") % facts)
    _tell_heads(manifest)


@click.command(help=_("Bring everything back from FILE into an empty installation, checked before it counts."))
@click.argument("file", type=FILE, metavar="FILE")
@click.option("--force", is_flag=True, help=_("Put an SQLite installation that stands here aside first."))
@click.option("--dry-run", is_flag=True, help=_("Only check that every part of the file is whole."))
def restore(file: Path, force: bool, dry_run: bool) -> None:
    if dry_run:
        manifest = backups.examine(file)
    else:
        restored = backups.restore(file, at=timezone.now(), force=force)
        manifest = restored.manifest
        if restored.put_aside:
            click.echo(gettext("What stood here before is in %(folder)s.") % {"folder": restored.put_aside})
    facts = {"rows": manifest.rows, "files": manifest.files, "at": manifest.taken_at}
    text = gettext("Whole: %(rows)d rows, %(files)d files, taken at %(at)s.") if dry_run else gettext(
        "Restored and checked: %(rows)d rows, %(files)d files, taken at %(at)s."
    )  # fmt: skip
    click.echo(text % facts)
    if not manifest.key_fits:
        text = gettext(
            "Personal fields are sealed with key %(key)s, not the one here: put its file field-key into place."
        )
        click.echo(text % {"key": manifest.key}, err=True)
    _tell_heads(manifest)


def _tell_heads(manifest: Manifest) -> None:
    """The anchor outside the database: note it, and compare it when the backup comes back."""
    for head in manifest.anchors:
        facts = {"name": head.name, "code": head.code, "n": head.seq, "head": head.digest}
        click.echo(gettext("%(name)s (%(code)s): %(n)d entries, head %(head)s") % facts)
