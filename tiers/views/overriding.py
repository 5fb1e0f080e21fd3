"""Overrides and waivers in the workspace: given from the partner's tier, listed, and ended early."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import MovePage
from core.tables import Column
from core.templatetags.ui import day as say_day
from partners.models import Partner
from tiers import actions, decision_filters, wording
from tiers import decision_forms as forms
from tiers.models import Override, Program, Waiver
from tiers.querysets import primary_program
from tiers.views.common import UnderTiers

OVERRIDES, WAIVERS = "/manage/tier-overrides/?status=holds", "/manage/tier-waivers/?status=holds"


class _OfTier(MovePage):
    """A decision about a partner's tier, from the tier's page."""

    permission = P.TIER_DECIDE
    queryset = Partner.objects.select_related("psm")

    def done_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}tier/{self.query()}"

    def query(self) -> str:
        program = self.program()
        return f"?program={program.code}" if program and program != primary_program(self.record) else ""

    def program(self) -> Program | None:
        """The program of `?program=`, else the partner's primary one."""
        asked = self.request.GET.get("program", "")
        if not asked:
            return primary_program(self.record)
        found = Program.objects.of(self.record).filter(code=asked).first() if asked.isprintable() else None
        if found is None:
            raise Http404
        return found

    def crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": self.record.name, "url": self.record.get_absolute_url()},
            {"label": _("Tier"), "url": self.done_url(None)},
            {"label": self.title},
        ]


class OverrideTier(_OfTier):
    """Give a partner a tier until a day, whatever the requirements say."""

    form_class = forms.OverrideForm
    title = gettext_lazy("Give a tier by decision")
    submit_label = gettext_lazy("Give the tier")
    done_message = gettext_lazy("Decided. The partner is told.")

    def form(self, **options: Any) -> Any:
        return super().form(program=self.program(), **options)

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Override:
        return actions.override_tier(by=self.actor, partner=record, at=self.at, **data)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("The partner holds the tier from today, with its margin and benefits."),
            _("Until that day it is not lowered; a higher tier that is earned comes all the same."),
            _("On that day the requirements count again. If they are not met, a grace period starts first."),
            _("The partner’s admins are told, with your reason."),
        ]
        facts = {"subtitle": self.record.name, "effects": effects, "crumbs": self.crumbs()}
        return super().context(**{**facts, **more})


class WaiveRequirement(_OfTier):
    """Let a partner off one requirement of a tier until a day."""

    form_class = forms.WaiverForm
    title = gettext_lazy("Waive a requirement")
    submit_label = gettext_lazy("Waive it")
    done_message = gettext_lazy("Waived. The partner is told.")

    def form(self, **options: Any) -> Any:
        return super().form(partner=self.record, **options)

    def initial(self) -> dict[str, Any]:
        """The requirement of `?requirement=`, from whose row one comes."""
        asked = self.request.GET.get("requirement", "")
        return {"requirement": asked} if asked.isprintable() else {}

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Waiver:
        return actions.waive_requirement(by=self.actor, partner=record, at=self.at, **data)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("The requirement counts as met for that tier until the day."),
            _("Both sides read on the tier’s page that it is waived, until when, and why."),
            _("On that day it is asked for again. If it is missing, a grace period starts first."),
        ]
        facts = {"subtitle": self.record.name, "effects": effects, "crumbs": self.crumbs()}
        return super().context(**{**facts, **more})


class _HeldList(UnderTiers, ListPage):
    """Decisions that hold until a day, those that end first on top."""

    permission = P.TIER_VIEW
    default_sort = "expires_on"
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("holds", gettext_lazy("Hold now"), "status=holds"),
        ("ending", gettext_lazy("End within 30 days"), "status=ending"),
        ("ended", gettext_lazy("Ended"), "status=ended"),
        ("all", gettext_lazy("All"), ""),
    ]

    def row_url(self, row: Any) -> str:
        can_end = row.ended_on is None and self.actor.may(P.TIER_DECIDE)
        return row.end_url if can_end else row.get_absolute_url()


PARTNER = Column("partner", gettext_lazy("Partner"), lambda o: {"name": o.partner.name}, cell="name",
                 sort="partner__name", export=lambda o: o.partner.name)  # fmt: skip
REASON = Column("reason", gettext_lazy("Reason"))
STATE = Column("state", gettext_lazy("Status"), lambda o: o.state, cell="state", export=lambda o: o.state)
SINCE = Column("starts_on", gettext_lazy("Since"), cell="date", align="right", sort="starts_on")
UNTIL = Column("expires_on", gettext_lazy("Holds until"), cell="date", align="right", sort="expires_on")
BY = Column("approved_by", gettext_lazy("Decided by"), "approved_by.name", optional=True)


class OverrideList(_HeldList):
    """Tiers that are held by decision."""

    name = "tier-overrides"
    title = gettext_lazy("Tiers by decision")
    queryset = Override.objects.select_related("partner", "tier", "program", "approved_by")
    filterset_class = decision_filters.OverrideFilters
    columns: ClassVar[list[Column]] = [
        PARTNER, Column("tier", gettext_lazy("Tier"), "tier.name"), REASON, STATE, SINCE, UNTIL, BY,
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "gavel",
        "title": gettext_lazy("No tier is held by decision"),
        "text": gettext_lazy("A tier is given by decision from the partner’s tier page, with a reason and a day."),
    }  # fmt: skip


class WaiverList(_HeldList):
    """Requirements that are not asked for."""

    name = "tier-waivers"
    title = gettext_lazy("Waived requirements")
    queryset = Waiver.objects.select_related("partner", "program", "approved_by")
    filterset_class = decision_filters.WaiverFilters
    columns: ClassVar[list[Column]] = [
        PARTNER,
        Column("requirement", gettext_lazy("Requirement"), lambda w: wording.name_of(w.key), export=lambda w: w.key),
        Column("tier", gettext_lazy("Tier"), lambda w: w.tier_code.capitalize(), export=lambda w: w.tier_code),
        REASON, STATE, SINCE, UNTIL, BY,
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "circle-minus",
        "title": gettext_lazy("No requirement is waived"),
        "text": gettext_lazy("A requirement is waived from its row on the partner’s tier page."),
    }


class _End(MovePage):
    """End a decision before its day."""

    permission = P.TIER_DECIDE
    form_class = ConfirmForm
    submit_label = gettext_lazy("End it today")
    done_message = gettext_lazy("Ended. The partner is told.")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("It held until %(day)s and would end by itself then.")
            % {"day": say_day(self.record.expires_on)},
            _("If what is asked for is not met, a grace period starts; nothing is lost today."),
        ]
        subtitle = f"{self.record.partner.name}: {self.subject()}"
        return super().context(**{"subtitle": subtitle, "effects": effects, "danger": True, **more})

    def subject(self) -> str:
        raise NotImplementedError


class EndOverride(_End):
    """End a tier that is held by decision."""

    queryset = Override.objects.select_related("partner", "tier", "program")
    title = gettext_lazy("End this decision")

    def subject(self) -> str:
        return str(self.record.tier)

    def perform_on(self, record: Override, data: dict[str, Any]) -> Override:
        return actions.end_override(by=self.actor, override=record, at=self.at)


class EndWaiver(_End):
    """Ask for a waived requirement again."""

    queryset = Waiver.objects.select_related("partner", "program")
    title = gettext_lazy("Ask for it again")

    def subject(self) -> str:
        return wording.name_of(self.record.key)

    def perform_on(self, record: Waiver, data: dict[str, Any]) -> Waiver:
        return actions.end_waiver(by=self.actor, waiver=record, at=self.at)
