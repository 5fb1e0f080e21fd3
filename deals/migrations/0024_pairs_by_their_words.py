"""Business of our own sales that is not recorded was one side, the same one, of every case; now its words stand for it."""

from django.db import migrations

from deals.case_rules import key_of_words


def name_by_words(apps, schema_editor) -> None:
    cases = apps.get_model("deals", "ConflictCase").objects.filter(pair__contains="direct")
    for case in cases.prefetch_related("parties"):
        words = next((party.direct_text for party in case.parties.all() if party.direct_text), "")
        deal = case.pair.replace("direct", "").strip(":")
        case.pair = ":".join(sorted([deal, str(key_of_words(words))]))
        case.save(update_fields=["pair"])


class Migration(migrations.Migration):

    dependencies = [
        ("deals", "0023_decisions_name_rule_and_version"),
    ]

    # Backwards nothing is undone: a pair by its words is a pair there too.
    operations = [
        migrations.RunPython(name_by_words, migrations.RunPython.noop),
    ]
