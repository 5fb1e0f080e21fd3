"""The rule that decides a case belongs to a version of the rules of engagement."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0020_existing_customers'),
    ]

    operations = [
        migrations.AddField(
            model_name='conflictcase',
            name='engagement_rules',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conflict_cases', to='deals.engagementrules'),
        ),
        migrations.AddField(
            model_name='conflictcase',
            name='rule_title',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name='conflictcase',
            name='rule',
            field=models.CharField(blank=True, max_length=40, verbose_name='rule'),
        ),
    ]
