"""The editor of a draft: one page with all its parts, and a small form for each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.forms import BaseForm
from core.pages import RecordPage
from tiers import actions, codes, rules, wording
from tiers import version_forms as forms
from tiers.content import content_of
from tiers.forms import Nothing
from tiers.models import ProgramVersion
from tiers.portable import Plain, plain
from tiers.views.versions import VersionMove, crumbs_to, lifecycle_moves


class EditVersion(RecordPage):
    """All parts of a draft, each with its form."""

    permission = P.TIER_DRAFT
    queryset = ProgramVersion.objects.select_related("program")
    template_name = "tiers/workspace/edit.html"

    def facts(self, record: ProgramVersion) -> dict[str, Any]:
        data = plain(content_of(record))
        is_draft = record.state == rules.DRAFT
        return {
            "title": _("Edit %(version)s") % {"version": record},
            "state": "in_force" if record.state == rules.ACTIVE else record.state,
            "crumbs": crumbs_to(record, _("Edit")),
            "subtitle": _("Partners see nothing of a draft. Each part is saved by itself.")
            if is_draft
            else _(
                "Nothing but a draft is ever edited. Make a new draft from this version, and change that."
            ),
            "actions": moves(record, self.actor),
            "is_draft": is_draft,
            "base": record.get_absolute_url(),
            "settings": setting_pairs(data),
            "tiers": [tier_card(record, code, tier, data) for code, tier in reversed(data["tiers"].items())],
            "benefits": [
                {"code": code, **benefit, "given_by": given_by(data, code)}
                for code, benefit in data["benefits"].items()
            ],
        }


def moves(record: ProgramVersion, actor: Any) -> list[dict[str, Any]]:
    """What leads on from the editor."""
    base = record.get_absolute_url()
    found = [m for m in lifecycle_moves(record, actor) if m.get("url") == f"{base}submit/"]
    return [*found, {"label": _("Impact"), "icon": "chart-bar", "url": f"{base}impact/"}]


def setting_pairs(data: Plain) -> list[dict[str, Any]]:
    found = {"name": data["name"], **data["settings"]}
    return [{"label": codes.label(name), "value": _said(value)} for name, value in found.items()]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return codes.in_words(str(value))


def tier_card(record: ProgramVersion, code: str, tier: Plain, data: Plain) -> dict[str, Any]:
    """One tier with its groups, requirements and benefits as the editor lists them."""
    base = f"{record.get_absolute_url()}tiers/{code}/"
    groups = tier.get("groups") or {}
    return {
        "code": code,
        "url": base,
        "name": tier["name"],
        "look": {"name": tier["name"], "rank": tier["rank"], "of": len(data["tiers"]),
                 "colour": tier.get("colour") or code},
        "line": terms_line(tier),
        "groups": [
            {"url": f"{base}groups/{key}/", "name": group["name"], "rule": group_words(group)}
            for key, group in groups.items()
        ],
        "requirements": [
            {
                "url": f"{base}requirements/{n}/",
                "name": str(wording.name_of(need["metric"])),
                "words": f"{comparator_words(need['comparator'])} {need['threshold'].strip('+>')}",
                "note": ", ".join(filter(None, [need["stated"], wording.window(need["window"]),
                                                groups.get(need.get("group"), {}).get("name", "")])),
            }
            for n, need in enumerate(tier["requirements"], start=1)
        ],
        "benefits": [
            {
                "url": f"{base}benefits/{key}/",
                "name": benefit["name"],
                "is_given": key in tier["benefits"],
                "note": value_words(tier["benefits"].get(key, {})),
            }
            for key, benefit in data["benefits"].items()
        ],
    }  # fmt: skip


def terms_line(tier: Plain) -> list[str]:
    named = (("margin", _("Margin")), ("co_marketing", _("Co-marketing")), ("investment", _("Investment")))
    terms = [f"{label} {_text(tier[name])}" for name, label in named if tier.get(name)]
    return [*terms, _("rise by decision") if tier["upgrade"] == rules.BY_DECISION else _("rise at once")]


def _text(band: Any) -> str:
    """A range's words; one that no words state is said by its meaning."""
    return (
        band
        if isinstance(band, str)
        else wording.stated({"raw": "", "basis": "", "low": None, "high": None, **band})
    )


def group_words(group: Plain) -> str:
    words = {rules.ALL: _("all of them"), rules.ANY: _("any one")}
    return words.get(group["rule"]) or _("%(n)s of them") % {"n": group.get("n", 1)}


def comparator_words(comparator: str) -> str:
    return {rules.AT_LEAST: _("at least"), rules.MORE_THAN: _("more than")}.get(comparator, "")


def value_words(values: Plain) -> str:
    found = [_("%(n)s times") % {"n": values["quantity"]}] if values.get("quantity") else []
    return ", ".join(
        [*found, *([_("within %(n)s hours") % {"n": values["hours"]}] if values.get("hours") else [])]
    )


