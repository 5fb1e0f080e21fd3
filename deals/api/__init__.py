"""Registrations and all that hangs on them over the API: the same actions as the pages."""

from deals.api.appeals import AppealViewSet
from deals.api.bookings import BookingViewSet
from deals.api.conditions import ConditionViewSet
from deals.api.conflicts import ConflictCheckViewSet
from deals.api.direct import (
    BlockedAccountViewSet,
    DirectAccountViewSet,
    DirectOpportunityViewSet,
    SegmentPolicyViewSet,
)
from deals.api.implementations import ImplementationViewSet, PublicAnswers
from deals.api.protections import ExtensionViewSet, ProtectionLengthViewSet, ProtectionViewSet
from deals.api.registrations import DealTypeViewSet, DealViewSet, StageViewSet

__all__ = [
    "BlockedAccountViewSet",
    "DirectAccountViewSet",
    "DirectOpportunityViewSet",
    "SegmentPolicyViewSet",
    "AppealViewSet",
    "BookingViewSet",
    "ConditionViewSet",
    "ConflictCheckViewSet",
    "DealTypeViewSet",
    "DealViewSet",
    "ExtensionViewSet",
    "ImplementationViewSet",
    "ProtectionLengthViewSet",
    "ProtectionViewSet",
    "PublicAnswers",
    "StageViewSet",
]
