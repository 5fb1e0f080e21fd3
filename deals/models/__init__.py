"""Deal registrations and all that hangs on them: checks, protections, bookings, go-lives."""

from deals.models.amendments import (
    Amendment,
)
from deals.models.appeals import (
    Appeal,
)
from deals.models.bookings import (
    Booking,
)
from deals.models.cases import (
    CaseEvidence,
    CaseParty,
    ConflictCase,
)
from deals.models.conditions import (
    Condition,
)
from deals.models.conflicts import (
    ConflictCandidate,
    ConflictCheck,
    ConflictFactor,
    ConflictRules,
    DealKey,
)
from deals.models.credits import (
    DealCredit,
)
from deals.models.direct import (
    BlockedAccount,
    DirectAccount,
    DirectOpportunity,
    SegmentPolicy,
)
from deals.models.engagement import (
    EngagementRules,
)
from deals.models.implementations import (
    Implementation,
)
from deals.models.imports import (
    DealImport,
    DealImportRow,
)
from deals.models.notes import (
    DealNote,
)
from deals.models.protections import (
    Extension,
    Protection,
    ProtectionLength,
)
from deals.models.registrations import (
    USER,
    Deal,
    DealType,
    Stage,
)
from deals.models.transfers import (
    Consent,
    Transfer,
)

__all__ = [
    "ConflictCandidate",
    "ConflictRules",
    "DealKey",
    "BlockedAccount",
    "DirectAccount",
    "DirectOpportunity",
    "SegmentPolicy",
    "Amendment",
    "Appeal",
    "Booking",
    "CaseEvidence",
    "CaseParty",
    "Condition",
    "ConflictCase",
    "ConflictCheck",
    "ConflictFactor",
    "Consent",
    "Deal",
    "DealCredit",
    "DealImport",
    "DealImportRow",
    "DealNote",
    "DealType",
    "EngagementRules",
    "Extension",
    "Implementation",
    "Protection",
    "ProtectionLength",
    "Stage",
    "Transfer",
    "USER",
]
