"""Letters about what people decided about a tier."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.mail import Letter, letter, link_to
from core.models import Mail
from tiers import decided, rules
from tiers.decided import Said
from tiers.models import Override, Proposal, TierAppeal, Waiver

BECAUSE = gettext_noop("You get this because you look after your company's side of the partner program.")


@letter("tier.proposal_granted")
@letter("tier.proposal_declined")
def proposal_decided(mail: Mail) -> Letter | None:
    found = Proposal.objects.decided().select_related("to_tier", "from_tier", "evaluation", "partner")
    proposal = found.filter(pk=mail.ids["subject"]).first()
    if proposal is None:
        return None
    granted = proposal.state == rules.GRANTED
    return _letter(decided.of_proposal(proposal, granted, proposal.answer, kept_until(proposal)))


def kept_until(proposal: Proposal) -> date | None:
    """Until when a declined fall keeps the tier: the override that was recorded with it."""
    if proposal.kind == rules.RISE or proposal.decided_at is None:
        return None
    kept = Override.objects.filter(partner=proposal.partner_id, program=proposal.program_id)
    found = kept.filter(created_at=proposal.decided_at).first()
    return found.expires_on if found else None


@letter("tier.overridden")
def overridden(mail: Mail) -> Letter | None:
    """Nothing is said any more once the decision has ended."""
    override = Override.objects.open().select_related("tier").filter(pk=mail.ids["subject"]).first()
    return _letter(decided.of_override(override)) if override else None


@letter("tier.override_ended")
def override_ended(mail: Mail) -> Letter | None:
    override = Override.objects.select_related("tier").filter(pk=mail.ids["subject"]).first()
    return _letter(decided.of_ended_override(override)) if override else None


@letter("reminder.tier-override")
def override_ends_soon(mail: Mail) -> Letter | None:
    return overridden(mail)


@letter("tier.requirement_waived")
def requirement_waived(mail: Mail) -> Letter | None:
    waiver = Waiver.objects.open().filter(pk=mail.ids["subject"]).first()
    return _letter(decided.of_waiver(waiver)) if waiver else None


@letter("tier.waiver_ended")
def waiver_ended(mail: Mail) -> Letter | None:
    waiver = Waiver.objects.filter(pk=mail.ids["subject"]).first()
    return _letter(decided.of_ended_waiver(waiver)) if waiver else None


def _appeal(mail: Mail, *states: str) -> TierAppeal | None:
    found = TierAppeal.objects.select_related("tier", "partner", "evaluation").filter(state__in=states)
    return found.filter(pk=mail.ids["subject"]).first()


@letter("tier_appeal.submitted")
def appealed(mail: Mail) -> Letter | None:
    appeal = _appeal(mail, rules.WAITING)
    if appeal is None:
        return None
    zone = ZoneInfo(appeal.partner.time_zone)
    when = format_date(appeal.due_at.astimezone(zone), "l j F Y, H:i")
    said = _(
        "Someone who did not make the decision looks at it again. You get an answer by %(when)s, %(zone)s."
    )
    subject = _("We have your appeal about %(tier)s") % {"tier": appeal.tier}
    return _letter(Said(subject, [said % {"when": when, "zone": appeal.partner.time_zone}]))


@letter("tier_appeal.upheld")
@letter("tier_appeal.dismissed")
def appeal_decided(mail: Mail) -> Letter | None:
    appeal = _appeal(mail, rules.UPHELD, rules.DISMISSED)
    if appeal is None:
        return None
    return _letter(
        decided.of_appeal(appeal, appeal.state == rules.UPHELD, appeal.answer, appeal.upheld_until)
    )


def _letter(said: Said) -> Letter:
    context: dict[str, Any] = {
        "paragraphs": said.paragraphs,
        "facts": said.facts,
        "link": link_to("/portal/tier/", _("See your tier")),
    }
    return Letter(subject=said.subject, context=context, because=_(BECAUSE))
