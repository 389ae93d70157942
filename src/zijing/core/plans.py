"""A word to the database's planner, where it cannot know what we do."""

from typing import Any

from django.db import connection
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan


class Passing(Func):
    """A column that SQLite tests in passing and never looks up by.

    SQLite takes most comparisons for rare ones, and would gather and sort a million rows by an index on it, where
    reading in the order wanted finds the first hundred at once. PostgreSQL knows better.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


def passing_under(prefix: str, field: str = "path") -> Q:
    """Like ``places.models.under``, tested in passing."""
    column = Passing(F(field))
    return Q(GreaterThanOrEqual(column, prefix)) & Q(LessThan(column, prefix[:-1] + "0"))


def passing(field: str, value: Any) -> Q:
    """The condition that ``field`` is ``value``, tested in passing."""
    return Q(Exact(Passing(F(field)), value))


def take_samples() -> None:
    """Let SQLite know how many rows share a value in each index, from samples: a tenth of a second at most.

    A smaller sample takes a kind of a million for a thousand rows, and walks it for the few that are open.
    PostgreSQL does it by itself. Connections opened from now on plan by it.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 20000")
            cursor.execute("ANALYZE")
