"""What tiers give: the catalogue, what a partner may use and has used, and the areas that benefits add."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from core.clock import day
from core.forms import ConfirmForm
from core.money import Money
from core.pages import Link, MovePage, Page, RecordPage
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money, number
from partners.models import Partner
from tiers import rules, wording
from tiers.actions import record_benefit_use, take_back_benefit_use
from tiers.benefits import Entitlement, entitlements_of
from tiers.explained import look
from tiers.models import BenefitUse, Program, ProgramVersion, TierBenefit
from tiers.value_forms import BenefitUseForm
from tiers.views.common import AboutPartner
from tiers.views.portal import OwnPartner, contact

CATALOGUE = "/manage/tiers/benefits/"
MY_BENEFITS = "/portal/tier/benefits/"
PERIODS = {
    rules.MONTHLY: gettext_lazy("each month"),
    rules.QUARTERLY: gettext_lazy("each quarter"),
    rules.YEARLY: gettext_lazy("each year"),
    "": gettext_lazy("while the tier is held"),
}
FEATURES = {
    rules.QBR: gettext_lazy("plans quarterly reviews"),
    rules.SUPPORT_SLA: gettext_lazy("sets the time of answer"),
    rules.PORTAL_AREA: gettext_lazy("adds an area to the portal"),
    rules.LEAD_ROUTING: gettext_lazy("opens leads of rules that ask for it"),
}


class BenefitCatalogue(Page):
    """The library of benefits of a program, with what each tier gives, stated for it or inherited."""

    permission = P.TIER_VIEW
    title = gettext_lazy("Benefits")
    template_name = "tiers/workspace/benefits.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        crumbs = [{"label": _("Tiers"), "url": "/manage/tiers/"}, {"label": _("Benefits")}]
        programs = list(Program.objects.running())
        if not programs:
            return self.answer(crumbs=crumbs, empty=NOTHING)
        program = next((p for p in programs if p.code == request.GET.get("program")), programs[0])
        version = program.versions.active().get()
        return self.answer(
            crumbs=crumbs,
            subtitle=_(
                "What each tier of %(version)s gives. Every partner has the portal, with or without a tier."
            )
            % {"version": version},
            programs=[
                {"name": p.name, "url": f"?program={p.code}", "active": p == program} for p in programs
            ],
            version=version,
            **library(version),
        )


NOTHING = {
    "icon": "award",
    "title": gettext_lazy("No program is in force yet"),
    "text": gettext_lazy("Benefits come with the tiers of a program."),
}


def library(version: ProgramVersion) -> dict[str, Any]:
    """The benefits of a version as rows, its tiers as columns."""
    tiers = list(version.tiers.prefetch_related("benefits").order_by("-rank"))
    given = {tier.pk: {one.benefit_id: one for one in tier.benefits.all()} for tier in tiers}
    return {
        "tiers": [look(tier, len(tiers)) for tier in tiers],
        "rows": [
            {
                "name": benefit.name,
                "note": " · ".join(_about(benefit)),
                "cells": [_cell(given[tier.pk].get(benefit.pk)) for tier in tiers],
            }
            for benefit in version.benefits.all()
        ],
    }


def _about(benefit: Any) -> list[str]:
    """“Service · each quarter · plans quarterly reviews”."""
    found = [benefit.kind.capitalize()]
    if benefit.frequency:
        found.append(str(PERIODS[benefit.frequency]))
    if benefit.feature:
        found.append(str(FEATURES[benefit.feature]))
    return found


def _cell(given: TierBenefit | None) -> dict[str, Any]:
    if given is None:
        return {}
    how = _("inherited") if given.is_inherited else _("stated")
    return {"value": value_of(given), "how": how, "is_inherited": given.is_inherited}


def value_of(given: TierBenefit) -> str:
    """“$100,000 to $500,000”, “4 times”, “within 4 hours”; "" where nothing is said."""
    if given.amount:
        return wording.stated(given.amount)
    if given.hours:
        return ngettext("within %(n)s hour", "within %(n)s hours", given.hours) % {"n": given.hours}
    if given.quantity:
        return ngettext("%(n)s time", "%(n)s times", given.quantity) % {"n": given.quantity}
    return ""


# A partner's -----------------------------------------------------------------------------------------------------


def used(partner: Partner, on: date) -> dict[str, Any]:
    """What a partner may use and has used, as templates read it."""
    found = entitlements_of(partner, on)
    unused = [one.benefit.name for one in found if one.is_unused]
    names = {one.benefit.code: one.benefit.name for one in found}
    return {
        "entitlements": [line(one) for one in found if one.is_counted],
        "open_ended": [line(one) for one in found if not one.is_counted],
        "unused": wording.listed(unused),
        "uses": [use_line(use, names) for use in BenefitUse.objects.filter(partner=partner)[:50]],
        "has_tier": bool(found),
    }


def line(found: Entitlement) -> dict[str, Any]:
    """One benefit: what the period gives, what was used, what is left."""
    return {
        "name": found.benefit.name,
        "period": _period(found),
        "given": _given(found),
        "used": _amount(found.used_minor) if found.is_money else number(found.used),
        "left": _left(found),
        "state": "at_risk" if found.is_exceeded else "",
        "is_unused": found.is_unused,
        "tier": found.standing.tier.name,
        "value": value_of(found.given),
    }


def _period(found: Entitlement) -> str:
    if found.period.last_day is None:
        return _("since %(day)s") % {"day": say_day(found.period.starts_on)}
    return _("until %(day)s") % {"day": say_day(found.period.last_day)}


def _given(found: Entitlement) -> str:
    if found.is_money:
        return _amount(found.amount_minor) if found.amount_minor is not None else _("no limit stated")
    return number(found.quantity) if found.quantity is not None else _("no limit")


def _left(found: Entitlement) -> str:
    left = found.left_minor if found.is_money else found.left
    if left is None:
        return ""
    if left < 0:
        over = _amount(-left) if found.is_money else number(-left)
        return _("%(n)s too much") % {"n": over}
    return _amount(left) if found.is_money else number(left)


def _amount(minor: int | None) -> str:
    return money(Money(minor or 0, wording.currency()))


def use_line(use: BenefitUse, names: dict[str, str]) -> dict[str, Any]:
    """One use; a benefit that the tier of today does not give is named by its code."""
    return {
        "name": names.get(use.code, use.code.replace("_", " ").capitalize()),
        "on": use.used_on,
        "what": _amount(use.amount_minor) if use.amount_minor is not None else number(use.quantity),
        "note": use.note,
        "is_taken_back": use.taken_back_at is not None,
        "url": f"/manage/benefit-uses/{use.pk}/take-back/",
    }


class PartnerBenefits(RecordPage):
    """What one partner may use of its benefits, and has used."""

    permission = P.TIER_VIEW
    queryset = Partner.objects
    template_name = "tiers/benefits_used.html"

    def facts(self, record: Partner) -> dict[str, Any]:
        base = f"{record.get_absolute_url()}tier/"
        may = self.actor.may(P.TIER_INVEST)
        found = used(record, day(self.at))
        return {
            **found,
            "title": _("Benefits and use"),
            "subtitle": record.name,
            "crumbs": [
                {"label": record.name, "url": record.get_absolute_url()},
                {"label": _("Tier"), "url": base},
                {"label": _("Benefits and use")},
            ],
            "may_record": may,
            "actions": [Link(_("Record a use"), f"{base}benefits/record/", "plus", primary=True)]
            if may and found["has_tier"]
            else [],
        }


class RecordBenefitUse(AboutPartner, MovePage):
    """A partner used one of its benefits."""

    permission = P.TIER_INVEST
    queryset = Partner.objects
    form_class = BenefitUseForm
    title = gettext_lazy("Record a use")
    submit_label = gettext_lazy("Record the use")
    done_message = gettext_lazy("The use was recorded.")

    def form(self, **options: Any) -> Any:
        found = entitlements_of(self.record, day(self.at))
        benefits = [(one.benefit.code, one.benefit.name) for one in found]
        return super().form(benefits=benefits, **options)

    def initial(self) -> dict[str, Any]:
        return {"used_on": day(self.at), "quantity": 1}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        data["quantity"] = data.get("quantity") or 1
        return record_benefit_use(by=self.actor, partner=record, at=self.at, **data)

    def done_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}tier/benefits/"


class TakeBackBenefitUse(AboutPartner, MovePage):
    """A use was recorded by mistake."""

    permission = P.TIER_INVEST
    queryset = BenefitUse.objects.select_related("partner")
    form_class = ConfirmForm
    title = gettext_lazy("Take back the use")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The use no longer counts.")

    def perform_on(self, record: BenefitUse, data: dict[str, Any]) -> Any:
        return take_back_benefit_use(by=self.actor, use=record, at=self.at)

    def done_url(self, result: Any) -> str:
        return f"/manage/partners/{self.record.partner_id}/tier/benefits/"


class MyBenefits(OwnPartner):
    """What we may use of our benefits, and have used."""

    template_name = "tiers/benefits_used.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        crumbs = [{"label": _("My tier"), "url": "/portal/tier/"}, {"label": _("Benefits and use")}]
        return self.answer(
            **used(partner, day(self.at)),
            title=_("Benefits and use"),
            crumbs=crumbs,
            contact=contact(partner),
        )


class PortalArea(OwnPartner):
    """An area of the portal that a benefit adds. Whoever has not the benefit has not the area."""

    template_name = "tiers/portal/area.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        partner = self.partner()
        self.permit()
        areas = [
            one for one in entitlements_of(partner, day(self.at)) if one.benefit.feature == rules.PORTAL_AREA
        ]
        found = next((one for one in areas if one.benefit.code == self.kwargs["code"]), None)
        if found is None:
            raise Http404
        crumbs = [{"label": _("My tier"), "url": "/portal/tier/"}, {"label": found.benefit.name}]
        subtitle = _("It comes with %(tier)s.") % {"tier": found.standing.tier.name}
        return self.answer(
            title=found.benefit.name,
            subtitle=subtitle,
            crumbs=crumbs,
            line=line(found),
            contact=contact(partner),
        )
