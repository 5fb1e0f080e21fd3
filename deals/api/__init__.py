"""Registrations and all that hangs on them over the API: the same actions as the pages."""

from deals.api.appeals import AppealViewSet
from deals.api.bookings import BookingViewSet
from deals.api.conditions import ConditionViewSet
from deals.api.conflicts import ConflictCheckViewSet
from deals.api.engagement import EngagementRulesViewSet
from deals.api.implementations import ImplementationViewSet, PublicAnswers
from deals.api.protections import ExtensionViewSet, ProtectionLengthViewSet, ProtectionViewSet
from deals.api.registrations import DealTypeViewSet, DealViewSet, StageViewSet
from deals.api.review import DealNoteViewSet

__all__ = [
    "AppealViewSet",
    "BookingViewSet",
    "ConditionViewSet",
    "ConflictCheckViewSet",
    "DealNoteViewSet",
    "DealTypeViewSet",
    "DealViewSet",
    "EngagementRulesViewSet",
    "ExtensionViewSet",
    "ImplementationViewSet",
    "ProtectionLengthViewSet",
    "ProtectionViewSet",
    "PublicAnswers",
    "StageViewSet",
]
