"""Errors meant for the reader: each names the field, the rule and the way out, in the user's language."""

from typing import Any

from django.utils.functional import Promise

Text = str | Promise


class DomainError(Exception):
    """A refusal with a reason. ``status`` is the HTTP status a face answers with.

    ``message`` is a (lazily) translated sentence with ``%(name)s`` places filled from ``params``;
    ``field`` names the input it is about, if it is about one.
    """

    status = 422

    def __init__(self, message: Text, *, field: str = "", **params: Any) -> None:
        super().__init__(message)
        self.message, self.field, self.params = message, field, params

    def __str__(self) -> str:
        text = str(self.message)
        return text % {"field": self.field, **self.params} if self.params else text


class Invalid(DomainError):
    """The input breaks a rule; nothing was written."""


class Refused(DomainError):
    """The actor's post does not allow this."""

    status = 403


class Missing(DomainError):
    """There is no such record within the actor's sight."""

    status = 404


class Conflict(DomainError):
    """Somebody else was faster, or the record has moved on; reload and decide again."""

    status = 409


class Several(DomainError):
    """Several refusals at once, in the order of the input (a form, a row, a pack)."""

    def __init__(self, errors: list[DomainError]) -> None:
        super().__init__(errors[0].message if errors else "")
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(e) for e in self.errors)


class ByRow(Several):
    """Refusals of rows that were judged together, each with the position of its row (from 0)."""

    def __init__(self, rows: list[tuple[int, DomainError]]) -> None:
        super().__init__([error for _position, error in rows])
        self.rows = rows
