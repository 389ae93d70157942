"""Assignments are found by their holder and place: what lies outside a post's own area is one step away."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_accounts_belong_to_offices'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='assignment',
            name='assignment_of_post',
        ),
        migrations.RemoveIndex(
            model_name='assignment',
            name='assignment_of_unit',
        ),
        migrations.AlterField(
            model_name='assignment',
            name='post',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='people.post'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='people.unit'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('post__isnull', False)), fields=['post', 'path', 'subject_type', 'subject_id'], name='assignment_given_post'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('unit__isnull', False)), fields=['unit', 'path', 'subject_type', 'subject_id'], name='assignment_given_unit'),
        ),
    ]