def given_by(data: Plain, code: str) -> str:
    return ", ".join(tier["name"] for tier in data["tiers"].values() if code in tier["benefits"]) or _(
        "no tier"
    )


# Forms --------------------------------------------------------------------------------------------------------------


class PartPage(VersionMove):
    """The form of one part. Whatever is no draft refuses it in words (409)."""

    permission = P.TIER_DRAFT
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("The draft is changed.")
    form_class: ClassVar[type[BaseForm]] = forms.PartForm
    code_stays: ClassVar[Any] = ""  # why the code of an existing part is not changed

    def prepare(self) -> None:
        super().prepare()
        self.data = plain(content_of(self.record))
        self.look_up()

    def look_up(self) -> None:
        """The part that the address names, or Http404."""

    def context(self, **more: Any) -> dict[str, Any]:
        code = self.kwargs.get("code") or self.kwargs.get("tier")
        said = {"effects": [self.code_stays % {"code": code}]} if self.code_stays else {}
        return super().context(**{"subtitle": self.about(), **said, **more})

    def about(self) -> str:
        """“Gold · Annual revenue”: what the form is about."""
        tier = self.data["tiers"].get(self.kwargs.get("tier", ""), {})
        part = getattr(self, "part", {})
        name = wording.name_of(part["metric"]) if "metric" in part else part.get("name", "")
        return " · ".join(dict.fromkeys(word for word in (tier.get("name", ""), name) if word))

    def tier(self) -> Plain:
        return part_of(self.data["tiers"], self.kwargs["tier"])

    def form(self, **options: Any) -> BaseForm:
        more = {"known": self.data, "tier": self.kwargs.get("tier", "")} if self.is_of_part else {}
        return self.form_class(actor=self.actor, initial=self.initial(), **more, **options)

    @property
    def is_of_part(self) -> bool:
        return issubclass(self.form_class, forms.PartForm)

    def work(self, form: BaseForm) -> Any:
        self.filled = form
        return super().work(form)

    def perform_on(self, record: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        facts = self.filled.facts() if isinstance(self.filled, forms.PartForm) else {}
        return self.change(record, facts)

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        """Call exactly one action."""
        raise NotImplementedError

    def done_url(self, result: Any) -> str:
        return f"{self.record.get_absolute_url()}edit/"


def part_of(parts: Plain | None, code: str) -> Any:
    """A part by its code. Raises Http404."""
    if not parts or code not in parts:
        raise Http404
    return parts[code]


class ChangeSettings(PartPage):
    form_class = forms.SettingsForm
    title = gettext_lazy("Settings")

    def initial(self) -> dict[str, Any]:
        return {"name": self.data["name"], **self.data["settings"]}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.change_settings(by=self.actor, version=record, at=self.at, **facts)


class AddTier(PartPage):
    form_class = forms.NewTierForm
    title = gettext_lazy("A new tier")
    submit_label = gettext_lazy("Add the tier")

    def initial(self) -> dict[str, Any]:
        return {"rank": len(self.data["tiers"]) + 1}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        if facts["code"] in self.data["tiers"]:
            raise ValidationError({"code": _("There is a tier of this code already.")})
        return actions.set_tier(by=self.actor, version=record, at=self.at, **facts)


class ChangeTier(PartPage):
    form_class = forms.TierForm
    title = gettext_lazy("Change the tier")
    code_stays = gettext_lazy(
        "Its code %(code)s stays: standings, decisions and other versions know the tier by it. For another code, add a"
        " tier and remove this one; whoever holds it then goes on in the next lower one."
    )

    def look_up(self) -> None:
        self.part = self.tier()

    def initial(self) -> dict[str, Any]:
        return {name: value for name, value in self.part.items() if not isinstance(value, dict)}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.set_tier(by=self.actor, version=record, code=self.kwargs["tier"], at=self.at, **facts)


class RemovalPage(PartPage):
    form_class = Nothing
    submit_label = gettext_lazy("Remove it")
    button_class = "btn-danger"
    effect: ClassVar[Any] = ""

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"effects": [self.effect], **more})


class RemoveTier(RemovalPage):
    title = gettext_lazy("Remove the tier")
    effect = gettext_lazy(
        "Once this version is in force, whoever holds the tier goes on in the next lower one."
    )

    def look_up(self) -> None:
        self.part = self.tier()

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.remove_tier(by=self.actor, version=record, code=self.kwargs["tier"], at=self.at)


class AddGroup(PartPage):
    form_class = forms.NewGroupForm
    title = gettext_lazy("A new group of requirements")
    submit_label = gettext_lazy("Add the group")

    def look_up(self) -> None:
        self.part = self.tier()

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        if facts["code"] in (self.part.get("groups") or {}):
            raise ValidationError({"code": _("There is a group of this code already.")})
        return actions.set_group(by=self.actor, version=record, tier=self.kwargs["tier"], at=self.at, **facts)


