from django.db import migrations

# Documents are the content; the index holds only which word stands in which document. Triggers keep it in line.
SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        words, content='search_document', content_rowid='id', detail='none', columnsize=0, prefix='1 2 3',
        tokenize="unicode61 remove_diacritics 0"
    )""",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
        INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END""",
    """CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN
        INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words); END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE OF words ON search_document
        WHEN old.words <> new.words BEGIN
        INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO search_words (rowid, words) VALUES (new.id, new.words); END""",
)
POSTGRES = (
    """ALTER TABLE search_document ADD COLUMN vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX search_document_vector ON search_document USING gin (vector)",
)


def forwards(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for sql in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
            cursor.execute(sql)


def backwards(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            for event in ("added", "removed", "changed"):
                cursor.execute(f"DROP TRIGGER search_document_{event}")
            cursor.execute("DROP TABLE search_words")
        else:
            cursor.execute("ALTER TABLE search_document DROP COLUMN vector")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
