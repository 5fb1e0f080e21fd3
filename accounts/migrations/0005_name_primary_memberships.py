"""Whoever belongs to partners has the one where it has been longest as its primary one."""

from django.db import migrations


def name_the_first(apps, schema_editor):
    Membership = apps.get_model("accounts", "Membership")
    current = Membership.objects.filter(ended_at=None, partner__isnull=False).order_by("created_at", "pk")
    first = {}
    for key, user in current.values_list("pk", "user"):
        first.setdefault(user, key)
    Membership.objects.filter(pk__in=list(first.values())).update(is_primary=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_membership_primary")]

    operations = [migrations.RunPython(name_the_first, migrations.RunPython.noop)]
