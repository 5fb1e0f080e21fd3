"""The form of a deal's credit: a few lines for each role, the first source being the primary one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.fields import ReasonField
from deals import credit
from deals.credit import Share
from deals.forms.moves import ReasonForm
from deals.forms.registrations import LongText
from partners.models import Partner

LINES = 4
DIRECT = "direct"
PARTS = 3  # who, percent, what it rests on


class SharesInput(forms.MultiWidget):
    """Some lines of who, how many percent, and what it rests on."""

    template_name = "deals/widgets/shares.html"

    def __init__(self, choices: Sequence[tuple[str, Any]], lines: int) -> None:
        widgets: list[forms.Widget] = []
        for n in range(1, lines + 1):
            widgets += [
                forms.Select(choices=choices, attrs=_named(_("Who, line %(n)s"), n)),
                forms.NumberInput(attrs={"min": 1, "max": 100, **_named(_("Percent, line %(n)s"), n)}),
                forms.TextInput(
                    attrs={"placeholder": _("What it rests on"), **_named(_("Basis, line %(n)s"), n)}
                ),
            ]
        super().__init__(widgets)

    def decompress(self, value: list[Share] | None) -> list[Any]:
        found: list[Any] = []
        for share in value or []:
            found += [str(share.partner_id) if share.partner_id else DIRECT, share.weight, share.basis]
        return found + [None] * (len(self.widgets) - len(found))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        for part, widget in zip(parts, self.widgets, strict=True):
            css = "form-select" if isinstance(widget, forms.Select) else "form-control"
            own = {**widget.attrs, "class": css, "id": part["attrs"].get("id", "")}
            part["attrs"] = own | {k: v for k, v in part["attrs"].items() if k.startswith("aria-in")}
        context["widget"]["lines"] = [parts[n : n + PARTS] for n in range(0, len(parts), PARTS)]
        return context


def _named(words: str, n: int) -> dict[str, str]:
    return {"aria-label": words % {"n": n}}


class SharesField(forms.MultiValueField):
    """The shares of one role; cleaned to a list of Share. Empty lines are left out."""

    def __init__(self, family: str, choices: Sequence[tuple[str, Any]], lines: int = LINES) -> None:
        self.family = family
        fields: list[forms.Field] = []
        for _n in range(lines):
            fields += [
                forms.ChoiceField(choices=choices, required=False),
                forms.IntegerField(min_value=1, max_value=credit.WHOLE, required=False),
                forms.CharField(max_length=200, required=False),
            ]
        super().__init__(
            fields, label=credit.FAMILY_WORDS[family], help_text=credit.DEFINITIONS[family],
            required=family in credit.NEEDED, require_all_fields=False, widget=SharesInput(choices, lines),
        )  # fmt: skip

    def compress(self, values: list[Any]) -> list[Share]:
        lines = [values[n : n + PARTS] for n in range(0, len(values), PARTS)]
        found = [self._share(*line) for line in lines if any(line)]
        if found and self.family == credit.SOURCED:
            found[0] = Share(**{**found[0].__dict__, "is_primary": True})
        return found

    def _share(self, who: str, weight: int | None, basis: str) -> Share:
        if not who or not weight:
            raise ValidationError(_("Say who and how many percent in each line."))
        return Share(None if who == DIRECT else UUID(who), self.family, weight, basis or "")


class CreditForm(ReasonForm):
    """Who has a part in a deal."""

    reason = ReasonField("deal_credit")
    comment = forms.CharField(
        label=_lazy("In your own words"), max_length=400, required=False, widget=LongText()
    )

    def __init__(self, *args: Any, held: Sequence[Share] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = self._choices({share.partner_id for share in held if share.partner_id})
        families = credit.by_family(held)
        for family in credit.FAMILIES:
            lines = max(LINES, len(families.get(family, ())))
            self.fields[family] = SharesField(family, choices, lines)
        self.order_fields([*credit.FAMILIES, "reason", "comment"])

    def _choices(self, held: set[UUID | None]) -> list[tuple[str, Any]]:
        """The partners that the actor may see, and whoever has a part already: all whom it may know."""
        seen = Partner.objects.visible_to(self.actor).exclude(state="terminated")
        known = Partner.objects.filter(pk__in=held) | seen
        names = known.order_by("name").values_list("pk", "name").distinct()
        return [("", _("Nobody")), (DIRECT, _("Our own team")), *((str(pk), name) for pk, name in names)]
