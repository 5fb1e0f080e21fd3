"""The six rules by which cases were decided stood in the code; every version so far says them itself from now on.

Two of them are rules that the program's file had anyway, under another code. Each case gets the version that held
when its later registration was sent, and the title of its rule.
"""

from django.db import migrations

# Code in the code → code in the file. Where a version has the second, it decides cases too.
SAME = {"earlier_submission": "first_complete", "existing_customer": "existing_customers"}
SAID = {
    "existing_customer": ("Whoever serves the customer already goes first", "A customer is kept by whoever serves it."),
    "earlier_submission": (
        "The earlier complete registration goes first", "Whoever was the first to send a complete registration goes first.",
    ),
    "stronger_evidence": (
        "The stronger evidence goes first",
        "What each side shows of its work there is weighed; dated minutes and mails of the customer weigh most.",
    ),
    "direct_account": (
        "Direct accounts stay with our own sales",
        "A customer on the published list of direct accounts is served by our own sales.",
    ),
    "agreement": ("Both sides agreed", "What both sides agree to holds, a split of the credit too."),
    "exception": (
        "An exception, with its reasons",
        "Where no other rule fits, whoever decides says why. An exception is no precedent for the next case.",
    ),
}  # fmt: skip
DECIDES = "decide_case"


def with_case_rules(sections: list[dict]) -> list[dict]:
    known = {section["code"] for section in sections}
    code_of = {code: SAME[code] if SAME.get(code) in known else code for code in SAID}
    marked = [
        {**section, "decides": [*section.get("decides", ()), DECIDES]} if section["code"] in code_of.values() else section
        for section in sections
    ]  # fmt: skip
    added = [
        {"code": code, "title": title, "text": text, "decides": [DECIDES]}
        for code, (title, text) in SAID.items() if code_of[code] not in known
    ]  # fmt: skip
    return [*marked, *added]


def without_case_rules(sections: list[dict]) -> list[dict]:
    kept = [section for section in sections if not (section["code"] in SAID and section["decides"] == [DECIDES])]
    return [{**section, "decides": [what for what in section["decides"] if what != DECIDES]} for section in kept]


def add_rules(apps, schema_editor) -> None:
    EngagementRules = apps.get_model("deals", "EngagementRules")
    for version in EngagementRules.objects.all():
        version.sections = with_case_rules(version.sections)
        version.save(update_fields=["sections"])
    name_versions(apps.get_model("deals", "ConflictCase"), EngagementRules)


def name_versions(cases, versions) -> None:
    held = versions.objects.filter(state="active").first()
    for case in cases.objects.prefetch_related("parties__deal__engagement_rules"):
        deals = [party.deal for party in case.parties.all() if party.deal and party.deal.engagement_rules]
        sent = max((deal.engagement_rules for deal in deals), key=lambda version: version.number, default=held)
        titles = {section["code"]: section["title"] for section in sent.sections} if sent else {}
        if case.rule:
            same = SAME.get(case.rule, "")
            case.rule = same if same in titles else case.rule
            case.rule_title = titles.get(case.rule) or SAID[case.rule][0]
        case.engagement_rules = sent
        case.save(update_fields=["engagement_rules", "rule", "rule_title"])


def take_rules_back(apps, schema_editor) -> None:
    back = {code: said for said, code in SAME.items()}
    for case in apps.get_model("deals", "ConflictCase").objects.exclude(rule=""):
        case.rule = back.get(case.rule, case.rule)
        case.save(update_fields=["rule"])
    for version in apps.get_model("deals", "EngagementRules").objects.all():
        version.sections = without_case_rules(version.sections)
        version.save(update_fields=["sections"])


class Migration(migrations.Migration):

    dependencies = [
        ("deals", "0021_case_rules_are_versioned"),
    ]

    operations = [
        migrations.RunPython(add_rules, take_rules_back),
    ]
