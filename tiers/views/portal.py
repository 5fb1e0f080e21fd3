"""My tier, in the partner's portal: where we stand, what is missing, what it would bring."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.actors import Actor
from core.clock import day
from core.pages import Page
from partners.models import Partner
from tiers import wording
from tiers.benefits import areas_of
from tiers.explained import Explanation, share
from tiers.rules import Finding, RungVerdict
from tiers.views.announcements import announced_to
from tiers.views.common import Explained, Panel, parts, why
from tiers.views.decisions_shown import for_partner

BASE = "/portal/tier/"
DO = {
    "money": ("/portal/deals/new/", gettext_lazy("Register a deal")),
    "people": ("/portal/people/", gettext_lazy("See your people")),
    "bool": ("/portal/people/", gettext_lazy("See the learning plan")),
}
NOWHERE = ("", "")
SATISFACTION = ("/portal/satisfaction/", gettext_lazy("What customers say of you"))
CONTRIBUTIONS = ("/portal/contributions/", gettext_lazy("Your contributions"))
TELL = ("/portal/contributions/new/", gettext_lazy("Tell of one"))
GATES = {
    "text": gettext_lazy("A certified partner has passed all of them."),
    "link": {"label": gettext_lazy("See them"), "url": "/portal/gates/"},
}


class OwnPartner(Explained, Page):
    """A page about the partner that the actor acts for."""

    side = "portal"
    permission = P.TIER_VIEW

    def partner(self) -> Partner:
        own = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id)
        found = own.select_related("psm").first()
        if found is None:
            raise Http404
        return found


class MyTier(OwnPartner):
    """Our tier: the way up, what keeps it, what it gives."""

    template_name = "tiers/portal/tier.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        found = self.explanation(partner)
        return self.answer(
            **parts(found, self.rows_url(BASE, found), is_portal=True),
            **for_partner(found, self.actor, self.at),
            steps=next_steps(found, self.actor),
            outcomes=[{"url": url, "text": text} for url, text in (SATISFACTION, CONTRIBUTIONS)]
            if self.actor.may(P.OUTCOME_VIEW)
            else [],
            gates=GATES,
            contact=contact(partner),
            announced=announced_to(self.actor),
            max_day=day(self.at).isoformat(),
            base_url=BASE,
            areas=[
                {"text": area.benefit.name, "url": f"{BASE}areas/{area.benefit.code}/"}
                for area in areas_of(partner.pk, day(self.at))
            ],
        )


def next_steps(found: Explanation, actor: Actor) -> list[dict[str, Any]]:
    """What to do next, the nearest to done first, and what each step leads to."""
    rung = found.held if found.grace else found.above
    nearest = sorted(rung.open_findings if rung else (), key=share, reverse=True)
    return [
        _step(finding, _leads_to(found, rung, len(nearest) - n), *_where(finding.need.key, actor))
        for n, finding in enumerate(nearest, start=1)
    ]


def _step(finding: Finding, note: str, url: str, move: Any) -> dict[str, Any]:
    return {"text": step_words(finding), "note": note, "url": url, "move": move}


def _where(key: str, actor: Actor) -> tuple[str, Any]:
    """Where something can be done about a fact."""
    metric = key.partition(".")[0]
    if metric.startswith("value_"):
        return TELL if actor.may(P.CONTRIBUTION_RECORD) else NOWHERE
    if metric == "customer_satisfaction":
        return SATISFACTION[0], _("See the answers")
    return DO.get(wording.unit_of(key), NOWHERE)


def step_words(finding: Finding) -> str:
    """“Certified people: 1 more person”, “Learning plan signed”."""
    name = wording.name_of(finding.need.key)
    if wording.unit_of(finding.need.key) == "bool":
        return name
    return _("%(name)s: %(gap)s") % {"name": name, "gap": wording.gap(finding)}


def _leads_to(found: Explanation, rung: RungVerdict | None, left: int) -> str:
    """What a step brings: how much is left after it, or the tier and its margin; in grace that the tier stays."""
    assert rung is not None
    tier = found.tiers[rung.rung.code]
    if found.grace:
        words = {"steps": wording.steps(left), "tier": tier.name}
        return _("then %(steps)s from keeping %(tier)s") % words if left else _("then %(tier)s stays") % words
    if left:
        return _("then %(steps)s from %(tier)s") % {"steps": wording.steps(left), "tier": tier.name}
    if not tier.margin:
        return _("then %(tier)s") % {"tier": tier.name}
    words = {"tier": tier.name, "margin": wording.stated(tier.margin)}
    if rung.rung.by_decision:
        return _("then %(tier)s after our decision, with a margin of %(margin)s") % words
    return _("then %(tier)s, with a margin of %(margin)s") % words


def contact(partner: Partner) -> dict[str, Any] | None:
    """The partner's manager, for the contact card."""
    if partner.psm is None:
        return None
    psm = partner.psm
    return {
        "name": psm.name,
        "note": _("Your partner success manager"),
        "id": psm.pk,
        "email": psm.email,
    }


class MyRows(Panel, OwnPartner):
    """The rows behind one of our numbers."""

    template_name = "tiers/rows.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        found = why(self.explanation(partner), self.kwargs["metric"], actor=self.actor, is_portal=True)
        crumbs = [{"label": _("My tier"), "url": BASE}, {"label": found["title"]}]
        return self.answer(why=found, title=found["title"], crumbs=crumbs)
