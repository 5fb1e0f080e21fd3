from django.db import migrations

from core.appendonly import lift, protect

TABLES = ("events_event", "events_eventseal")


def forwards(apps, schema_editor):
    for table in TABLES:
        protect(schema_editor, table)


def backwards(apps, schema_editor):
    for table in TABLES:
        lift(schema_editor, table)


class Migration(migrations.Migration):
    """Events and seals are never changed or deleted."""

    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
