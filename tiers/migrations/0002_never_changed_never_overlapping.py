from django.db import migrations

from core import appendonly, overlaps


def forwards(apps, schema_editor):
    appendonly.protect(schema_editor, "tiers_evaluation")


def backwards(apps, schema_editor):
    appendonly.lift(schema_editor, "tiers_evaluation")


class Migration(migrations.Migration):
    """Evaluations are never changed or deleted; two standings of a partner in a program never overlap."""

    dependencies = [("tiers", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.RunPython(
            *overlaps.forbidden("tiers_standing", ("partner_id", "program_id"), "starts_on", "ends_on")
        ),
    ]
