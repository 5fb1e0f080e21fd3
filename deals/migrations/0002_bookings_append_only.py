"""Bookings are never changed or deleted: the database refuses it."""

from django.db import migrations

from core import appendonly


def protect(apps, schema_editor):
    appendonly.protect(schema_editor, "deals_booking")


def lift(apps, schema_editor):
    appendonly.lift(schema_editor, "deals_booking")


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial")]
    operations = [migrations.RunPython(protect, lift)]
