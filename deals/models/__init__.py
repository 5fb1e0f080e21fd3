"""Deal registrations and all that hangs on them: checks, protections, bookings, go-lives."""

from deals.models.appeals import Appeal
from deals.models.bookings import Booking
from deals.models.conditions import Condition
from deals.models.conflicts import ConflictCandidate, ConflictCheck, ConflictFactor, ConflictRules, DealKey
from deals.models.direct import BlockedAccount, DirectAccount, DirectOpportunity, SegmentPolicy
from deals.models.implementations import Implementation
from deals.models.protections import Extension, Protection, ProtectionLength
from deals.models.registrations import USER, Deal, DealType, Stage

__all__ = [
    "BlockedAccount",
    "DirectAccount",
    "DirectOpportunity",
    "SegmentPolicy",
    "Appeal",
    "Booking",
    "Condition",
    "ConflictCandidate",
    "ConflictCheck",
    "ConflictFactor",
    "ConflictRules",
    "Deal",
    "DealKey",
    "DealType",
    "Extension",
    "Implementation",
    "Protection",
    "ProtectionLength",
    "Stage",
    "USER",
]
