"""When the database cannot be written or reached: what that means for who was at work, and when to try again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from zijing.core.errors import DomainError

# What databases say when there is no room. SQLite calls a file that may not grow an I/O error; PostgreSQL names the
# file it could not extend.
FULL = ("disk is full", "no space left", "could not extend file", "disk i/o error", "file too large", "disk quota")
BUSY = ("locked", "lock timeout", "deadlock")
# What SQLite reports as operational although a statement is wrong: a fault of the program, not of the moment.
MISTAKES = ("no such", "syntax error", "too many", "has no column", "incomplete input", "ambiguous")
OUTAGES = (OperationalError, InterfaceError)
TRY_AGAIN = 10
logger = logging.getLogger(__name__)


class Unavailable(DomainError):
    """The database is busy or away: nothing was written, the same request may be sent again.

    ``retry_after`` is the number of seconds to wait (RFC 9110, 10.2.3).
    """

    status = 503
    retry_after = TRY_AGAIN


class Full(Unavailable):
    """There is no room to write; somebody has to make some (RFC 4918, 11.5)."""

    status = 507
    retry_after = 60


def is_outage(error: BaseException | None) -> bool:
    """Whether an error is the database's being away, busy or out of room, and not a mistake in a statement."""
    said = str(error).lower()
    if isinstance(error, DatabaseError) and any(sign in said for sign in FULL):
        return True
    return isinstance(error, OUTAGES) and not any(sign in said for sign in MISTAKES)


def outage(error: BaseException) -> Unavailable:
    """A failure of the database as a refusal that says what became of the reader's work; the log says the rest."""
    logger.error("database: %s", str(error).strip())
    said = str(error).lower()
    if any(sign in said for sign in FULL):
        return Full(
            _("The server's disk takes no more (full, or failing): nothing was saved. Tell the operator, try again.")
        )
    if any(sign in said for sign in BUSY):
        return busy()
    return Unavailable(_("The database does not answer: nothing was saved. Try again in a minute."))


def busy() -> Unavailable:
    """The refusal of who has waited long enough for another writer."""
    return Unavailable(_("The database is busy with something else: nothing was saved. Try again in a minute."))


@contextmanager
def in_words() -> Iterator[None]:
    """Let a failure of the database inside leave as ``Unavailable``, so that a form keeps what was typed."""
    try:
        yield
    except DatabaseError as error:
        if is_outage(error):
            raise outage(error) from error
        raise
    except InterfaceError as error:
        raise outage(error) from error
