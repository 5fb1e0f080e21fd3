"""All about one organization, gathered: its tree, its names, what is registered and protected there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import timeline
from accounts.roles import Permission as P
from core.actors import Actor
from core.states import look
from core.templatetags.ui import day as say_day
from deals.models import ConflictCase, Deal, Protection
from partners import rules
from partners.models import Organization, Partner, Restructuring
from partners.querysets import tree_of

MOST_IN_TREE = 200
MOST_DEALS = 50
INDENTS = 6


@dataclass
class OrganizationPage:
    """One organization as one of the vendor's people reads it at one instant."""

    organization: Organization
    actor: Actor
    at: datetime

    @property
    def url(self) -> str:
        return self.organization.get_absolute_url()

    @cached_property
    def may_edit(self) -> bool:
        return self.actor.may(P.ORGANIZATION_EDIT) and not self.organization.merged_into_id

    @cached_property
    def may_arrange(self) -> bool:
        return self.actor.may(P.ORGANIZATION_ARRANGE)

    def facts(self) -> dict[str, Any]:
        found = self.organization
        return {
            "title": found.name,
            "crumbs": [
                {"label": _("Organizations"), "url": "/manage/organizations/"}, {"label": found.name},
            ],
            "facts_line": self.facts_line(),
            "actions": self.moves(),
            "note": self.note(),
            "tree": self.tree(),
            "tree_note": self.tree_note,
            "may_edit": self.may_edit,
            "add_below_url": f"{self.url}below/" if self.may_edit else "",
            "deals": self.deals(),
            "names": self.names(),
            "domains": self.domains(),
            "identifiers": self.identifiers(),
            "pairs": self.pairs(),
            "restructurings": self.restructurings(),
            "timeline": timeline.about(found, *found.merged.all(), *self.changes, actor=self.actor, limit=12),
        }  # fmt: skip

    def facts_line(self) -> list[Any]:
        found, partner = self.organization, self.partner
        words: list[Any] = [
            found.get_kind_display(),
            ", ".join(filter(None, [found.city, str(found.country.name)])),
        ]  # type: ignore[attr-defined]
        if found.parent:
            above = {
                "prefix": _("Part of"),
                "label": found.parent.name,
                "url": found.parent.get_absolute_url(),
            }
            words.append(above)
        words += [_("Public body")] if found.is_public_body else []
        words += [_("Prospect")] if found.is_prospect else []
        if partner:
            words.append({"prefix": _("Partner"), "label": partner.name, "url": partner.get_absolute_url()})
        return [word for word in words if word]

    @cached_property
    def partner(self) -> Partner | None:
        return Partner.objects.visible_to(self.actor).filter(organization=self.organization).first()

    def note(self) -> dict[str, Any] | None:
        """What is out of the ordinary: it was merged away, or something about it waits."""
        if into := self.organization.merged_into:
            link = {"label": into.name, "url": into.get_absolute_url()}
            title = _("Merged.")
            text = _("What pointed here points at the other one now:")
            return {"tone": "neutral", "icon": "archive", "title": title, "text": text, "link": link}
        waiting = next((change for change in self.changes if change.state == rules.WAITING), None)
        if waiting is None:
            return None
        text = _("%(what)s. It is carried out with the decision of the conflict case.") % {
            "what": said(waiting)
        }
        case = ConflictCase.objects.visible_to(self.actor).running().filter(restructuring=waiting).first()
        link = {"label": case.number, "url": case.get_absolute_url()} if case else None
        title = _("Waits for a decision.")
        return {"tone": "contested", "icon": "scale", "title": title, "text": text, "link": link}

    def moves(self) -> list[dict[str, Any]]:
        found = []
        if self.may_edit:
            found.append({"label": _("Change facts"), "url": f"{self.url}change/", "icon": "pencil"})
        if self.may_arrange and not self.organization.merged_into_id:
            found += [
                {"label": _("Move in the tree"), "url": f"{self.url}move/", "icon": "switch-horizontal"},
                {"label": _("Merge"), "url": f"{self.url}merge/", "icon": "git-merge"},
            ]
        return found

    # The tree ----------------------------------------------------------------------------------------------------

    def tree(self) -> list[dict[str, Any]]:
        """The chain above, this one, and all below it, in reading order; the nodes of other branches are left out."""
        here = self.organization
        tree = tree_of(here)
        above = list(reversed(tree.above(here.pk)))
        shown = [*((pk, depth) for depth, pk in enumerate(above)), *_walk(tree, here.pk, len(above))][
            :MOST_IN_TREE
        ]
        rows = Organization.objects.in_bulk([pk for pk, _depth in shown])
        held = self._protected([pk for pk, _depth in shown])
        return [
            {
                "organization": rows[pk],
                "indent": min(depth, INDENTS),
                "here": pk == here.pk,
                "kind": rows[pk].get_kind_display(),
                "protected": held.get(pk, ""),
            }
            for pk, depth in shown
        ]

    @property
    def tree_note(self) -> str:
        n = self.organization.children.count()
        return _("%(n)s directly below") % {"n": n} if n else _("nothing below it")

    def _protected(self, ids: list[Any]) -> dict[Any, str]:
        """The last day of the protections that I may see, by organization."""
        running = Protection.objects.visible_to(self.actor).running().filter(organization__in=ids)
        return {
            pk: _("protected until %(day)s") % {"day": say_day(until)}
            for pk, until in running.order_by("until").values_list("organization", "until")
        }

    # What hangs on it --------------------------------------------------------------------------------------------

    def deals(self) -> list[dict[str, Any]]:
        """The registrations here and below it that I may see, the newest first."""
        below = Organization.objects.scope_of(self.organization, below=True)
        found = Deal.objects.visible_to(self.actor).filter(organization__in=below)
        return [
            {
                "deal": deal,
                "elsewhere": deal.organization if deal.organization_id != self.organization.pk else None,
            }
            for deal in found.select_related("partner", "organization").order_by("-created_at")[:MOST_DEALS]
        ]

    def names(self) -> list[dict[str, Any]]:
        words = {
            "alias": _("another name"),
            "former": _("former name"),
            "stated": _("as a document states it"),
        }
        return [
            self._line(row, row.name, words[row.kind], "remove-organization-name")
            for row in self.organization.other_names.order_by("kind", "name")
        ]

    def domains(self) -> list[dict[str, Any]]:
        rows = self.organization.domains.order_by("domain")
        return [self._line(row, row.domain, "", "remove-organization-domain") for row in rows]

    def identifiers(self) -> list[dict[str, Any]]:
        rows = self.organization.identifiers.order_by("scheme", "value")
        named = rules.SCHEME_WORDS
        return [
            self._line(row, row.value, named[row.scheme], "remove-organization-identifier") for row in rows
        ]

    def _line(self, row: Any, text: str, note: Any, route: str) -> dict[str, Any]:
        url = reverse(f"workspace:{route}", args=[row.pk]) if self.may_edit else ""
        return {"text": text, "note": note, "remove_url": url}

    def pairs(self) -> list[dict[str, Any]]:
        found = self.organization
        yes = {True: _("Yes"), False: _("No")}
        plain = [
            (_("Legal name"), found.legal_name, ""),
            (_("Website"), found.website, found.website),
            (_("Public body"), yes[found.is_public_body], ""),
            (_("Cares for patients"), yes[found.is_healthcare_provider], ""),
            (_("In the public directory"), yes[found.public_directory], ""),
        ]
        return [{"label": label, "value": value, "url": url} for label, value, url in plain if value]

    # Merges and moves --------------------------------------------------------------------------------------------

    @cached_property
    def changes(self) -> list[Restructuring]:
        found = Restructuring.objects.about(self.organization).select_related(
            "organization", "target", "requested_by", "undoes__organization"
        )
        return list(found.order_by("-created_at", "-id")[:20])

    def restructurings(self) -> list[dict[str, Any]]:
        return [
            {
                "change": change,
                "said": said(change),
                "look": look(change.state),
                "move": self._way_back(change),
            }
            for change in self.changes
        ]

    def _way_back(self, change: Restructuring) -> dict[str, str] | None:
        if not self.may_arrange:
            return None
        if change.state == rules.WAITING:
            return {
                "label": _("Give up"),
                "url": reverse("workspace:abandon-restructuring", args=[change.pk]),
            }
        if change.state == rules.DONE and change.kind != rules.UNDO:
            return {"label": _("Undo"), "url": reverse("workspace:undo-restructuring", args=[change.pk])}
        return None


def _walk(tree: rules.Tree, node: Any, depth: int) -> list[tuple[Any, int]]:
    """A node and all below it, each before what lies below it."""
    below = [
        found for child in sorted(tree.children.get(node, ())) for found in _walk(tree, child, depth + 1)
    ]
    return [(node, depth), *below]


def said(change: Restructuring) -> str:
    """“Merge of Harbor General into Harbor Valley General”."""
    named = {"name": change.organization.name, "target": change.target.name if change.target else ""}
    if change.kind == rules.UNDO:
        undone = change.undoes
        return _("Undoing: %(what)s") % {"what": said(undone)} if undone else _("Undoing")
    if change.kind == rules.MERGE:
        return _("Merge of %(name)s into %(target)s") % named
    if change.target:
        return _("%(name)s moved under %(target)s") % named
    return _("%(name)s taken out of its tree") % named
