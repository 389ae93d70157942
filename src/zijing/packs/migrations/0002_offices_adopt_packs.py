# What each office has of the packs: read back from the journal, which says since when.

import django.db.models.deletion
from django.db import migrations, models


def read_back(apps, schema_editor):
    Applied, Adoption = apps.get_model("packs", "Applied"), apps.get_model("packs", "Adoption")
    Entry = apps.get_model("journal", "JournalEntry")
    Place = apps.get_model("places", "Place")
    offices = set(Place.objects.values_list("pk", flat=True))
    for pack in Applied.objects.all():
        noted = Entry.objects.filter(verb="packs.apply", subject_type="packs.applied", subject_id=pack.pk)
        latest = {entry.office: entry for entry in noted.order_by("office", "seq")}
        for office, entry in latest.items():
            if office in offices:
                Adoption.objects.create(
                    pack=pack, office_id=office, edition=entry.changes["edition"][1],
                    digest=entry.changes["digest"][1], adopted_at=entry.happened_at,
                )


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_journal_is_append_only'),
        ('packs', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('adopted_at', models.DateTimeField()),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.place')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='packs.applied')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pack', 'office'), name='one_adoption_per_office')],
            },
        ),
        migrations.RunPython(read_back, migrations.RunPython.noop),
    ]
