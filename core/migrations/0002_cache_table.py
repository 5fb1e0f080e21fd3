from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor):
    call_command("createcachetable", "core_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """The table of the database cache, used where there is no Redis."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
