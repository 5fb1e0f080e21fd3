from django.db import migrations

from core import appendonly


def forwards(apps, schema_editor):
    appendonly.protect(schema_editor, "tiers_evaluation")


def backwards(apps, schema_editor):
    appendonly.lift(schema_editor, "tiers_evaluation")


class Migration(migrations.Migration):
    """Evaluations are never changed or deleted."""

    dependencies = [("tiers", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
