"""The index's place in each journal is a bookmark of the journal's, like any follower's."""

from django.db import migrations


def copy(apps, _schema_editor):
    bookmark, position = apps.get_model("journal", "Bookmark"), apps.get_model("search", "Position")
    bookmark.objects.bulk_create(
        bookmark(reader="search", office=p.office, seq=p.seq) for p in position.objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0003_words_say_who_they_are_given_to"),
        ("journal", "0003_followers_have_bookmarks"),
    ]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop), migrations.DeleteModel("Position")]
