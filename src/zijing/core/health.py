"""Whether what the office runs on answers, and what to do when it does not."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import Invalid

# What the databases say in their words, and what an operator is to do. The first that fits counts.
SENTENCES = (
    (("malformed", "file is not a database", "database corruption"),
     _("The database %(file)s is damaged. Stop, and restore a backup: zijing restore FILE")),
    (("disk is full", "no space left", "could not extend file"),
     _("The disk is full. Nothing was written; make room and try again.")),
    (("connection refused", "connection failed", "could not connect", "could not translate host", "authentication",
      "server closed the connection", "terminating connection", "starting up", "shutting down"),
     _("The database does not answer: %(why)s")),
    (("unable to open database file", "readonly database", "read-only", "permission denied"),
     _("The database %(file)s cannot be opened or written. Check who owns it and its folder.")),
    (("no such table", "no such column", "does not exist", "has no column"),
     _("The database is not of the present version. Run: zijing migrate")),
    (("database is locked", "lock timeout", "deadlock detected"),
     _("The database is busy with something else. Try again in a minute.")),
)  # fmt: skip


def answers() -> None:
    """Ask the database the least there is to ask; raises Django's ``OperationalError`` when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def unapplied() -> list[str]:
    """The migrations the database still lacks, as ``app.name``; asks only, and makes no table."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def newer() -> list[str]:
    """The migrations the database has and this version does not know: it belongs to a newer version."""
    loader = MigrationExecutor(connection).loader
    ours = loader.migrated_apps
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in
                  loader.graph.nodes and not _replaced(loader.replacements, (app, name)))  # fmt: skip


def _replaced(replacements: object, key: tuple[str, str]) -> bool:
    return any(key in migration.replaces for migration in getattr(replacements, "values", list)())


def require_present_version() -> None:
    """``Invalid`` with the way out when the database is not of the version of this program."""
    if newer():
        raise Invalid(_("The database belongs to a newer version of Zijing. Install that version."))
    if unapplied():
        raise Invalid(_("The database is not of the present version. Run: zijing migrate"))


def sentence_for(error: DatabaseError) -> str:
    """What a database error means for an operator and the way out; "" when it is none of the known ones."""
    said = str(error)
    facts = {"file": settings.DATABASES["default"]["NAME"], "why": said.strip().partition("\n")[0]}
    for signs, sentence in SENTENCES:
        if any(sign in said.lower() for sign in signs):
            return str(sentence) % facts
    return ""
