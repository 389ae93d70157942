"""Whether what the office runs on answers."""

from django.db import connection


def answers() -> None:
    """Ask the database the least there is to ask; raises Django's ``OperationalError`` when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
