"""An evaluation has one index that begins with its partner, not two; and a position finds room beside itself.

The index goes by its name: on SQLite a changed field makes the table anew, and its triggers, which refuse every change
of an evaluation, would be lost.
"""

import django.db.models.deletion
from django.db import migrations, models


def leave_room(apps, schema_editor):
    """A row that is changed on its own page needs no new entry in any index (PostgreSQL)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE tiers_position SET (fillfactor = 70)")


def fill_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE tiers_position RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("tiers", "0005_runs_name_their_version")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="evaluation",
                    name="partner",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="partners.partner",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX tiers_evaluation_partner_id_0e9ad058",
                    "CREATE INDEX tiers_evaluation_partner_id_0e9ad058 ON tiers_evaluation (partner_id)",
                ),
            ],
        ),
        migrations.RunPython(leave_room, fill_up),
    ]
