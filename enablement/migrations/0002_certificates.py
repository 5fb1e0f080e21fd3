import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
import enablement.codes


class Migration(migrations.Migration):
    dependencies = [
        ("enablement", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="track",
            name="level",
            field=models.CharField(
                choices=[
                    ("foundation", "Foundation"),
                    ("associate", "Associate"),
                    ("professional", "Professional"),
                    ("expert", "Expert"),
                ],
                default="foundation",
                max_length=12,
                verbose_name="level",
            ),
        ),
        migrations.AddField(
            model_name="track",
            name="recertification_days",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="days before its end to renew in"),
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("code", models.CharField(default=enablement.codes.new, editable=False, max_length=26, unique=True)),
                ("shown_since", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-created_at", "-id"]},
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_since", None), ("user__isnull", False), _connector="OR"),
                name="shown_certificate_has_person",
                violation_error_message="Only a person with an account can show a certificate.",
            ),
        ),
        migrations.AddField(
            model_name="certification",
            name="certificate",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certifications",
                to="enablement.certificate",
            ),
        ),
        migrations.AddField(
            model_name="certification", name="counts_from", field=models.DateField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="certification",
            name="counts_until",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
