"""Deal registrations and all that hangs on them: checks, protections, bookings, go-lives."""

from deals.models.appeals import Appeal
from deals.models.bookings import Booking
from deals.models.conditions import Condition
from deals.models.conflicts import ConflictCheck, ConflictFactor
from deals.models.implementations import Implementation
from deals.models.imports import DealImport, DealImportRow
from deals.models.protections import Extension, Protection, ProtectionLength
from deals.models.registrations import USER, Deal, DealType, Stage

__all__ = [
    "Appeal",
    "Booking",
    "Condition",
    "ConflictCheck",
    "ConflictFactor",
    "Deal",
    "DealImport",
    "DealImportRow",
    "DealType",
    "Extension",
    "Implementation",
    "Protection",
    "ProtectionLength",
    "Stage",
    "USER",
]
