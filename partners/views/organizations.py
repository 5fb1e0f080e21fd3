"""Organizations: recorded, changed, named, placed in their tree, merged; and what of it is taken back."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission as P
from core.forms import ConfirmForm
from core.pages import Fetching, FormPage, MovePage
from partners import actions, forms, rules
from partners.actions.restructuring import pointing_at
from partners.lookup import find_doubles
from partners.models import (
    Organization,
    OrganizationDomain,
    OrganizationIdentifier,
    OrganizationName,
    Restructuring,
)

FACTS = tuple(forms.OrganizationForm.base_fields)


class AddOrganization(FormPage):
    """Record an organization, on its own or under another one."""

    permission = P.ORGANIZATION_EDIT
    form_class = forms.OrganizationForm
    title = gettext_lazy("Add an organization")
    submit_label = gettext_lazy("Add")
    cancel_url = "/manage/organizations/"
    done_message = gettext_lazy("Added.")

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return fieldsets()

    def perform(self, data: dict[str, Any]) -> Organization:
        return actions.add_organization(by=self.actor, at=self.at, origin="manager", **data)

    def done_url(self, result: Organization) -> str:
        return result.get_absolute_url()


class AddBelow(Fetching, AddOrganization):
    """Record an organization under this one."""

    queryset = Organization.objects.standing()
    title = gettext_lazy("Add an organization below")

    def prepare(self) -> None:
        self.parent = self.fetch()

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"subtitle": self.parent.name, "crumbs": crumbs(self.parent), **more})

    def initial(self) -> dict[str, Any]:
        parent = self.parent
        return {"country": str(parent.country), "city": parent.city, "is_public_body": parent.is_public_body,
                "is_healthcare_provider": parent.is_healthcare_provider, "kind": "hospital"}  # fmt: skip

    def perform(self, data: dict[str, Any]) -> Organization:
        return super().perform({**data, "parent": self.parent})

    def get_cancel_url(self) -> str:
        return self.parent.get_absolute_url()


def fieldsets() -> list[dict[str, Any]]:
    return [
        {"fields": ["name", "legal_name", "kind"]},
        {"fields": ["city", "country"], "pair": True},
        {"fields": ["website"]},
        {"legend": _("What it is"),
         "fields": ["is_public_body", "is_healthcare_provider", "public_directory", "is_prospect"]},
    ]  # fmt: skip


def crumbs(organization: Organization) -> list[dict[str, str]]:
    return [
        {"label": _("Organizations"), "url": "/manage/organizations/"},
        {"label": organization.name, "url": organization.get_absolute_url()},
    ]


class OfOrganization(MovePage):
    """A move of one organization."""

    permission = P.ORGANIZATION_EDIT
    queryset: ClassVar[Any] = Organization.objects.select_related("parent", "merged_into")

    def effects(self) -> list[str]:
        return []

    def context(self, **more: Any) -> dict[str, Any]:
        about = {"crumbs": crumbs(self.record), "effects": self.effects(), "subtitle": self.record.name}
        return super().context(**{**about, **more})


class ChangeOrganization(OfOrganization):
    """Change its facts."""

    form_class = forms.OrganizationForm
    title = gettext_lazy("Change facts")
    done_message = gettext_lazy("Saved.")

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return fieldsets()

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in FACTS} | {"country": str(self.record.country)}

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Organization:
        return actions.change_organization(by=self.actor, organization=record, at=self.at, **data)


class AddName(OfOrganization):
    """Another name by which it is known."""

    form_class = forms.OrganizationNameForm
    title = gettext_lazy("Add a name")
    submit_label = gettext_lazy("Add the name")
    done_message = gettext_lazy("Added.")

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Organization:
        return actions.add_name(by=self.actor, organization=record, at=self.at, **data)


class AddDomain(OfOrganization):
    """A web or mail domain of its own."""

    form_class = forms.OrganizationDomainForm
    title = gettext_lazy("Add a domain")
    submit_label = gettext_lazy("Add the domain")
    done_message = gettext_lazy("Added.")

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Organization:
        return actions.add_domain(by=self.actor, organization=record, at=self.at, **data)


class AddIdentifier(OfOrganization):
    """A number in a public register."""

    form_class = forms.OrganizationIdentifierForm
    title = gettext_lazy("Add an identifier")
    submit_label = gettext_lazy("Add the identifier")
    done_message = gettext_lazy("Added.")

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Organization:
        return actions.add_identifier(by=self.actor, organization=record, at=self.at, **data)


class Remove(MovePage):
    """Take something away that hangs on an organization."""

    permission = P.ORGANIZATION_EDIT
    form_class = ConfirmForm
    submit_label = gettext_lazy("Remove")
    done_message = gettext_lazy("Removed.")

    def context(self, **more: Any) -> dict[str, Any]:
        owner = self.record.organization
        return super().context(
            **{"crumbs": crumbs(owner), "subtitle": f"{owner.name}: {self.record}", "danger": True, **more}
        )

    def done_url(self, result: Any) -> str:
        return str(self.record.organization.get_absolute_url())


class RemoveName(Remove):
    queryset = OrganizationName.objects.select_related("organization")
    title = gettext_lazy("Remove this name")

    def perform_on(self, record: OrganizationName, data: dict[str, Any]) -> Organization:
        return actions.remove_name(
            by=self.actor, organization=record.organization, name=record.name, at=self.at
        )


class RemoveDomain(Remove):
    queryset = OrganizationDomain.objects.select_related("organization")
    title = gettext_lazy("Remove this domain")

    def perform_on(self, record: OrganizationDomain, data: dict[str, Any]) -> Organization:
        return actions.remove_domain(
            by=self.actor, organization=record.organization, domain=record.domain, at=self.at
        )


class RemoveIdentifier(Remove):
    queryset = OrganizationIdentifier.objects.select_related("organization")
    title = gettext_lazy("Remove this identifier")

    def perform_on(self, record: OrganizationIdentifier, data: dict[str, Any]) -> Organization:
        return actions.remove_identifier(
            by=self.actor, organization=record.organization, scheme=record.scheme, value=record.value, at=self.at
        )  # fmt: skip


# The tree --------------------------------------------------------------------------------------------------------


class ChooseAnother(OfOrganization):
    """A move that needs a second organization: guesses, or what matches the words that were looked for."""

    permission = P.ORGANIZATION_ARRANGE
    template_name = "partners/workspace/choose_organization.html"
    form_class: ClassVar[type[forms.ChosenForm]] = forms.ChosenForm

    def candidates(self) -> list[Organization]:
        seen = Organization.by_every_name.visible_to(self.actor).standing().exclude(pk=self.record.pk)
        if text := self.request.GET.get("search", "").replace("\x00", "").strip()[:200]:
            return list(seen.matching(text).order_by("name")[:20])
        return self.guesses()

    def guesses(self) -> list[Organization]:
        found = [one.id for one in find_doubles(self.record)]
        seen = Organization.by_every_name.visible_to(self.actor).in_bulk(found)
        return [seen[pk] for pk in found if pk in seen]

    def form(self, **options: Any) -> Any:
        found = self.candidates()
        if "data" in options:
            chosen = _key(options["data"].get("chosen"))
            found += list(Organization.objects.visible_to(self.actor).filter(pk=chosen))
        return self.form_class(actor=self.actor, initial=self.initial(), candidates=found, **options)

    def context(self, **more: Any) -> dict[str, Any]:
        found = "form" in more and bool(more["form"].fields["chosen"].queryset)
        facts = {"search_value": self.request.GET.get("search", ""), "has_candidates": found}
        return super().context(**{**facts, **more})

    def done_url(self, result: Any) -> str:
        """What stays: the other one after a merge that was carried out."""
        is_gone = (
            isinstance(result, Restructuring) and result.kind == rules.MERGE and result.state == rules.DONE
        )
        return result.target.get_absolute_url() if is_gone else super().done_url(result)


def _key(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


class MergeOrganization(ChooseAnother):
    """They are one and the same."""

    title = gettext_lazy("Merge into another organization")
    submit_label = gettext_lazy("They are the same: merge")

    def effects(self) -> list[str]:
        n = sum(1 for _row in pointing_at(self.record))
        return [
            ngettext(
                "%(n)s record that points at it (registration, protection, name, domain …) points at the other one.",
                "%(n)s records that point at it (registrations, protections, names, domains …) point at the other one.",
                n,
            )
            % {"n": n},
            _("Both names, all domains and identifiers stay. It can be undone."),
            _("Open registrations are compared again."),
            _("Where two partners would be protected on one customer, a conflict case decides first."),
        ]

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Restructuring:
        return actions.merge_organizations(
            by=self.actor, organization=record, into=data["chosen"], reason=data["reason"], at=self.at
        )


class MoveOrganization(ChooseAnother):
    """Stand it under another one."""

    form_class = forms.ParentForm
    title = gettext_lazy("Move in the tree")
    submit_label = gettext_lazy("Move it")

    def initial(self) -> dict[str, Any]:
        return {"chosen": self.record.parent_id}

    def guesses(self) -> list[Organization]:
        tops = Organization.objects.visible_to(self.actor).tops().filter(country=self.record.country)
        own = [self.record.parent] if self.record.parent else []
        return [*own, *tops.exclude(pk__in=[self.record.pk, self.record.parent_id]).order_by("name")[:12]]

    def effects(self) -> list[str]:
        return [
            _("All that lies below it moves along."),
            _("Where two partners would be protected on one customer, a conflict case decides first."),
        ]

    def perform_on(self, record: Organization, data: dict[str, Any]) -> Restructuring:
        return actions.move_organization(
            by=self.actor, organization=record, parent=data["chosen"], reason=data["reason"], at=self.at
        )


class OfRestructuring(MovePage):
    """A move of a merge or a move."""

    permission = P.ORGANIZATION_ARRANGE
    queryset = Restructuring.objects.select_related("organization", "target")

    def context(self, **more: Any) -> dict[str, Any]:
        owner = self.record.organization
        return super().context(**{"crumbs": crumbs(owner), "subtitle": owner.name, **more})

    def done_url(self, result: Any) -> str:
        return str(self.record.organization.get_absolute_url())


class UndoRestructuring(OfRestructuring):
    """Take a merge or a move back."""

    form_class = forms.ReasonedForm
    title = gettext_lazy("Undo")
    submit_label = gettext_lazy("Undo it")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("Every row that still stands where it was put returns."),
            _("Where two partners would be protected on one customer, a conflict case decides first."),
        ]
        return super().context(**{"effects": effects, **more})

    def perform_on(self, record: Restructuring, data: dict[str, Any]) -> Restructuring:
        return actions.undo_restructuring(
            by=self.actor, restructuring=record, reason=data["reason"], at=self.at
        )


class AbandonRestructuring(OfRestructuring):
    """Give up what waits."""

    form_class = ConfirmForm
    title = gettext_lazy("Give up what waits")
    submit_label = gettext_lazy("Give it up")
    done_message = gettext_lazy("Given up. The tree stays as it is.")

    def perform_on(self, record: Restructuring, data: dict[str, Any]) -> Restructuring:
        return actions.abandon_restructuring(by=self.actor, restructuring=record, at=self.at)
