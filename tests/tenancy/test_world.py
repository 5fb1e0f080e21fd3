"""The world is full enough: what the matrix looks for could be found, and every kind has something to be refused."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F

from core.scoping import tenant_of
from tests.tenancy import oracles
from tests.tenancy.matrix import all_doors
from tests.tenancy.world import CANARY

pytestmark = pytest.mark.django_db

# Texts that are codes, names of machinery, hashes, or of a reference table: nobody types them.
NOT_TYPED = {
    "state", "kind", "type", "code", "reason", "currency", "time_zone", "quarter", "source", "origin", "role",
    "number", "version", "fingerprint", "seal", "digest", "prefix", "path", "sha256", "content_type", "size",
    "subject_model", "subject_kind", "actor_kind", "request_id", "url", "engine", "action", "colour", "metric",
    "template_code", "template_name", "stage", "side", "completed_by", "letter", "key", "conflict_verdict", "verdict",
    "state_reason", "tier_code", "tier_name", "eligible_code", "held_code", "at_risk_metric", "cancel_reason",
    "then_code",
    "revocation_reason", "rule_version", "program_currency", "customer_domain", "customer_website", "website",
    "email", "contact_email", "help_wanted", "procurement_route", "because", "outcome_code", "mine", "recognised_by",
    "language", "offer_reason", "reference_facts", "decided_rule", "precedence", "encoding", "delimiter", "error",
    "customer_key", "refusal", "theme", "password", "country", "customer_country", "page", "query", "theirs",
    "withdrawal_reason",
}  # fmt: skip
# Texts that only a further step of a row's life fills in; each leads to the same pages as its neighbours.
LATER = {
    ("compliance.GateRecord", "revocation_comment"), ("enablement.Certification", "revocation_comment"),
    ("deals.Implementation", "note"), ("deals.Implementation", "accepted_by"), ("reviews.Commitment", "outcome"),
    ("leads.Candidate", "note"), ("deals.Deal", "origin_number"),
    ("deals.CaseParty", "direct_text"), ("deals.CaseParty", "words"),
    ("tiers.Grace", "outcome"), ("tiers.MarginDecision", "band"), ("partners.Partner", "state_comment"),
}  # fmt: skip


def typed_fields():
    for model in apps.get_models():
        if oracles.is_of_partner(model):
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                if is_text and field.name not in NOT_TYPED and (model._meta.label, field.name) not in LATER:
                    yield model, field


def test_every_text_of_b_holds_the_canary(world):
    partner = world.partners["B"]
    fields = list(typed_fields())
    without = []
    for model, field in fields:
        rows = model._default_manager.filter(**{tenant_of(model).path: partner.pk})
        found = rows.filter(**{f"{field.name}__icontains": CANARY}) if rows.exists() else None
        if found is not None and not found.exists():
            without.append(f"{model._meta.label}.{field.name}")

    assert len(fields) > 30
    assert without == []


def test_every_kind_of_object_exists_for_a_and_for_b(world):
    kinds = {door.row.of for door in all_doors() if door.row.of}
    one_sided = []
    for kind in kinds:
        owners = set(world.objects[kind])
        of_nobody = owners and all(
            o in ("vendor", "shared", "hidden") or o.startswith("vendor:") for o in owners
        )
        personal = {owner for owner in owners if owner.startswith("user:")}
        if not ({"A", "B"} <= owners or of_nobody or personal):
            one_sided.append((kind, owners))

    assert len(kinds) > 35
    assert one_sided == []


def test_b_reads_its_own_canary_wherever_a_must_not(world, people):
    """What is absent for A could have been there: the same addresses show it to B."""
    shown = set()
    for door in all_doors():
        if door.method != "get" or door.side == "workspace":
            continue
        who = people["B_admin"] if door.side == "portal" else people["key B_write"]
        ids = world.of(door.row.of, "B")[:1] if door.row.of else [""]
        for pk in ids:
            response = who.client.get(door.address(str(pk)))
            if response.status_code == 200 and oracles.leaks(
                world, oracles.content_of(response), asked=str(pk)
            ):
                shown.add(door.key)

    assert {"portal:deals", "portal:deal", "portal:home", "portal:team", "portal:people", "portal:reviews",
            "portal:onboarding", "portal:gates", "api:deals-list.list", "api:contacts-list.list",
            "api:events-list.list", "api:attachments-list.list"} <= shown  # fmt: skip
    assert len(shown) > 45


def test_links_between_partners_are_none_but_the_named(world):
    assert oracles.crossings() == []
    names = {
        f"{model._meta.label}.{field.name}"
        for model, field, _own, _theirs in oracles.links_between_partners()
    }

    assert "deals.ConflictCandidate.deal" in names and "deals.Deal.duplicate_of" in names
    assert len(names) > 8


def test_a_crossing_link_would_be_found(world):
    deal_a, deal_b = world.rows["duplicate_A"], world.rows["submitted_B"]

    type(deal_a)._default_manager.filter(pk=deal_a.pk).update(duplicate_of=deal_b)

    assert any("duplicate_of" in found for found in oracles.crossings())


def test_a_change_to_b_would_be_found(world):
    before = oracles.fingerprint(world)

    deal = world.rows["submitted_B"]
    type(deal)._default_manager.filter(pk=deal.pk).update(version=F("version") + 1)

    assert oracles.fingerprint(world) != before
    assert oracles.changed(world, before, {"deals_deal", "core_mail"}) == ["deals_deal"]
    assert oracles.changed(world, before, {"core_mail"}) == []
