"""Conflict cases: the vendor's list, record and moves; a partner's own side in the portal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import MovePage, RecordPage
from core.tables import Column
from deals import actions, case_presentation, forms
from deals.actions.cases import CONTESTED, is_first_decider, rules_of
from deals.actions.conflicts import findings
from deals.case_filters import ConflictCaseFilters
from deals.case_words import words_of_outcome, words_of_request
from deals.models import CaseParty, ConflictCase, ConflictRules, Deal
from deals.views import shared
from files.models import Attachment

FULL = ConflictCase.objects.select_related(
    "organization", "mediator", "opened_by", "proposed_by", "decided_by", "restructuring__organization"
)
WITH_RULES = FULL.select_related("engagement_rules")
RUNNING = "/manage/conflict-cases/?status=running"


# The vendor's side ----------------------------------------------------------------------------------------------


class CaseList(ListPage):
    """All cases that I may see, the most urgent first; the decided ones with a name are the precedents."""

    name = "conflict-cases"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Conflict cases")
    queryset = FULL.prefetch_related(Prefetch("parties", CaseParty.objects.select_related("deal__partner")))
    filterset_class = ConflictCaseFilters
    default_sort = "due_at"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("customer", gettext_lazy("Customer"), lambda c: _customer(c), cell="name",
               export=lambda c: _customer(c)["name"]),
        Column("sides", gettext_lazy("Between"), lambda c: _between(c)),
        Column("state", gettext_lazy("Status"), lambda c: {"value": c.state, "word": c.get_state_display()},
               cell="state", export=lambda c: c.get_state_display()),
        Column("mediator", gettext_lazy("Mediator"),
               lambda c: c.mediator and {"name": c.mediator.name, "id": c.mediator_id},
               cell="person", export=lambda c: c.mediator.name if c.mediator else ""),
        Column("outcome", gettext_lazy("Outcome"), lambda c: c.get_outcome_display()),
        Column("due", gettext_lazy("Due or over"), lambda c: c.due_cell, cell="due", align="right", sort="due_at",
               export=lambda c: c.due_at),
        Column("precedent", gettext_lazy("Precedent"), cell="tag", optional=True),
        Column("rule", gettext_lazy("Rule"), "rule_title", optional=True),
        Column("opened", gettext_lazy("Opened"), "created_at", cell="date", sort="created_at", optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("running", gettext_lazy("Running"), "status=running"),
        ("mine", gettext_lazy("Mine to decide"), "status=mine"),
        ("precedents", gettext_lazy("Precedents"), "status=precedents"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "scale",
        "title": gettext_lazy("No conflict cases"),
        "text": gettext_lazy(
            "One is opened from a registration that conflicts, or by a merge that would cause one."
        ),
    }

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {"running": seen.running, "mine": lambda: seen.awaiting(self.actor)}
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def complete(self, rows: list[ConflictCase]) -> None:
        for case in rows:
            case.due_cell = case_presentation.due_cell(case, self.at)  # type: ignore[attr-defined]

    def row_url(self, row: ConflictCase) -> str:
        return row.get_absolute_url()


def _customer(case: ConflictCase) -> dict[str, Any]:
    first = case.parties.all()[0].deal
    name = case.organization.name if case.organization else first.customer_name if first else ""
    return {"name": name, "tag": str(first.customer_country) if first else ""}


def _between(case: ConflictCase) -> str:
    names = [party.deal.partner.name if party.deal else _("our own sales") for party in case.parties.all()]
    return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}


class CaseRecord(RecordPage):
    """One case: both sides beside each other, what is proposed, what was decided and by which rule."""

    permission = P.DEAL_VIEW
    queryset = WITH_RULES
    template_name = "deals/workspace/case.html"

    def facts(self, record: ConflictCase) -> dict[str, Any]:
        parties = list(record.parties.all())
        decided_one = is_first_decider(self.actor, list(record.parties.select_related("deal")))
        return {
            "title": _customer(record)["name"],
            "crumbs": [{"label": _("Conflict cases"), "url": RUNNING}, {"label": record.number}],
            "state": record.state,
            "state_word": record.get_state_display(),
            "facts_line": self.facts_line(record),
            "actions": self.moves(record, decided_one),
            "note": case_presentation.note(record, decided_one),
            "sides": case_presentation.sides(record, self.actor),
            "may_answer": record.is_running and self.actor.may(P.CASE_ANSWER),
            "precedents": self.precedents(record),
            "timeline": timeline.about(record, *parties, actor=self.actor),
        }

    def facts_line(self, case: ConflictCase) -> list[Any]:
        found: list[Any] = [case.number, case.get_kind_display(), case.get_because_display()]
        if case.organization:
            found.append({"label": case.organization.name, "url": case.organization.get_absolute_url()})
        found.append(
            _("Mediator %(name)s") % {"name": case.mediator.name} if case.mediator else _("No mediator yet")
        )
        return found

    def moves(self, case: ConflictCase, decided_one: bool) -> list[dict[str, Any]]:
        if not self.actor.may(P.CASE_DECIDE):
            return []
        words = {
            "decide": (_("Decide"), "gavel"),
            "gather": (_("Ask both for evidence"), "message-question"),
            "propose": (_("Propose an outcome"), "bulb"),
            "close": (_("Close without a decision"), "archive"),
        }
        base, open_moves = case.get_absolute_url(), case.open_moves
        shown = [
            {"label": words[move][0], "url": f"{base}{move}/", "icon": words[move][1], "more": move == "close"}
            for move in words if move in open_moves and not (move == "decide" and decided_one)
        ]  # fmt: skip
        if shown:
            shown[0]["primary"] = True
            shown.append(
                {
                    "label": _("Give it a mediator"),
                    "url": f"{base}assign/",
                    "icon": "user-check",
                    "more": True,
                }
            )
        return shown

    def precedents(self, case: ConflictCase) -> list[ConflictCase]:
        """What was decided before about the same kind of sides, the latest first."""
        seen = ConflictCase.objects.visible_to(self.actor).precedents().filter(kind=case.kind)
        return list(seen.exclude(pk=case.pk).order_by("-decided_at")[:5])


class OfCase(MovePage):
    """A move of one case."""

    permission = P.CASE_DECIDE
    queryset: ClassVar[Any] = WITH_RULES

    def effects(self) -> list[str]:
        return []

    def locked(self, record: ConflictCase) -> ConflictCase:
        return actions.lock_case(record)

    def context(self, **more: Any) -> dict[str, Any]:
        case = self.record
        crumbs = [
            {"label": _("Conflict cases"), "url": RUNNING}, {"label": case.number, "url": case.get_absolute_url()},
        ]  # fmt: skip
        about = {"title": case.number, "pairs": self.pairs()}
        facts = {"crumbs": crumbs, "subtitle": f"{case.number} {_between(case)}", "effects": self.effects(),
                 "about": about}  # fmt: skip
        return super().context(**{**facts, **more})

    def pairs(self) -> list[dict[str, Any]]:
        parties = self.record.parties.select_related("deal__partner")
        shown = [
            (
                _("First") if party.position == 1 else _("Second"),
                f"{party.deal.number} {party.deal.partner.name}" if party.deal else party.direct_text,
            )
            for party in parties
        ]
        return [{"label": label, "value": value} for label, value in shown]


class OpenCase(shared.OfDeal):
    """Open a case from a registration: against another one, or our own sales."""

    permission = P.DEAL_DECIDE
    form_class = forms.OpenCaseForm
    title = gettext_lazy("Open a conflict case")
    submit_label = gettext_lazy("Open the case")
    done_message = gettext_lazy("The case is open.")

    def candidates(self) -> list[Deal]:
        """The registrations of other partners with which a comparison made now finds it in conflict."""
        found = findings(self.record, ConflictRules.objects.terms(), self.at)
        others = [one.rival.record for one in found if one.rival.link == "deal"]
        return [
            other
            for other in others
            if other.partner_id != self.record.partner_id and other.state in CONTESTED
        ]

    def form(self, **options: Any) -> Any:
        return self.form_class(
            actor=self.actor, initial=self.initial(), candidates=self.candidates(), **options
        )  # type: ignore[call-arg]

    def effects(self) -> list[str]:
        return [
            _("Neither side is decided while the case runs."),
            _(
                "The deal desk hears both sides, proposes and decides. Neither partner learns who the other is."
            ),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> ConflictCase:
        return actions.open_case(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        is_case = isinstance(result, ConflictCase)
        return result.get_absolute_url() if is_case else str(self.record.get_absolute_url())


class AssignMediator(OfCase):
    """Give it its mediator."""

    form_class = forms.MediatorForm
    title = gettext_lazy("Give it a mediator")
    submit_label = gettext_lazy("Assign")
    done_message = gettext_lazy("Assigned.")

    def initial(self) -> dict[str, Any]:
        return {"mediator": self.record.mediator_id or self.actor.user_id}

    def perform_on(self, record: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        return actions.assign_mediator(by=self.actor, case=record, at=self.at, **data)


class GatherEvidence(OfCase):
    """Ask both sides."""

    form_class = ConfirmForm
    title = gettext_lazy("Ask both for evidence")
    submit_label = gettext_lazy("Ask them")
    done_message = gettext_lazy("Asked. Each has its own letter.")

    def context(self, **more: Any) -> dict[str, Any]:
        party = self.record.parties.exclude(deal=None).select_related("deal", "case").first()
        said = words_of_request(party)
        letter = {
            "to": _("What each side will get"),
            "subject": said.subject,
            "body": "\n\n".join(said.paragraphs),
        }
        return super().context(**{"letter": letter, **more})

    def perform_on(self, record: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        return actions.gather_evidence(by=self.actor, case=record, at=self.at)


class ProposeOutcome(OfCase):
    """Say what should happen."""

    form_class = forms.ProposeForm
    title = gettext_lazy("Propose an outcome")
    submit_label = gettext_lazy("Propose it")
    done_message = gettext_lazy("Proposed.")

    def initial(self) -> dict[str, Any]:
        shares = list(self.record.parties.values_list("proposed_share", flat=True))
        return {"outcome": self.record.proposed_outcome, "proposal": self.record.proposal,
                "first_share": shares[0], "second_share": shares[1]}  # fmt: skip

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [{"fields": ["outcome"]}, {"fields": ["first_share", "second_share"], "pair": True},
                {"fields": ["proposal"]}]  # fmt: skip

    def perform_on(self, record: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        return actions.propose_outcome(by=self.actor, case=record, at=self.at, **data)


class DecideCase(OfCase):
    """Decide, by a rule, with words for each side."""

    form_class = forms.DecideCaseForm
    template_name = "deals/workspace/decide_case.html"
    title = gettext_lazy("Decide the case")
    submit_label = gettext_lazy("Decide and tell both")
    done_message = gettext_lazy("Decided. Each side has its own letter.")

    def initial(self) -> dict[str, Any]:
        case = self.record
        shares = list(case.parties.values_list("proposed_share", flat=True))
        return {"outcome": case.proposed_outcome, "reasoning": case.proposal,
                "first_share": shares[0], "second_share": shares[1]}  # fmt: skip

    def form(self, **options: Any) -> Any:
        return self.form_class(
            actor=self.actor, initial=self.initial(), rules=rules_of(self.record), **options
        )

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            **{"rules": rules_of(self.record), "rules_version": self.record.engagement_rules, **more}
        )

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["outcome"]},
            {"fields": ["first_share", "second_share"], "pair": True},
            {"fields": ["rule", "reasoning", "precedent"]},
            {"legend": _("What each side is told"), "fields": ["first_words", "second_words"]},
        ]

    def effects(self) -> list[str]:
        found = [
            _("Who does not keep the customer: its registration is refused or its protection ends, at once."),
            _("Who keeps it stays protected, or waits for the decision on its registration."),
            _("Each side gets its own letter; neither names the other."),
        ]
        if waiting := self.record.restructuring:
            found.append(
                _("The change of the tree at %(name)s is carried out.") % {"name": waiting.organization.name}
            )
        return found

    def perform_on(self, record: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        return actions.decide_case(by=self.actor, case=record, at=self.at, **data)


class CloseCase(OfCase):
    """End it without a decision."""

    form_class = forms.CloseCaseForm
    title = gettext_lazy("Close without a decision")
    submit_label = gettext_lazy("Close the case")
    done_message = gettext_lazy("Closed.")

    def effects(self) -> list[str]:
        found = [_("Both registrations stay as they are.")]
        if waiting := self.record.restructuring:
            words = _(
                "The change of the tree at %(name)s is carried out if nothing is in its way, else given up."
            )
            found.append(words % {"name": waiting.organization.name})
        return found

    def perform_on(self, record: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        return actions.close_case(by=self.actor, case=record, at=self.at, **data)


class NoteEvidence(MovePage):
    """What one of the vendor's people knows that speaks for one side."""

    permission = P.CASE_ANSWER
    queryset: ClassVar[Any] = CaseParty.objects.select_related("case", "deal__partner")
    form_class = forms.EvidenceForm
    title = gettext_lazy("Note evidence")
    submit_label = gettext_lazy("Note it")
    done_message = gettext_lazy("Noted.")

    def context(self, **more: Any) -> dict[str, Any]:
        party = self.record
        side = party.deal.partner.name if party.deal else _("our own sales")
        words = _("%(case)s, for %(side)s. Colleagues read it, the partner does not.")
        return super().context(**{"subtitle": words % {"case": party.case.number, "side": side}, **more})

    def done_url(self, result: Any) -> str:
        return str(self.record.case.get_absolute_url())

    def locked(self, record: CaseParty) -> CaseParty:
        return actions.lock_party(record)

    def perform_on(self, record: CaseParty, data: dict[str, Any]) -> Any:
        return actions.give_evidence(by=self.actor, party=record, at=self.at, **data)


