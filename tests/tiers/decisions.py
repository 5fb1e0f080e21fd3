"""A program in which people decide: Gold needs a decision, and so does the fall after a grace period."""

from __future__ import annotations

from datetime import date

from enablement.actions import revoke_certification
from enablement.models import Certification
from partners.models import Partner
from tests.enablement.factories import certify
from tests.tiers.factories import content, make_draft, put_in_force
from tiers.models import Requirement, Standing, Tier


def decided_content() -> dict:
    made = content()
    made["tiers"]["gold"]["upgrade"] = "decision"
    made["settings"]["downgrade_policy"] = "decision"
    return made


def put_decisions_in_force(system, at):
    """A second version of the program, in which people decide."""
    return put_in_force(make_draft(decided_content()), at)


def certify_two(partner: Partner, tracks: dict, hire) -> None:
    certify(hire(partner, "Dana"), tracks["sales"], date(2026, 1, 5))
    certify(hire(partner, "Luis"), tracks["platform"], date(2026, 1, 5))


def lose_a_seller(partner: Partner, system, at) -> None:
    held = Certification.objects.get(contact__partner=partner, track__code="sales", revoked_on=None)
    revoke_certification(by=system, certification=held, reason_code="left_company", at=at)


def tier_named(code: str) -> Tier:
    return Tier.objects.get(program_version__state="active", code=code)


def asked_of(tier: str, key: str) -> Requirement:
    return Requirement.objects.get(tier=tier_named(tier), key=key)


def held_by(partner: Partner) -> str:
    found = Standing.objects.open().filter(partner=partner).select_related("tier").first()
    return found.tier.code if found else ""
