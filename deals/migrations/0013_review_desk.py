"""Who looks at a registration; notes, which the database refuses to change; versions of the rules of engagement."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
from core import appendonly


def protect(apps, schema_editor):
    appendonly.protect(schema_editor, "deals_dealnote")


def lift(apps, schema_editor):
    appendonly.lift(schema_editor, "deals_dealnote")


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0012_transfers_and_amendments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deal',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deal',
            name='decided_rule',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.CreateModel(
            name='EngagementRules',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveSmallIntegerField(editable=False, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('sections', models.JSONField(default=list)),
                ('changes', models.TextField(blank=True, max_length=1000, verbose_name='what changes')),
                ('is_adverse', models.BooleanField(default=True, verbose_name='may be worse for partners')),
                ('because', models.CharField(blank=True, max_length=300, verbose_name='why it is not worse for partners')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('announced', 'Announced'), ('active', 'Active'), ('superseded', 'Superseded'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('effective_on', models.DateField(blank=True, null=True)),
                ('activated_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddField(
            model_name='deal',
            name='engagement_rules',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='deals.engagementrules'),
        ),
        migrations.CreateModel(
            name='DealNote',
            fields=[
                ('id', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('text', models.TextField(max_length=2000, verbose_name='note')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='deals.deal')),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['deal', '-created_at'], name='note_deal')],
            },
        ),
        migrations.AddConstraint(
            model_name='engagementrules',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('state',), name='one_version_in_force', violation_error_message='Another version is in force.'),
        ),
        migrations.AddConstraint(
            model_name='engagementrules',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('announced', 'active', 'superseded')), _negated=True), models.Q(('announced_at__isnull', False), ('effective_on__isnull', False)), _connector='OR'), name='announced_rules_have_day', violation_error_message='Announced rules have the day from which they hold.'),
        ),
        migrations.AddConstraint(
            model_name='engagementrules',
            constraint=models.CheckConstraint(condition=models.Q(('is_adverse', True), models.Q(('because', ''), _negated=True), _connector='OR'), name='rules_that_need_no_notice_say_why', violation_error_message='Say why the change is not worse for partners.'),
        ),
        migrations.RunPython(protect, lift),
    ]
