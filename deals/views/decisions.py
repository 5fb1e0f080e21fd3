"""The vendor's decisions: judge without leaving, link the customer, end a protection."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import MovePage, RecordPage
from deals import (
    actions,
    case_presentation,
    comparison,
    explanation,
    forms,
    presentation,
    previews,
    rules,
)
from deals.models import (
    ConflictCheck,
    ConflictRules,
    Deal,
    DealNote,
)
from deals.sources import block_of, customers_like
from deals.views import shared
from files.models import Attachment
from partners.models import Organization

# What the form offers as the conditions' day.
CONDITIONS_DAYS = timedelta(days=30)


class DecideDeal(MovePage):
    """The decision: the request left, the evidence right, the letter beside the decision, then the next one."""

    side = "workspace"
    layout = "focus"
    permission = P.DEAL_DECIDE
    queryset = shared.FULL
    template_name = "deals/workspace/decide.html"
    form_class = forms.DecisionForm
    done_message = gettext_lazy("Decided.")

    def form(self, **options: Any) -> Any:
        return self.form_class(actor=self.actor, initial=self.initial(), deal=self.record, **options)  # type: ignore[call-arg]

    def initial(self) -> dict[str, Any]:
        days = actions.usual_length(self.record, self.at).days
        usual = {"days": days, "conditions_until": self.record.day_of(self.at) + CONDITIONS_DAYS}
        if block_of(self.record):
            return {"move": forms.DecisionForm.REJECT, "reason": "out_of_scope", **usual}
        if actions.contested_until(self.record):
            return {"move": forms.DecisionForm.REJECT, "reason": "already_protected", **usual}
        return {"move": forms.DecisionForm.APPROVE, **usual}

    def locked(self, record: Deal) -> Deal:
        return actions.lock_claim(record)

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        common = {"by": self.actor, "deal": record, "at": self.at}
        move, comment = data["move"], data["comment"]
        if move == forms.DecisionForm.REJECT:
            return actions.reject_deal(**common, reason=data["reason"], comment=comment)
        if move == forms.DecisionForm.DUPLICATE:
            return actions.mark_duplicate(**common, duplicate_of=data["duplicate_of"], comment=comment)
        if move == forms.DecisionForm.ASK:
            return actions.ask_for_more(**common, question=data["question"], fields=data["fields_asked"])
        conditions = forms.lines_of(data["conditions"]) if move == forms.DecisionForm.CONDITIONS else []
        until = data["conditions_until"]
        return actions.approve_deal(
            **common, days=data["days"], comment=comment, conditions=conditions, conditions_until=until
        )

    def done_url(self, result: Any) -> str:
        """The next one in the queue follows by itself; after the last one, the list."""
        following = self.waiting().exclude(pk=self.record.pk).first()
        return following.decide_url if following else "/manage/deals/review/"

    def get_cancel_url(self) -> str:
        return str(self.record.get_absolute_url())

    def waiting(self) -> QuerySet[Deal]:
        """What I may decide and nobody else has, the most urgent first."""
        waiting = Deal.objects.visible_to(self.actor).awaiting_decision()
        return waiting.free_for(self.actor.user_id).order_by("next_at", "pk")

    def context(self, **more: Any) -> dict[str, Any]:
        deal = self.record
        check = explanation.latest_check(deal, ConflictCheck.objects.visible_to(self.actor))
        facts = {
            "title": deal.customer_name,
            "crumbs": [
                {"label": _("Deals"), "url": "/manage/deals/"},
                {"label": _("Waiting for decision"), "url": "/manage/deals/review/"},
                {"label": deal.number},
            ],
            "focus": self.focus(),
            "deal": deal,
            "submitted": presentation.submitted_words(deal),
            "pairs": presentation.pairs(deal),
            "attachments": Attachment.objects.visible_to(self.actor).of(deal),
            "check": check,
            "verdict": comparison.verdict(check) if check else None,
            "own_wins": comparison.own_wins(check) if check else [],
            "candidates": comparison.candidates(check, self.actor) if check else [],
            "precedence": explanation.rule_of(check) if check else "",
            "again_url": f"{deal.get_absolute_url()}check-again/",
            "case_note": case_presentation.deal_note(deal, self.actor)
            or case_presentation.desk_note(deal, self.actor),
            "may_open_case": case_presentation.is_contestable(deal, self.actor),
            "length": actions.usual_length(deal, self.at),
            "checks": presentation.checks(deal, check, self.at),
            "automatic": presentation.automatic_card(deal),
            "escalation": presentation.escalation_note(deal),
            "notes": DealNote.objects.visible_to(self.actor).filter(deal=deal).select_related("author"),
            "note_form": forms.NoteForm(actor=self.actor, prefix=None),
            "note_key": uuid4().hex,
            "is_open": deal.state in rules.AWAITING_DECISION,
            "customers": [] if deal.organization else customers_like(deal),
            "letter": letter(deal, more["form"].data or more["form"].initial, self.at)
            if "form" in more
            else None,
        }
        return super().context(**{**facts, **more})

    def focus(self) -> dict[str, Any]:
        deal = self.record
        queue = list(self.waiting().values_list("pk", "number", "customer_name")[:200])
        ids = [pk for pk, _number, _name in queue]
        here = ids.index(deal.pk) if deal.pk in ids else -1
        before = queue[here - 1] if here > 0 else None
        after = queue[here + 1] if 0 <= here < len(queue) - 1 else None
        due = deal.next_at if deal.state in rules.AWAITING_DECISION else None
        return {
            "used": presentation.used(deal, self.at),
            "late": bool(due and due <= self.at),
            "due_text": presentation.days_left(due) if due else "",
            "due_note": f"{presentation.instant(due)}, {presentation.first_answer(deal)}" if due else "",
            "position": here + 1,
            "total": len(queue) if here >= 0 else 0,
            "previous_url": f"/manage/deals/{before[0]}/decide/" if before else "",
            "next_url": f"/manage/deals/{after[0]}/decide/" if after else "",
            "next_label": f"{after[1]} {after[2]}" if after else "",
        }


def letter(deal: Deal, data: Any, at: Any) -> dict[str, Any]:
    """The letter that the partner would get for what is chosen so far."""
    said = previews.letter_for(deal, at=at, **_chosen(deal, data))
    return {
        "to": _("What %(partner)s will get") % {"partner": deal.partner.name},
        "how": _("E-mail and portal"),
        "subject": said.subject,
        "body": "\n\n".join(said.paragraphs),
        "foot_url": "/manage/rules/conflicts/",
        "foot": _("Rule version %(version)s") % {"version": ConflictRules.objects.terms().version},
    }


def _chosen(deal: Deal, data: Any) -> dict[str, Any]:
    """What a form that is still being filled in says: what makes no sense yet is left out."""
    move = data.get("move")
    asked = data.getlist("fields_asked") if hasattr(data, "getlist") else []
    conditions = forms.lines_of(str(data.get("conditions") or ""))[: rules.MOST_CONDITIONS]
    return {
        "move": move if move in previews.MOVES else previews.APPROVE,
        "days": _days(data.get("days")),
        "conditions": [text[:300] for text in conditions],
        "conditions_until": _day(data.get("conditions_until")),
        "reason": str(data.get("reason") or "")[:40],
        "comment": str(data.get("comment") or "")[:1000],
        "question": str(data.get("question") or "")[:1000],
        "fields": [name for name in asked if name in rules.FIELD_LABELS],
        "duplicate_of": Deal.objects.filter(
            partner=deal.partner_id, pk=_key(data.get("duplicate_of"))
        ).first(),
    }


def _days(text: Any) -> int | None:
    shown = str(text or "")[:4]
    given = int(shown) if shown.isascii() and shown.isdigit() else 0
    return given if 0 < given <= rules.LONGEST_PROTECTION else None


def _day(text: Any) -> date | None:
    try:
        return text if isinstance(text, date) else date.fromisoformat(str(text))
    except ValueError:
        return None


def _key(text: Any) -> Any:
    try:
        return UUID(str(text))
    except ValueError:
        return None


class DecisionLetter(RecordPage):
    """The letter alone, for the page that follows what is typed."""

    permission = P.DEAL_DECIDE
    queryset = shared.FULL
    template_name = "deals/workspace/letter.html"

    def facts(self, record: Deal) -> dict[str, Any]:
        return {"letter": letter(record, self.request.GET, self.at)}


class StartReview(shared.OfDeal):
    """Take a registration up."""

    permission = P.DEAL_DECIDE
    form_class = ConfirmForm
    title = gettext_lazy("Take this registration up")
    submit_label = gettext_lazy("Start the review")
    done_message = gettext_lazy("In review.")

    def effects(self) -> list[str]:
        return [_("The partner sees that someone is looking at it. The clock goes on.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.start_review(by=self.actor, deal=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return str(self.record.decide_url)


class RevokeDeal(shared.OfDeal):
    """End a protection early."""

    permission = P.DEAL_DECIDE
    form_class = forms.RevokeForm
    danger = True
    title = gettext_lazy("End this protection early")
    submit_label = gettext_lazy("End the protection")
    done_message = gettext_lazy("The protection has ended.")

    def effects(self) -> list[str]:
        return [_("The customer is free at once."), _("The partner is told with the reason.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.revoke_deal(by=self.actor, deal=record, at=self.at, **data)


class LinkCustomer(shared.OfDeal):
    """Say which organization the typed customer is."""

    permission = P.DEAL_DECIDE
    template_name = "deals/workspace/link_customer.html"
    form_class = forms.LinkCustomerForm
    title = gettext_lazy("Which organization is it?")
    submit_label = gettext_lazy("It is this one")
    done_message = gettext_lazy("Linked. Conflicts were looked for again.")

    def candidates(self) -> list[Any]:
        """Guesses, or what matches the words that were looked for."""
        if text := self.request.GET.get("search", "").replace("\x00", "").strip()[:200]:
            return list(Organization.objects.visible_to(self.actor).matching(text).order_by("name")[:20])
        return customers_like(self.record)

    def form(self, **options: Any) -> Any:
        candidates = self.candidates()
        if "data" in options:
            chosen = Organization.objects.visible_to(self.actor).filter(
                pk=_key(options["data"].get("organization"))
            )
            candidates = [*candidates, *chosen]
        return self.form_class(actor=self.actor, initial=self.initial(), candidates=candidates, **options)  # type: ignore[call-arg]

    def context(self, **more: Any) -> dict[str, Any]:
        facts = {
            "search_value": self.request.GET.get("search", ""),
            "has_candidates": bool(more["form"].fields["organization"].queryset) if "form" in more else False,
            "add_url": f"{self.record.get_absolute_url()}add-customer/"
            if self.actor.may(P.ORGANIZATION_EDIT)
            else "",
        }
        return super().context(**{**facts, **more})

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.link_customer(by=self.actor, deal=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        waits = self.record.state in rules.AWAITING_DECISION
        return str(self.record.decide_url if waits else self.record.get_absolute_url())

    def get_cancel_url(self) -> str:
        return self.done_url(None)


class AddCustomer(LinkCustomer):
    """A customer that nobody knew."""

    permission = P.ORGANIZATION_EDIT
    template_name = "pages/move.html"
    form_class = forms.AddCustomerForm  # type: ignore[assignment]
    title = gettext_lazy("Add the customer")
    submit_label = gettext_lazy("Add and link")
    done_message = gettext_lazy("Added and linked. Conflicts were looked for again.")

    def form(self, **options: Any) -> Any:
        return forms.AddCustomerForm(actor=self.actor, initial=self.initial(), **options)

    def initial(self) -> dict[str, Any]:
        deal = self.record
        website = f"https://{deal.customer_domain}" if deal.customer_domain else ""
        return {"name": deal.customer_name, "country": str(deal.customer_country), "city": deal.customer_city,
                "website": website, "kind": "hospital_system"}  # fmt: skip

    def context(self, **more: Any) -> dict[str, Any]:
        return shared.OfDeal.context(self, **more)

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.add_customer(by=self.actor, deal=record, at=self.at, **data)
