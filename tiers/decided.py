"""What a partner is told of a decision about its tier: one text for the letter, its preview and the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from core.templatetags.ui import day as say_day
from tiers import rules, wording
from tiers.facts import made_again
from tiers.models import Evaluation, Override, Proposal, Tier, TierAppeal, Waiver
from tiers.rules import Finding


@dataclass(frozen=True)
class Said:
    """A subject, plain sentences, and the facts that they rest on."""

    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[str] = field(default_factory=list)

    @property
    def all_paragraphs(self) -> list[str]:
        """The sentences, and the facts as one more."""
        return [*self.paragraphs, *(["\n".join(self.facts)] if self.facts else [])]


def findings(evaluation: Evaluation | None, code: str) -> tuple[Finding, ...]:
    """What an evaluation found for a tier, made again from its stored facts."""
    if evaluation is None:
        return ()
    found = made_again(evaluation).of(code)
    return found.findings if found else ()


def facts(evaluation: Evaluation | None, tier: Tier | None, only_open: bool = False) -> list[str]:
    """A line per requirement of a tier: what is there, what is asked for, what is missing."""
    found = findings(evaluation, tier.code) if tier else ()
    return [wording.fact_line(finding) for finding in found if not (only_open and finding.is_good)]


def of_proposal(proposal: Proposal, granted: bool, answer: str, until: date | None = None) -> Said:
    """The words about a rise or a fall that was granted, or declined."""
    is_rise = proposal.kind == rules.RISE
    tell = (_risen if granted else _not_risen) if is_rise else (_fallen if granted else _not_fallen)
    subject, sentences = tell(proposal, until)
    tier = proposal.to_tier if is_rise else proposal.from_tier
    said = facts(proposal.evaluation, tier, only_open=not is_rise)
    return Said(subject, [*sentences, *_reason(answer)], said)


def _risen(proposal: Proposal, until: date | None) -> tuple[str, list[str]]:
    words = {"tier": proposal.to_tier}
    meant = _("What %(tier)s asks for is met, and we have decided that your company is %(tier)s from today.")
    return _("You are now %(tier)s") % words, [meant % words]


def _not_risen(proposal: Proposal, until: date | None) -> tuple[str, list[str]]:
    held = str(proposal.from_tier) if proposal.from_tier else _("without a tier")
    words = {"tier": proposal.to_tier, "held": held}
    return _("You are not %(tier)s yet") % words, [
        _("The figures of %(tier)s are met. It also needs a decision, and we have decided against it for now.") % words,
        _("Nothing else changes: your company is %(held)s as before.") % words,
    ]  # fmt: skip


def _fallen(proposal: Proposal, until: date | None) -> tuple[str, list[str]]:
    words = {"before": proposal.from_tier, "after": proposal.to_tier or _("in no tier")}
    return _("You are no longer %(before)s") % words, [
        _(
            "Your grace period ended and what %(before)s asks for had not come back. Your company is %(after)s now."
        )
        % words,
        _("As soon as the requirements are met again, the tier comes back."),
    ]


def _not_fallen(proposal: Proposal, until: date | None) -> tuple[str, list[str]]:
    words = {"tier": proposal.from_tier, "day": say_day(until) if until else ""}
    meant = _("Your grace period ended, and we have decided that your company stays %(tier)s until %(day)s.")
    return _("You stay %(tier)s until %(day)s") % words, [
        meant % words,
        _("After that day the requirements count."),
    ]


def of_override(override: Override) -> Said:
    words = {"tier": override.tier, "day": say_day(override.expires_on)}
    return Said(
        _("You are %(tier)s until %(day)s") % words,
        [
            _("We have decided that your company is %(tier)s until %(day)s, whatever the requirements say.") % words,
            *_reason(override.reason),
            _("From that day on the requirements count again. If they are not met, a grace period starts first."),
        ],
    )  # fmt: skip


def of_ended_override(override: Override) -> Said:
    words = {"tier": override.tier}
    return Said(
        _("The decision about %(tier)s no longer holds") % words,
        [
            _(
                "Your company was %(tier)s by decision. That decision has ended, and the requirements count again."
            )
            % words,
            _(
                "If they are met, nothing changes. If they are not, a grace period starts, and nothing is lost today."
            ),
        ],
    )


def of_waiver(waiver: Waiver) -> Said:
    words = {"what": wording.name_of(waiver.key), "day": say_day(waiver.expires_on)}
    return Said(
        _("A requirement is waived until %(day)s") % words,
        [_("“%(what)s” is not asked of your company until %(day)s.") % words, *_reason(waiver.reason)],
    )


def of_ended_waiver(waiver: Waiver) -> Said:
    words = {"what": wording.name_of(waiver.key)}
    meant = _("“%(what)s” is asked of your company again. If it is missing, a grace period starts first.")
    return Said(_("A waived requirement is asked for again"), [meant % words])


def of_appeal(appeal: TierAppeal, upheld: bool, answer: str, until: date | None = None) -> Said:
    """The words about an appeal that was right, or that changes nothing."""
    words = {"tier": appeal.tier, "day": say_day(until) if until else ""}
    if upheld:
        meant = _(
            "Someone who did not make the decision has looked at it again. Your company is %(tier)s until %(day)s."
        )
        return Said(_("Your appeal about %(tier)s is upheld") % words, [meant % words, *_reason(answer)])
    meant = _(
        "Someone who did not make the decision has looked at it again. The decision about %(tier)s stands."
    )
    said = facts(appeal.evaluation, appeal.tier, only_open=True)
    return Said(
        _("Your appeal about %(tier)s: the decision stands") % words, [meant % words, *_reason(answer)], said
    )


def _reason(answer: str) -> list[str]:
    return [answer.strip()] if answer.strip() else []
