"""Looking for conflicts again, from the decision; and the rules by which they are weighed, as both sides read them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import Page
from deals import actions, conflict, rules
from deals.models import ConflictRules, Deal
from deals.views import shared


class CheckAgain(shared.OfDeal):
    """Compare with what is claimed now; the decision shows what this finds."""

    permission = P.DEAL_DECIDE
    form_class = ConfirmForm
    title = gettext_lazy("Check for conflicts again")
    submit_label = gettext_lazy("Check again")
    done_message = gettext_lazy("Checked. This is what others claim now.")

    def effects(self) -> list[str]:
        return [_("The earlier check stays in the record. The partner is not told.")]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Deal:
        return actions.recheck_conflicts(by=self.actor, deal=record, at=self.at)

    def done_url(self, result: Any) -> str:
        waits = self.record.state in rules.AWAITING_DECISION
        return str(self.record.decide_url if waits else self.record.get_absolute_url())

    def get_cancel_url(self) -> str:
        return self.done_url(None)


class ConflictRulesPage(Page):
    """Factors, bands and precedence under a number: the newest, or the one that `?number=` names."""

    permission = P.DEAL_VIEW
    template_name = "deals/conflict_rules.html"
    title = gettext_lazy("How conflicts are weighed")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        seen = ConflictRules.objects.visible_to(self.actor).order_by("-number")
        asked = request.GET.get("number", "")
        shown = (
            seen.filter(number=int(asked)).first() if asked.isascii() and asked.isdigit() else seen.first()
        )
        terms = shown.terms if shown else conflict.Terms()
        if asked and asked != str(terms.version):
            raise Http404
        is_vendor = self.side != "portal"
        return self.answer(
            subtitle=_("Number %(number)s. What was loaded under a number is never changed.")
            % {"number": terms.version},
            crumbs=[
                {"label": _("Rules of engagement"), "url": f"/{'manage' if is_vendor else 'portal'}/rules/"},
                {"label": self.title},
            ],
            source=shown.source if shown and is_vendor else {},
            others=[
                {"number": one.number, "url": f"?number={one.number}"}
                for one in seen
                if one.number != terms.version
            ],
            **in_words(terms),
        )


def in_words(terms: conflict.Terms) -> dict[str, Any]:
    """What the program says about conflicts, in plain words with its figures."""
    look_back = _("An opportunity of our own sales counts while something happened in it within %(n)s days.")
    return {
        "factors": [
            {"name": conflict.FACTOR_WORDS[name], "share": terms.weights[name]} for name in conflict.WEIGHTS
        ],
        "matches": [
            {"name": conflict.MATCH_WORDS[name], "share": terms.matches[name]} for name in conflict.MATCHES
        ],
        "bands": [
            {"name": conflict.VERDICT_WORDS[name], "floor": terms.bands.get(name, 0)}
            for name in conflict.VERDICTS
        ],
        "precedence": terms.precedence_sentences(),
        "look_back": look_back % {"n": terms.look_back_days},
    }
