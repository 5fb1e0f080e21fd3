"""Registrations, appeals, protections, checks, bookings and go-lives as the API reads and writes them.

What a partner reads never names another partner, nor an organization that it may not know."""

from deals.serializers.appeals import (
    AppealSerializer,
    DismissAppealSerializer,
    FileAppealSerializer,
    PortalAppealSerializer,
    UpholdAppealSerializer,
)
from deals.serializers.bookings import BookingSerializer, BookSerializer, CorrectBookingSerializer
from deals.serializers.conditions import (
    AnswerConditionSerializer,
    ApproveWithConditionsSerializer,
    ConditionSerializer,
    MeetConditionsSerializer,
    PortalConditionSerializer,
)
from deals.serializers.conflicts import (
    CandidateSerializer,
    ConflictCheckSerializer,
    FactorSerializer,
    PortalCandidateSerializer,
    PortalConflictCheckSerializer,
)
from deals.serializers.credits import (
    DealCreditSerializer,
    PortalDealCreditSerializer,
    SetCreditSerializer,
)
from deals.serializers.figures import DealFiguresSerializer, FigureRowsSerializer, LensesSerializer
from deals.serializers.implementations import (
    AcceptSerializer,
    CustomerAnswerSerializer,
    ImplementationSerializer,
    ReportImplementationSerializer,
    ThanksSerializer,
)
from deals.serializers.moves import (
    AddCustomerSerializer,
    ApproveSerializer,
    AskSerializer,
    CommentSerializer,
    DuplicateSerializer,
    LinkCustomerSerializer,
    MoreTimeSerializer,
    NamePeopleSerializer,
    ReasonSerializer,
    StageSerializer,
    WinSerializer,
)
from deals.serializers.pipeline import ForecastSerializer, PipelineSerializer
from deals.serializers.protections import (
    ExtensionSerializer,
    PortalExtensionSerializer,
    ProtectionLengthSerializer,
    ProtectionSerializer,
)
from deals.serializers.registrations import (
    COUNTRIES,
    CodeField,
    DealFactsSerializer,
    DealRefSerializer,
    DealSerializer,
    DealTypeSerializer,
    OrganizationRefSerializer,
    PartnerRefSerializer,
    PortalDealSerializer,
    PrecheckSerializer,
    RegisterDealSerializer,
    StageRowSerializer,
)

__all__ = [
    "AcceptSerializer",
    "AddCustomerSerializer",
    "AnswerConditionSerializer",
    "AppealSerializer",
    "ApproveSerializer",
    "ApproveWithConditionsSerializer",
    "AskSerializer",
    "BookSerializer",
    "BookingSerializer",
    "COUNTRIES",
    "CandidateSerializer",
    "CodeField",
    "CommentSerializer",
    "ConditionSerializer",
    "ConflictCheckSerializer",
    "CorrectBookingSerializer",
    "CustomerAnswerSerializer",
    "DealCreditSerializer",
    "DealFactsSerializer",
    "DealFiguresSerializer",
    "DealRefSerializer",
    "DealSerializer",
    "DealTypeSerializer",
    "DismissAppealSerializer",
    "DuplicateSerializer",
    "ExtensionSerializer",
    "FactorSerializer",
    "FigureRowsSerializer",
    "ForecastSerializer",
    "FileAppealSerializer",
    "ImplementationSerializer",
    "LensesSerializer",
    "LinkCustomerSerializer",
    "MeetConditionsSerializer",
    "MoreTimeSerializer",
    "NamePeopleSerializer",
    "OrganizationRefSerializer",
    "PartnerRefSerializer",
    "PipelineSerializer",
    "PortalAppealSerializer",
    "PortalCandidateSerializer",
    "PortalConditionSerializer",
    "PortalConflictCheckSerializer",
    "PortalDealCreditSerializer",
    "PortalDealSerializer",
    "PrecheckSerializer",
    "PortalExtensionSerializer",
    "ProtectionLengthSerializer",
    "ProtectionSerializer",
    "ReasonSerializer",
    "RegisterDealSerializer",
    "ReportImplementationSerializer",
    "SetCreditSerializer",
    "StageRowSerializer",
    "StageSerializer",
    "ThanksSerializer",
    "UpholdAppealSerializer",
    "WinSerializer",
]
