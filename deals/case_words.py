"""What each side of a conflict case is told, in plain words: never who the other is, or what it claims."""

from __future__ import annotations

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from deals import case_rules as rules
from deals.models import CaseParty
from deals.words import Words, named_rule


def words_of_request(party: CaseParty) -> Words:
    """That evidence is asked for, and until when."""
    customer = _customer(party)
    subject = _("Two claims to %(customer)s: tell us your side") % {"customer": customer}
    due = format_date(party.case.due_at, "j F Y")
    said = [
        _("Somebody else has a claim to %(customer)s too. We hear both sides before we decide.")
        % {"customer": customer},
        _(
            "Please tell us until %(day)s what you have done there, and since when: meetings, mails, a champion."
        )
        % {"day": due},
        _("Nobody outside sees what you give. Your registration stays as it is until then."),
    ]
    return Words(subject, said)


def words_of_outcome(party: CaseParty) -> Words:
    """What was decided for this side; after a case that was closed, that nothing changes."""
    customer = _customer(party)
    if not party.fate:
        subject = _("The question about %(customer)s is settled") % {"customer": customer}
        said = [_("It needs no decision any more. Your registration stays as it is.")]
        return Words(subject, [*said, *filter(None, [party.words])])
    subject, said = {
        rules.KEEPS: (
            _("%(customer)s stays yours"),
            [_("We heard both sides. The customer stays with you.")],
        ),
        rules.LOSES: (
            _("%(customer)s goes to somebody else"),
            [_("We heard both sides. The customer does not stay with you; your registration is closed.")],
        ),
        rules.SHARES: (_("You share the credit for %(customer)s"), _shared(party)),
    }[party.fate]
    case = party.case
    because = named_rule(case.rule_title, case.engagement_rules)
    return Words(subject % {"customer": customer}, [*said, because, *filter(None, [party.words])])


def _shared(party: CaseParty) -> list[str]:
    said = [_("We heard both sides. Your share of the credit is %(share)s%%.") % {"share": party.share}]
    if party.deal and party.deal.state in ("rejected", "revoked"):
        return [*said, _("The protection lies with the other side; your registration is closed.")]
    return [*said, _("The protection lies with you.")]


def _customer(party: CaseParty) -> str:
    return party.deal.customer_name if party.deal else ""
