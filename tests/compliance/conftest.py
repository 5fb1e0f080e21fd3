"""Gates for the tests of compliance."""

from __future__ import annotations

import pytest

from catalog.models import ReasonCode
from compliance.models import Gate
from core.saving import save

GATES = {
    "compliance_training": 12,
    "security_assessment": 12,
    "technical_competency": 24,
    "customer_reference": 24,
}


@pytest.fixture
def gates(program) -> dict[str, Gate]:
    save(ReasonCode(domain="gate_revocation", code="entered_in_error", label="Entered in error"))
    save(ReasonCode(domain="gate_revocation", code="other", label="Other", requires_comment=True))
    return {
        code: save(
            Gate(
                code=code, name=code.replace("_", " ").capitalize(), validity_months=months, evidence="Report"
            )
        )
        for code, months in GATES.items()
    }
