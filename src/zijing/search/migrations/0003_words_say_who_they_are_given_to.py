from django.db import migrations

# The index is thrown away and read anew: its words say from now on to whom a record is given. Beginnings of up to six
# letters are kept apart, so that initials as common as "jgqs" are read from one list.
EMPTY = ("DELETE FROM search_position", "DELETE FROM search_document")
SQLITE = (
    "DROP TABLE search_words",
    """CREATE VIRTUAL TABLE search_words USING fts5(
        words, content='search_document', content_rowid='id', detail='none', columnsize=0, prefix='{prefix}',
        tokenize="unicode61 remove_diacritics 0"
    )""",
)


def _anew(schema_editor, prefix):
    with schema_editor.connection.cursor() as cursor:
        for sql in EMPTY + (SQLITE if schema_editor.connection.vendor == "sqlite" else ()):
            cursor.execute(sql.format(prefix=prefix))


def forwards(_apps, schema_editor):
    _anew(schema_editor, "1 2 3 4 5 6")


def backwards(_apps, schema_editor):
    _anew(schema_editor, "1 2 3")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words_are_indexed")]

    operations = [migrations.RunPython(forwards, backwards)]
