"""Forms about registrations, appeals, bookings and go-lives."""

from deals.forms.appeals import AppealDecisionForm, AppealForm
from deals.forms.attachments import AttachForm
from deals.forms.bookings import BookForm, CorrectBookingForm, money_left
from deals.forms.conditions import AnswerConditionForm, MeetConditionsForm, MissConditionsForm
from deals.forms.decisions import AddCustomerForm, DecisionForm, LinkCustomerForm, described, lines_of
from deals.forms.direct import (
    AccountForm,
    ChangeOpportunityForm,
    DirectListForm,
    RecordOpportunityForm,
)
from deals.forms.extensions import MoreTimeAnswerForm, MoreTimeForm, RenewForm
from deals.forms.implementations import AcceptGoLiveForm, AnswerOfCustomerForm, GoLiveForm
from deals.forms.moves import LossForm, ReasonForm, RevokeForm, StageForm, WinForm, WithdrawForm
from deals.forms.people import PeopleForm
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

__all__ = [
    "AccountForm",
    "ChangeOpportunityForm",
    "DirectListForm",
    "RecordOpportunityForm",
    "AcceptGoLiveForm",
    "AddCustomerForm",
    "AnswerConditionForm",
    "AnswerForm",
    "AnswerOfCustomerForm",
    "AppealDecisionForm",
    "AppealForm",
    "AttachForm",
    "BookForm",
    "COUNTRY_CHOICES",
    "CorrectBookingForm",
    "CustomerInput",
    "DealForm",
    "DecisionForm",
    "DraftForm",
    "GoLiveForm",
    "HELP_WORDS",
    "LinkCustomerForm",
    "LongText",
    "LossForm",
    "MeetConditionsForm",
    "MissConditionsForm",
    "MoreTimeAnswerForm",
    "MoreTimeForm",
    "PROCUREMENT_WORDS",
    "PeopleForm",
    "PortalDealForm",
    "ReasonForm",
    "RegisterForPartnerForm",
    "RenewForm",
    "RevokeForm",
    "StageForm",
    "WinForm",
    "WithdrawForm",
    "described",
    "lines_of",
    "money_left",
]
