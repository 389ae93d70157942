"""``zijing setup``, ``migrate``, ``manage`` and ``version``: getting a database and its pages ready."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import click
import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command, execute_from_command_line
from django.utils import timezone
from django.utils.translation import gettext

from zijing import __version__
from zijing.cli.texts import _
from zijing.core.errors import Invalid
from zijing.core.statics import HashedFiles
from zijing.places.models import Place

STAMP = "collected"


@click.command(help=_("Bring the database to the present version."))
def migrate() -> None:
    from zijing.figures.actions import put_declared

    call_command("migrate", interactive=False, verbosity=0)
    put_declared(timezone.now())


@click.command(help=_("Get ready to serve: database, static files and, in demo mode, the demo office."))
@click.pass_context
def setup(ctx: click.Context) -> None:
    ctx.invoke(migrate)
    collect_static()
    if settings.DEMO:
        ensure_demo(lambda: _build_demo(ctx))


def ensure_demo(build: Callable[[], None]) -> None:
    """Build the demo office if there is no office; ``Invalid`` when an earlier start was stopped amid it."""
    unfinished = settings.DATA / "demo-unfinished"
    if not Place.objects.offices().exists():
        unfinished.touch()
        build()
        unfinished.unlink()
    elif unfinished.exists():
        raise Invalid(gettext("The demo office was left half built. Begin again with: ./run --reset"))


def _build_demo(ctx: click.Context) -> None:
    everything = ctx.find_root().command
    demo = everything.get_command(ctx, "demo") if isinstance(everything, click.Group) else None
    build = demo.get_command(ctx, "build") if isinstance(demo, click.Group) else None
    if build is not None:
        ctx.invoke(build)


def collect_static() -> bool:
    """Copy, hash and compress the static files if any of them has changed since last time; whether that was needed."""
    root = Path(settings.STATIC_ROOT)
    wanted = sources_digest()
    stamp = root / STAMP
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return False
    root.mkdir(parents=True, exist_ok=True)
    command = CollectStatic()
    # Settings choose the manifest only once there is one; this makes it.
    command.storage = HashedFiles(location=root, base_url=settings.STATIC_URL)
    call_command(command, interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted)
    return True


def sources_digest() -> str:
    """A digest of the names, sizes and times of every static source file."""
    facts = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            facts.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return facts.hexdigest()


@click.command(
    help=_("Django's own management commands."),
    add_help_option=False,
    context_settings={"ignore_unknown_options": True},
)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def manage(args: tuple[str, ...]) -> None:
    execute_from_command_line(["zijing manage", *args])


@click.command(help=_("Say the version."))
def version() -> None:
    python = ".".join(str(n) for n in sys.version_info[:3])
    click.echo(gettext("Zijing %(version)s, Python %(python)s, Django %(django)s") % {
        "version": __version__, "python": python, "django": django.get_version(),
    })  # fmt: skip
