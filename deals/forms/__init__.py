"""Forms about registrations, appeals, bookings and go-lives."""

from deals.forms.amendments import (
    AmendmentAnswerForm,
    AmendmentForm,
)
from deals.forms.appeals import (
    AppealDecisionForm,
    AppealForm,
)
from deals.forms.attachments import (
    AttachForm,
)
from deals.forms.bookings import (
    BookForm,
    CorrectBookingForm,
    money_left,
)
from deals.forms.cases import (
    CloseCaseForm,
    DecideCaseForm,
    EvidenceForm,
    MediatorForm,
    OpenCaseForm,
    ProposeForm,
)
from deals.forms.conditions import (
    AnswerConditionForm,
    MeetConditionsForm,
    MissConditionsForm,
)
from deals.forms.credits import (
    CreditForm,
    credit_lines,
)
from deals.forms.decisions import (
    AddCustomerForm,
    DecisionForm,
    LinkCustomerForm,
    described,
    lines_of,
)
from deals.forms.direct import (
    AccountForm,
    ChangeOpportunityForm,
    DirectListForm,
    RecordOpportunityForm,
)
from deals.forms.engagement import (
    AnnounceForm,
    RulesForm,
)
from deals.forms.extensions import (
    MoreTimeAnswerForm,
    MoreTimeForm,
    RenewForm,
)
from deals.forms.implementations import (
    AcceptGoLiveForm,
    AnswerOfCustomerForm,
    GoLiveForm,
)
from deals.forms.imports import (
    ImportForm,
    ImportForPartnerForm,
)
from deals.forms.moves import (
    LossForm,
    ReasonForm,
    ReopenForm,
    RevokeForm,
    StageForm,
    WinForm,
    WithdrawForm,
)
from deals.forms.people import (
    PeopleForm,
)
from deals.forms.registrations import (
    COUNTRY_CHOICES,
    HELP_WORDS,
    PROCUREMENT_WORDS,
    AnswerForm,
    CustomerInput,
    DealForm,
    DraftForm,
    LongText,
    PortalDealForm,
    RegisterForPartnerForm,
)
from deals.forms.review import (
    AssignForm,
    NoteForm,
)
from deals.forms.transfers import (
    ConsentForm,
    ProposeTransferForm,
    RequestTransferForm,
)

__all__ = [
    "AccountForm",
    "ChangeOpportunityForm",
    "DirectListForm",
    "RecordOpportunityForm",
    "AcceptGoLiveForm",
    "AddCustomerForm",
    "AmendmentAnswerForm",
    "AmendmentForm",
    "AnnounceForm",
    "AnswerConditionForm",
    "AnswerForm",
    "AnswerOfCustomerForm",
    "AppealDecisionForm",
    "AppealForm",
    "AssignForm",
    "AttachForm",
    "BookForm",
    "COUNTRY_CHOICES",
    "CloseCaseForm",
    "ConsentForm",
    "CorrectBookingForm",
    "CreditForm",
    "CustomerInput",
    "DealForm",
    "DecideCaseForm",
    "DecisionForm",
    "DraftForm",
    "EvidenceForm",
    "GoLiveForm",
    "HELP_WORDS",
    "ImportForPartnerForm",
    "ImportForm",
    "LinkCustomerForm",
    "LongText",
    "LossForm",
    "MediatorForm",
    "MeetConditionsForm",
    "MissConditionsForm",
    "MoreTimeAnswerForm",
    "MoreTimeForm",
    "NoteForm",
    "OpenCaseForm",
    "PROCUREMENT_WORDS",
    "PeopleForm",
    "PortalDealForm",
    "ProposeForm",
    "ProposeTransferForm",
    "ReasonForm",
    "RegisterForPartnerForm",
    "RenewForm",
    "ReopenForm",
    "RequestTransferForm",
    "RevokeForm",
    "RulesForm",
    "StageForm",
    "WinForm",
    "WithdrawForm",
    "credit_lines",
    "described",
    "lines_of",
    "money_left",
]
