"""Proposals and appeals in the workspace: the queues, the records, and the decision with the partner's letter."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.list_page import ListPage
from core.pages import MovePage, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, instant
from files.models import Attachment
from tiers import actions, decided, decision_filters, rules
from tiers import decision_forms as forms
from tiers.actions.appeals import is_first_decider
from tiers.explained import look, requirement_rows
from tiers.facts import rungs_of
from tiers.models import Evaluation, Proposal, Tier, TierAppeal
from tiers.views.common import UnderTiers

TIERS = "/manage/tiers/"
PROPOSALS, APPEALS = "/manage/tier-proposals/?status=waiting", "/manage/tier-appeals/?status=waiting"
AGAINST = {
    "grace": gettext_lazy("Grace period"),
    "lowered": gettext_lazy("Fall"),
    "declined": gettext_lazy("Declined rise"),
}


# What both share -------------------------------------------------------------------------------------------------


def table_of(evaluation: Evaluation | None, tier: Tier | None) -> dict[str, Any] | None:
    """What an evaluation found for a tier, as the rows of the requirements' table; None without either."""
    if evaluation is None or tier is None:
        return None
    version = evaluation.program_version
    verdict = rules.evaluate(rungs_of(version), evaluation.known_facts, evaluation.known_waivers)
    found = verdict.of(tier.code)
    asked = version.tiers.prefetch_related("requirements").filter(code=tier.code).first()
    if found is None or asked is None:
        return None
    base = f"/manage/partners/{evaluation.partner_id}/tier/rows/"
    query = f"?as_of={evaluation.as_of.isoformat()}&program={version.program.code}"
    met = sum(finding.is_good for finding in found.findings)
    return {
        "name": asked.name,
        "look": look(asked, len(verdict.rungs)),
        "rows": requirement_rows(found, asked, lambda metric: f"{base}{metric}/{query}"),
        "note": _("%(n)s of %(all)s met, as of %(day)s")
        % {"n": met, "all": len(found.findings), "day": say_day(evaluation.as_of)},
    }


def letter_of(said: decided.Said, name: str) -> dict[str, Any]:
    return {
        "to": _("What %(name)s will get") % {"name": name},
        "how": _("E-mail and portal"),
        "subject": said.subject,
        "body": "\n\n".join(said.all_paragraphs),
    }


def day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def change_of(proposal: Proposal) -> str:
    """“Silver → Gold”."""
    nothing = _("no tier")
    return f"{proposal.from_tier or nothing} → {proposal.to_tier or nothing}"


# Proposals ------------------------------------------------------------------------------------------------------

FULL = Proposal.objects.select_related(
    "partner", "program", "evaluation__program_version__program", "from_tier", "to_tier", "decided_by"
)
KINDS = {rules.RISE: gettext_lazy("Rise"), rules.FALL: gettext_lazy("Fall")}


