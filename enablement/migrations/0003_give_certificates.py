"""Each certification that is there has its certificate, and counts from the day on which it was passed."""

from django.db import migrations
from django.db.models import F


def give(apps, schema_editor):
    Certificate = apps.get_model("enablement", "Certificate")
    Certification = apps.get_model("enablement", "Certification")
    Certification.objects.filter(counts_from=None).update(counts_from=F("passed_on"))
    for row in Certification.objects.filter(certificate=None).select_related("contact").iterator():
        row.certificate = Certificate.objects.create(user_id=row.contact.user_id, created_at=row.created_at)
        row.save(update_fields=["certificate"])


class Migration(migrations.Migration):
    dependencies = [("enablement", "0002_certificates"), ("partners", "0001_initial")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
