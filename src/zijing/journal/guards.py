"""Database triggers that refuse UPDATE and DELETE (and TRUNCATE) on an append-only table, per database."""

from typing import Any

SQLITE = """
CREATE TRIGGER {table}_no_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
POSTGRES = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
"""


def guard(table: str) -> Any:
    """A migration function (for ``RunPython``) that makes ``table`` append-only."""

    def forwards(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "sqlite":
                for event in ("UPDATE", "DELETE"):
                    cursor.execute(SQLITE.format(table=table, event=event))
            else:
                cursor.execute(POSTGRES_FUNCTION.format(table=table))
                cursor.execute(POSTGRES.format(table=table))

    return forwards


def unguard(table: str) -> Any:
    """The reverse of ``guard``."""

    def backwards(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "sqlite":
                for event in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{event}")
            else:
                cursor.execute(f"DROP FUNCTION {table}_refuse() CASCADE")

    return backwards
