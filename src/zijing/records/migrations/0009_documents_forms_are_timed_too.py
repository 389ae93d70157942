import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0003_watch_places'),
        ('records', '0008_how_long_forms_take'),
    ]

    operations = [
        migrations.AddField(
            model_name='filling',
            name='paper',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='filling',
            name='kind',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.kind'),
        ),
        migrations.AddConstraint(
            model_name='filling',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', None)), fields=('office', 'paper', 'day', 'seconds'), name='one_count_of_papers'),
        ),
    ]
