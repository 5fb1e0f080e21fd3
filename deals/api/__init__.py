"""Registrations and all that hangs on them over the API: the same actions as the pages."""

from deals.api.amendments import (
    AmendmentViewSet,
)
from deals.api.appeals import (
    AppealViewSet,
)
from deals.api.bookings import (
    BookingViewSet,
)
from deals.api.cases import (
    CasePartyViewSet,
    ConflictCaseViewSet,
)
from deals.api.conditions import (
    ConditionViewSet,
)
from deals.api.conflicts import (
    ConflictCheckViewSet,
    ConflictRulesViewSet,
)
from deals.api.credits import (
    DealCreditViewSet,
)
from deals.api.direct import (
    BlockedAccountViewSet,
    DirectAccountViewSet,
    DirectOpportunityViewSet,
    SegmentPolicyViewSet,
)
from deals.api.engagement import (
    EngagementRulesViewSet,
)
from deals.api.figures import (
    DealFigures,
    RevenueLenses,
)
from deals.api.implementations import (
    ImplementationViewSet,
    PublicAnswers,
)
from deals.api.imports import (
    DealImportRowViewSet,
    DealImportViewSet,
)
from deals.api.pipeline import (
    ForecastViewSet,
    PipelineViewSet,
)
from deals.api.protections import (
    ExtensionViewSet,
    ProtectionLengthViewSet,
    ProtectionViewSet,
)
from deals.api.registrations import (
    DealTypeViewSet,
    DealViewSet,
    StageViewSet,
)
from deals.api.review import (
    DealNoteViewSet,
)
from deals.api.transfers import (
    ConsentViewSet,
    TransferViewSet,
)

__all__ = [
    "BlockedAccountViewSet",
    "DirectAccountViewSet",
    "DirectOpportunityViewSet",
    "SegmentPolicyViewSet",
    "AmendmentViewSet",
    "AppealViewSet",
    "BookingViewSet",
    "CasePartyViewSet",
    "ConditionViewSet",
    "ConflictCaseViewSet",
    "ConflictCheckViewSet",
    "ConflictRulesViewSet",
    "ConsentViewSet",
    "DealCreditViewSet",
    "DealFigures",
    "DealImportRowViewSet",
    "DealImportViewSet",
    "DealNoteViewSet",
    "DealTypeViewSet",
    "DealViewSet",
    "EngagementRulesViewSet",
    "ExtensionViewSet",
    "ForecastViewSet",
    "ImplementationViewSet",
    "PipelineViewSet",
    "ProtectionLengthViewSet",
    "ProtectionViewSet",
    "PublicAnswers",
    "RevenueLenses",
    "StageViewSet",
    "TransferViewSet",
]