class ProposalList(UnderTiers, ListPage):
    """Changes of a tier that wait for a person, the longest waiting first."""

    name = "tier-proposals"
    permission = P.TIER_VIEW
    title = gettext_lazy("Tier decisions")
    queryset = FULL
    filterset_class = decision_filters.ProposalFilters
    default_sort = "proposed_on"
    columns: ClassVar[list[Column]] = [
        Column("partner", gettext_lazy("Partner"), lambda p: {"name": p.partner.name}, cell="name",
               sort="partner__name", export=lambda p: p.partner.name),
        Column("kind", gettext_lazy("Change"), lambda p: KINDS[p.kind], export=lambda p: p.kind),
        Column("tiers", gettext_lazy("Tier"), change_of),
        Column("program", gettext_lazy("Program"), "program.name"),
        Column("state", gettext_lazy("Status"), cell="state"),
        Column("proposed_on", gettext_lazy("Waits since"), cell="date", align="right", sort="proposed_on"),
        Column("decided_by", gettext_lazy("Decided by"), "decided_by.name", optional=True),
        Column("decided_at", gettext_lazy("Decided"), cell="instant", optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting"), "status=waiting"),
        ("decided", gettext_lazy("Decided"), "status=decided"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "gavel",
        "title": gettext_lazy("Nothing waits for a decision"),
        "text": gettext_lazy(
            "A rise to a tier that needs a decision appears here, and the fall after a grace period."
        ),
    }

    def view_count(self, key: str) -> int | None:
        return self.get_queryset().waiting().order_by()[:10_001].count() if key == "waiting" else None

    def row_url(self, row: Proposal) -> str:
        return row.decide_url if row.is_waiting and self.actor.may(P.TIER_DECIDE) else row.get_absolute_url()


class ProposalRecord(RecordPage):
    """One proposal: what was proposed, the facts, and what was decided."""

    permission = P.TIER_VIEW
    queryset = FULL
    template_name = "tiers/workspace/proposal.html"

    def facts(self, record: Proposal) -> dict[str, Any]:
        return {
            "title": record.partner.name,
            "crumbs": crumbs(_("Tier decisions"), PROPOSALS, record.partner.name),
            "state": record.state,
            "facts_line": [
                change_of(record),
                record.program.name,
                {"label": _("Its tier"), "url": f"{record.partner.get_absolute_url()}tier/"},
            ],
            "actions": self.moves(record),
            "table": table_of(record.evaluation, subject_of(record)),
            "words": _("What %(tier)s asks for") % {"tier": subject_of(record)},
            "answer_pairs": _answer_pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
        }

    def moves(self, record: Proposal) -> list[dict[str, Any]]:
        if not (record.is_waiting and self.actor.may(P.TIER_DECIDE)):
            return []
        return [{"label": _("Decide"), "url": record.decide_url, "icon": "gavel", "primary": True}]


def crumbs(label: Any, url: str, name: str) -> list[dict[str, Any]]:
    return [{"label": _("Tiers"), "url": TIERS}, {"label": label, "url": url}, {"label": name}]


def subject_of(proposal: Proposal) -> Tier | None:
    """The tier whose requirements the proposal is about: the one to rise to, or the one that is lost."""
    return proposal.to_tier if proposal.kind == rules.RISE else proposal.from_tier


def _answer_pairs(record: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("Decided by"), "value": record.decided_by.name if record.decided_by else ""},
        {"label": _("Decided"), "value": say_day(record.decided_at) if record.decided_at else ""},
        {"label": _("Reason for the partner"), "value": record.answer},
        {"label": _("Note for colleagues"), "value": record.note},
    ]


class DecideProposal(MovePage):
    """The decision: what is proposed left; the facts, the decision and the partner's letter right."""

    layout = "focus"
    permission = P.TIER_DECIDE
    queryset = FULL
    template_name = "tiers/workspace/decide_proposal.html"
    form_class = forms.ProposalForm
    done_message = gettext_lazy("Decided.")

    def perform_on(self, record: Proposal, data: dict[str, Any]) -> Proposal:
        move, until = data.pop("move"), data.pop("until")
        if move == forms.GRANT:
            return actions.grant_proposal(by=self.actor, proposal=record, at=self.at, **data)
        return actions.decline_proposal(by=self.actor, proposal=record, at=self.at, until=until, **data)

    def done_url(self, result: Any) -> str:
        """The next one follows by itself; after the last one, the list."""
        following = Proposal.objects.awaiting(self.actor).order_by("proposed_on", "pk")
        found = following.exclude(pk=self.record.pk).first()
        return found.decide_url if found else PROPOSALS

    def get_cancel_url(self) -> str:
        return str(self.record.get_absolute_url())

    def initial(self) -> dict[str, Any]:
        return {"until": day(self.at) + timedelta(days=90)}

    def context(self, **more: Any) -> dict[str, Any]:
        proposal: Proposal = self.record
        facts = {
            "title": proposal.partner.name,
            "crumbs": crumbs(_("Tier decisions"), PROPOSALS, proposal.partner.name),
            "focus": {},
            "proposal": proposal,
            "is_rise": proposal.kind == rules.RISE,
            "change": change_of(proposal),
            "why": why_proposed(proposal),
            "table": table_of(proposal.evaluation, subject_of(proposal)),
            "words": _("What %(tier)s asks for") % {"tier": subject_of(proposal)},
            "letter": self.letter(proposal),
            "preview_url": f"{proposal.get_absolute_url()}letter/",
        }
        return super().context(**{**facts, **more})

    def letter(self, proposal: Proposal) -> dict[str, Any]:
        asked = self.request.POST or self.request.GET
        granted = asked.get("move", forms.GRANT) != forms.DECLINE
        until = day_in(asked.get("until", "")) or self.initial()["until"]
        said = decided.of_proposal(proposal, granted, asked.get("answer", "")[:1000], until)
        return letter_of(said, proposal.partner.name)


class ProposalLetter(DecideProposal):
    """The partner's letter for the decision as it stands in the form. Nothing is written."""

    http_method_names: ClassVar[list[str]] = ["get"]
    template_name = "tiers/workspace/letter.html"


def why_proposed(proposal: Proposal) -> str:
    if proposal.kind == rules.RISE:
        words = _("%(name)s meets what %(tier)s asks for. That tier also needs a recorded decision.")
        return words % {"name": proposal.partner.name, "tier": proposal.to_tier}
    words = _("The grace period of %(tier)s ended and what was missing has not come back.")
    return words % {"tier": proposal.from_tier}


# Appeals --------------------------------------------------------------------------------------------------------

APPEALED = TierAppeal.objects.select_related(
    "partner__psm", "program", "tier", "evaluation__program_version__program", "first_decided_by", "decided_by",
    "submitted_by",
)  # fmt: skip


class TierAppealList(UnderTiers, ListPage):
    """All appeals about tiers that I may see, the most urgent first."""

    name = "tier-appeals"
    permission = P.TIER_VIEW
    title = gettext_lazy("Appeals about tiers")
    queryset = APPEALED
    filterset_class = decision_filters.TierAppealFilters
    default_sort = "due_at"
    columns: ClassVar[list[Column]] = [
        Column("partner", gettext_lazy("Partner"), lambda a: {"name": a.partner.name}, cell="name",
               sort="partner__name", export=lambda a: a.partner.name),
        Column("tier", gettext_lazy("Tier"), "tier.name"),
        Column("against", gettext_lazy("Against"), lambda a: AGAINST[a.against], export=lambda a: a.against),
        Column("first", gettext_lazy("First decided by"), "first_decided_by.name"),
        Column("state", gettext_lazy("Status"), cell="state"),
        Column("filed", gettext_lazy("Filed"), "created_at", cell="date", align="right", sort="created_at",
               export=lambda a: a.created_at),
        Column("due", gettext_lazy("Due or answered"), lambda a: a.due_cell, cell="due", align="right", sort="due_at",
               export=lambda a: a.due_at),
        Column("decided_by", gettext_lazy("Answered by"), "decided_by.name", optional=True),
        Column("decided_at", gettext_lazy("Answered"), cell="instant", optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting"), "status=waiting"),
        ("mine", gettext_lazy("Mine to answer"), "status=mine"),
        ("decided", gettext_lazy("Answered"), "status=decided"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "scale",
        "title": gettext_lazy("No appeals"),
        "text": gettext_lazy("A partner appeals a decision about its tier from its page in the portal."),
    }

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {"waiting": seen.waiting, "mine": lambda: seen.awaiting(self.actor)}
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def complete(self, rows: list[Any]) -> None:
        for appeal in rows:
            appeal.due_cell = due_cell(appeal, self.at)

    def row_url(self, row: TierAppeal) -> str:
        return row.get_absolute_url()


def used(appeal: TierAppeal, at: datetime) -> float:
    """The share of the answer's time that has passed."""
    whole = appeal.due_at - appeal.created_at
    return min(max((at - appeal.created_at) / whole, 0.0), 1.0) if whole else 1.0


def due_cell(appeal: TierAppeal, at: datetime) -> dict[str, Any]:
    if not appeal.is_waiting:
        return {"value": appeal.decided_at.date() if appeal.decided_at else None}
    late = appeal.due_at <= at
    value = days_left(appeal.due_at) if late else appeal.due_at
    return {"value": value, "used": used(appeal, at), "late": late}


class TierAppealRecord(RecordPage):
    """One appeal: what it says, against which decision, and the answer."""

    permission = P.TIER_VIEW
    queryset = APPEALED
    template_name = "tiers/workspace/appeal.html"

    def facts(self, record: TierAppeal) -> dict[str, Any]:
        return {
            "title": record.partner.name,
            "crumbs": crumbs(_("Appeals"), APPEALS, record.partner.name),
            "state": record.state,
            "facts_line": [
                _("About %(tier)s") % {"tier": record.tier},
                {"label": _("Its tier"), "url": f"{record.partner.get_absolute_url()}tier/"},
            ],
            "actions": self.moves(record),
            "note": first_decider_note(self.actor, record),
            "against": against_pairs(record),
            "due": instant(record.due_at, "full"),
            "table": table_of(record.evaluation, record.tier),
            "words": _("The facts of that day"),
            "attachments": Attachment.objects.visible_to(self.actor).of(record),
            "timeline": timeline.about(record, actor=self.actor),
        }

    def moves(self, appeal: TierAppeal) -> list[dict[str, Any]]:
        if not may_answer(self.actor, appeal):
            return []
        return [{"label": _("Answer"), "url": appeal.decide_url, "icon": "scale", "primary": True}]


class DecideTierAppeal(MovePage):
    """The answer: the appeal left; the facts of the decision, the answer and the letter right."""

    layout = "focus"
    permission = P.TIER_DECIDE
    queryset = APPEALED
    template_name = "tiers/workspace/decide_appeal.html"
    form_class = forms.TierAppealDecisionForm
    done_message = gettext_lazy("Answered.")

    def initial(self) -> dict[str, Any]:
        return {"until": day(self.at) + timedelta(days=90)}

    def perform_on(self, record: TierAppeal, data: dict[str, Any]) -> TierAppeal:
        move, until = data.pop("move"), data.pop("until")
        if move == forms.DISMISS:
            return actions.dismiss_tier_appeal(by=self.actor, appeal=record, at=self.at, **data)
        return actions.uphold_tier_appeal(by=self.actor, appeal=record, until=until, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        """The next one that is mine to answer follows by itself; after the last one, the list."""
        following = self.waiting().exclude(pk=self.record.pk).first()
        return following.decide_url if following else APPEALS

    def get_cancel_url(self) -> str:
        return str(self.record.get_absolute_url())

    def waiting(self) -> QuerySet[TierAppeal]:
        return TierAppeal.objects.awaiting(self.actor).order_by("due_at", "pk")

    def context(self, **more: Any) -> dict[str, Any]:
        appeal: TierAppeal = self.record
        facts = {
            "title": appeal.partner.name,
            "crumbs": crumbs(_("Appeals"), APPEALS, appeal.partner.name),
            "focus": self.focus(appeal),
            "appeal": appeal,
            "filed": instant(appeal.created_at, "full"),
            "against": against_pairs(appeal),
            "evidence": Attachment.objects.visible_to(self.actor).of(appeal),
            "table": table_of(appeal.evaluation, appeal.tier),
            "words": _("The facts of that day"),
            "first_decider": first_decider_note(self.actor, appeal),
            "is_open": may_answer(self.actor, appeal),
            "letter": self.letter(appeal),
            "preview_url": f"{appeal.get_absolute_url()}letter/",
        }
        return super().context(**{**facts, **more})

    def focus(self, appeal: TierAppeal) -> dict[str, Any]:
        if not appeal.is_waiting:
            return {}
        promise = _("answer in %(n)s business days") % {"n": setting("tier.appeal_business_days")}
        return {
            "used": used(appeal, self.at),
            "late": appeal.due_at <= self.at,
            "due_text": days_left(appeal.due_at),
            "due_note": f"{instant(appeal.due_at)}, {promise}",
        }

    def letter(self, appeal: TierAppeal) -> dict[str, Any]:
        asked = self.request.POST or self.request.GET
        upheld = asked.get("move", forms.UPHOLD) != forms.DISMISS
        until = day_in(asked.get("until", "")) or self.initial()["until"]
        said = decided.of_appeal(appeal, upheld, asked.get("answer", "")[:1000], until)
        return letter_of(said, appeal.partner.name)


class TierAppealLetter(DecideTierAppeal):
    """The partner's letter for the answer as it stands in the form. Nothing is written."""

    http_method_names: ClassVar[list[str]] = ["get"]
    template_name = "tiers/workspace/letter.html"


def against_pairs(appeal: TierAppeal) -> list[dict[str, Any]]:
    """The decision that is appealed: what, when, by whom."""
    by = appeal.first_decided_by.name if appeal.first_decided_by else _("The system, by the program")
    on = appeal.evaluation.as_of if appeal.evaluation else None
    return [
        {"label": _("Decision"), "value": AGAINST[appeal.against]},
        {"label": _("Tier"), "value": str(appeal.tier)},
        {"label": _("Facts of"), "value": say_day(on) if on else ""},
        {"label": _("Decided by"), "value": by},
    ]


def may_answer(actor: Any, appeal: TierAppeal) -> bool:
    """Whether the buttons are offered: it waits, and someone else made the first decision."""
    return bool(appeal.is_waiting and actor.may(P.TIER_DECIDE) and not is_first_decider(actor, appeal))


def first_decider_note(actor: Any, appeal: TierAppeal) -> dict[str, Any] | None:
    """What whoever made the first decision reads instead of the buttons."""
    if not appeal.is_waiting or not is_first_decider(actor, appeal):
        return None
    return {
        "tone": "info",
        "icon": "lock",
        "title": _("You made this decision."),
        "text": _("Someone else decides its appeal."),
    }