class ChangeGroup(PartPage):
    form_class = forms.GroupForm
    title = gettext_lazy("Change the group")
    code_stays = gettext_lazy(
        "Its code %(code)s stays: requirements name their group by it. For another code, add a group, move the"
        " requirements into it, and remove this one."
    )

    def look_up(self) -> None:
        self.part = part_of(self.tier().get("groups"), self.kwargs["code"])

    def initial(self) -> dict[str, Any]:
        return self.part  # type: ignore[no-any-return]

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.set_group(
            by=self.actor,
            version=record,
            tier=self.kwargs["tier"],
            code=self.kwargs["code"],
            at=self.at,
            **facts,
        )


class RemoveGroup(RemovalPage):
    title = gettext_lazy("Remove the group")
    effect = gettext_lazy("The group must be empty: requirements are taken out of it first.")

    def look_up(self) -> None:
        self.part = part_of(self.tier().get("groups"), self.kwargs["code"])

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.remove_group(
            by=self.actor, version=record, tier=self.kwargs["tier"], code=self.kwargs["code"], at=self.at
        )


class AddRequirement(PartPage):
    form_class = forms.RequirementForm
    title = gettext_lazy("A new requirement")
    submit_label = gettext_lazy("Add the requirement")

    def look_up(self) -> None:
        self.part = self.tier()

    def initial(self) -> dict[str, Any]:
        return {"window": self.data["settings"].get("evaluation_window")}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.set_requirement(
            by=self.actor, version=record, tier=self.kwargs["tier"], position=None, at=self.at, **facts
        )


class OfRequirement(PartPage):
    """A page about the requirement at a position."""

    def look_up(self) -> None:
        needs, position = self.tier()["requirements"], self.kwargs["position"]
        if not 1 <= position <= len(needs):
            raise Http404
        self.part = needs[position - 1]


class ChangeRequirement(OfRequirement):
    form_class = forms.RequirementForm
    title = gettext_lazy("Change the requirement")
    code_stays = gettext_lazy(
        "A requirement has no code: facts know it by what is counted, over which time and of whom. Another of these"
        " makes it another requirement."
    )

    def initial(self) -> dict[str, Any]:
        usual = {"scope": rules.PARTNER, "weight": 1, "evidence": rules.AUTO, "is_waivable": True}
        threshold = self.part["threshold"].removeprefix(">").removeprefix("up to ").removesuffix("+")
        return {**usual, **self.part, "threshold": threshold}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.set_requirement(
            by=self.actor,
            version=record,
            tier=self.kwargs["tier"],
            position=self.kwargs["position"],
            at=self.at,
            **facts,
        )


class RemoveRequirement(RemovalPage, OfRequirement):
    title = gettext_lazy("Remove the requirement")
    effect = gettext_lazy("The tier no longer asks for it.")

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.remove_requirement(
            by=self.actor,
            version=record,
            tier=self.kwargs["tier"],
            position=self.kwargs["position"],
            at=self.at,
        )


class AddBenefit(PartPage):
    form_class = forms.NewBenefitForm
    title = gettext_lazy("A new benefit")
    submit_label = gettext_lazy("Add the benefit")

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        if facts["code"] in self.data["benefits"]:
            raise ValidationError({"code": _("There is a benefit of this code already.")})
        return actions.set_benefit(by=self.actor, version=record, at=self.at, **facts)


class ChangeBenefit(PartPage):
    form_class = forms.BenefitForm
    code_stays = gettext_lazy(
        "Its code %(code)s stays: what partners have used of it is kept under it, from version to version."
    )
    title = gettext_lazy("Change the benefit")

    def look_up(self) -> None:
        self.part = part_of(self.data["benefits"], self.kwargs["code"])

    def initial(self) -> dict[str, Any]:
        return self.part  # type: ignore[no-any-return]

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.set_benefit(
            by=self.actor, version=record, code=self.kwargs["code"], at=self.at, **facts
        )


class RemoveBenefit(RemovalPage):
    title = gettext_lazy("Remove the benefit")
    effect = gettext_lazy("The library no longer holds it, and no tier gives it.")

    def look_up(self) -> None:
        self.part = part_of(self.data["benefits"], self.kwargs["code"])

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.remove_benefit(by=self.actor, version=record, code=self.kwargs["code"], at=self.at)


class GiveBenefit(PartPage):
    form_class = forms.GiveBenefitForm
    title = gettext_lazy("A tier's benefit")

    def look_up(self) -> None:
        part_of(self.data["benefits"], self.kwargs["code"])
        self.part = self.tier()["benefits"].get(self.kwargs["code"])

    def initial(self) -> dict[str, Any]:
        return {"is_given": self.part is not None, **(self.part or {})}

    def change(self, record: ProgramVersion, facts: dict[str, Any]) -> ProgramVersion:
        return actions.give_benefit(
            by=self.actor,
            version=record,
            tier=self.kwargs["tier"],
            code=self.kwargs["code"],
            at=self.at,
            **facts,
        )