# The partner's side ---------------------------------------------------------------------------------------------


class PartyRecord(RecordPage):
    """A partner's own side of a conflict: what is asked, what it gave, what was decided."""

    side = "portal"
    permission = P.DEAL_VIEW
    queryset = CaseParty.objects.select_related("case__engagement_rules", "deal__partner")
    template_name = "deals/portal/conflict.html"

    def facts(self, record: CaseParty) -> dict[str, Any]:
        deal = record.deal
        is_told = record.told_at is not None
        said = words_of_outcome(record) if is_told else words_of_request(record)
        may_answer = record.case.is_running and self.actor.may(P.CASE_ANSWER)
        give = {
            "label": _("Tell us your side"),
            "url": "give-evidence/",
            "icon": "file-text",
            "primary": True,
        }
        return {
            "title": said.subject,
            "crumbs": [
                {"label": _("Deals"), "url": "/portal/deals/"}, {"label": deal.number, "url": deal.portal_url},
                {"label": _("Two claims")},
            ],
            "state": "decided" if is_told else "gathering",
            "state_word": _("Answered") if is_told else _("We hear both sides"),
            "paragraphs": said.paragraphs,
            "actions": [give] if may_answer else [],
            "evidence": record.evidence.filter(is_of_vendor=False),
            "files": Attachment.objects.visible_to(self.actor).of(record),
            "is_told": is_told,
            "timeline": timeline.about(record, actor=self.actor),
        }  # fmt: skip


class GiveEvidence(MovePage):
    """Say what speaks for us."""

    side = "portal"
    permission = P.CASE_ANSWER
    queryset: ClassVar[Any] = CaseParty.objects.select_related("case", "deal__partner")
    form_class = forms.EvidenceForm
    title = gettext_lazy("Tell us your side")
    submit_label = gettext_lazy("Send it")
    done_message = gettext_lazy("Thank you. We read it before we decide.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("Nobody outside sees what you give."),
            _("You can add more until we decide."),
        ]
        return super().context(**{"subtitle": str(self.record.deal), "effects": effects, **more})

    def done_url(self, result: Any) -> str:
        return self.record.portal_url

    def locked(self, record: CaseParty) -> CaseParty:
        return actions.lock_party(record)

    def perform_on(self, record: CaseParty, data: dict[str, Any]) -> Any:
        return actions.give_evidence(by=self.actor, party=record, at=self.at, **data)
