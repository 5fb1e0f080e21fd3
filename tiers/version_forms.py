"""Forms of program versions: their moves, and the parts of a draft. Ranges are typed as people state them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, DateInput
from core.ranges import CountRange, MoneyRange, PercentRange, Range
from metrics import registry
from metrics.definitions import by_name
from metrics.registry import Metric
from tiers import rules, wording
from tiers.actions.drafting import read_yaml
from tiers.codes import choices
from tiers.schema import COLOURS, KINDS

LARGEST = 500_000  # bytes of a version as YAML
DRY_RUN, DRAFT = "dry_run", "draft"


class ReturnVersionForm(BaseForm):
    reason = forms.CharField(
        label=_("What is to be changed"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("Its drafter reads this."),
    )


class CallOffVersionForm(BaseForm):
    reason = forms.CharField(
        label=_("Why it does not come"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("For your own record."),
    )


class ScheduleVersionForm(BaseForm):
    effective_from = forms.DateField(label=_("In force from"), widget=DateInput())


class ImportVersionForm(BaseForm):
    """A version as YAML, typed or as a file; checked at once, so that each mistake is named with its line."""

    file = forms.FileField(label=_("YAML file"), required=False, help_text=_("Or paste the text below."))
    text = forms.CharField(
        label=_("YAML"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    then = forms.ChoiceField(
        label=_("Then"),
        choices=[
            (DRY_RUN, _("Show what it would change, and change nothing")),
            (DRAFT, _("Make a new draft of it")),
        ],
        initial=DRY_RUN,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        cleaned["text"] = self._text(cleaned)
        try:
            cleaned["content"] = read_yaml(cleaned["text"])
        except ValidationError as error:
            for path, messages in error.message_dict.items():
                self.add_error("text", [f"{path}: {words}" for words in messages])
        return cleaned

    def _text(self, cleaned: dict[str, Any]) -> str:
        upload = cleaned.get("file")
        if upload is None:
            return str(cleaned.get("text", ""))
        if upload.size > LARGEST:
            self.add_error("file", _("This file is larger than 500 kB."))
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("This is not a text file."))
            return ""


# The parts of a draft -----------------------------------------------------------------------------------------------


def windows(*words: str) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(word, wording.window(word)) for word in words]


class PartForm(BaseForm):
    """A part of a draft; `known` is the draft's plain content (tiers.portable)."""

    def __init__(
        self, *args: Any, known: dict[str, Any] | None = None, tier: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.known, self.tier = known or {}, tier
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the draft."""

    def facts(self) -> dict[str, Any]:
        """What was filled in, as the plain content says it: nothing for what is empty."""
        return {name: value if value != "" else None for name, value in self.cleaned_data.items()}


RANGE_HELP = _("As you would say it: {example}. Leave it empty where nothing is stated.")


class SettingsForm(PartForm):
    name = forms.CharField(label=_("Name of the program"), max_length=120)
    evaluation_window = forms.ChoiceField(
        label=_("The year that counts"),
        choices=windows(*rules.YEARS),
        help_text=_(
            "Requirements that are counted over the year before this change are counted over this one."
        ),
    )
    downgrade_grace_days = forms.IntegerField(
        label=_("Grace before a fall, days"), min_value=0, max_value=730
    )
    notice_days = forms.IntegerField(label=_("Notice before a new version, days"), min_value=0, max_value=730)
    upgrade_policy = forms.ChoiceField(label=_("Rises"), choices=lambda: choices(*rules.POLICIES))
    downgrade_policy = forms.ChoiceField(
        label=_("Falls after the grace"), choices=lambda: choices(*rules.POLICIES)
    )
    margin_policy = forms.ChoiceField(
        label=_("Margin within the band"), choices=lambda: choices(*rules.MARGIN_POLICIES)
    )
    benefits_inherited = forms.BooleanField(
        label=_("A higher tier has the benefits of the lower ones"), required=False
    )
    gates_required = forms.BooleanField(
        label=_("The certification gates belong to the tiers"), required=False
    )
    gross_margin_percent = forms.IntegerField(
        label=_("Gross margin, percent"),
        min_value=0,
        max_value=100,
        help_text=_("To see what a tier returns."),
    )
    co_marketing_budget = forms.CharField(
        label=_("Co-marketing budget a year"), required=False, max_length=60,
        help_text=format_lazy(RANGE_HELP, example="$2M"),
    )  # fmt: skip


CODE = r"^[a-z][a-z0-9_]{0,38}$"
CODE_WORDS = _("Small letters, digits and underscores, beginning with a letter.")


def code_field(label: Any) -> forms.RegexField:
    return forms.RegexField(
        CODE, label=label, max_length=39, help_text=CODE_WORDS, error_messages={"invalid": CODE_WORDS}
    )


class TierForm(PartForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    rank = forms.IntegerField(
        label=_("Rank"), min_value=1, max_value=20, help_text=_("1 is the lowest tier.")
    )
    colour = forms.ChoiceField(label=_("Colour"), choices=lambda: choices(*COLOURS))
    upgrade = forms.ChoiceField(
        label=_("Rise to it"),
        choices=[("immediate", _("At once")), ("decision", _("By a person's decision"))],
    )
    margin = forms.CharField(
        label=_("Margin"), required=False, max_length=60, help_text=format_lazy(RANGE_HELP, example="20-25%")
    )
    co_marketing = forms.CharField(
        label=_("Co-marketing"),
        required=False,
        max_length=60,
        help_text=format_lazy(RANGE_HELP, example="$100K-$500K"),
    )
    investment = forms.CharField(
        label=_("Investment"),
        required=False,
        max_length=60,
        help_text=format_lazy(RANGE_HELP, example="$1-3M per partner"),
    )


class NewTierForm(TierForm):
    code = code_field(_("Code"))
    field_order = ["code", "name"]


class GroupForm(PartForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    rule = forms.ChoiceField(
        label=_("Needed"),
        choices=[
            (rules.ALL, _("All of them")),
            (rules.ANY, _("Any one")),
            (rules.N_OF, _("So many of them")),
        ],
    )
    n = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=50)


class NewGroupForm(GroupForm):
    code = code_field(_("Code"))
    field_order = ["code", "name"]


def metric_words(metric: Metric) -> str:
    """“Annual revenue (money)”: what a threshold is counted in belongs to the choice."""
    units = {"money": _("amount"), "people": _("people"), "bool": _("yes or no"), "percent": _("percent"),
             "hours": _("hours"), "days": _("tenths of a day")}  # fmt: skip
    return f"{metric.name} ({units.get(metric.unit, _('number'))})"


EVIDENCE = [
    (rules.AUTO, _("What is recorded here, counted by itself")),
    (rules.DOCUMENT, _("A document")),
    (rules.ATTESTATION, _("The partner's word")),
    (rules.CERTIFICATES, _("Certificates of people")),
]


class RequirementForm(PartForm):
    metric = forms.ChoiceField(label=_("What is counted"))
    comparator = forms.ChoiceField(
        label=_("Compared"),
        choices=[
            (rules.AT_LEAST, _("At least")),
            (rules.MORE_THAN, _("More than")),
            (rules.AT_MOST, _("At most")),
        ],
    )
    threshold = forms.CharField(
        label=_("Threshold"), max_length=40, help_text=_("In its own unit: $2M, 5, 80%.")
    )
    stated = forms.CharField(label=_("As partners read it"), max_length=200)
    window = forms.ChoiceField(label=_("Counted over"), choices=windows(*rules.WINDOWS))
    scope = forms.ChoiceField(
        label=_("Of whom"),
        choices=[(rules.PARTNER, _("The partner")), (rules.TREE, _("Its whole organization")),
                 (rules.MARKET, _("Its own market"))],
    )  # fmt: skip
    group = forms.ChoiceField(label=_("Group"), required=False)
    weight = forms.IntegerField(label=_("Weight in the progress"), min_value=1, max_value=100, initial=1)
    evidence = forms.ChoiceField(label=_("Shown by"), choices=EVIDENCE)
    is_waivable = forms.BooleanField(
        label=_("May be waived for one partner by a decision"), required=False, initial=True
    )

    def prepare(self) -> None:
        self.fields["metric"].choices = [(metric.key, metric_words(metric)) for metric in by_name()]
        groups = (self.known.get("tiers", {}).get(self.tier, {}).get("groups") or {}).items()
        alone = [("", _("None: it is needed by itself"))]
        self.fields["group"].choices = alone + [(code, group["name"]) for code, group in groups]

    def clean(self) -> dict[str, Any]:
        """What is no amount at all is said in the unit of what is counted; the action judges the rest."""
        cleaned = super().clean()
        metric, text = registry.find(cleaned.get("metric", "")), cleaned.get("threshold", "")
        if (
            metric
            and text
            and not any(_is_read(kind, text) for kind in READERS.get(metric.unit, (CountRange,)))
        ):
            is_money = metric.unit == "money"
            self.add_error(
                "threshold", _("Enter an amount such as $2M.") if is_money else _("Enter a number such as 5.")
            )
        return cleaned


READERS: dict[str, tuple[type[Range], ...]] = {"money": (MoneyRange,), "percent": (PercentRange, CountRange)}


def _is_read(kind: type[Range], text: str) -> bool:
    try:
        kind.parse(text)
    except ValueError:
        return False
    return True


class BenefitForm(PartForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: choices(*KINDS))
    frequency = forms.ChoiceField(
        label=_("Counted anew"),
        required=False,
        choices=lambda: [("", _("Not counted")), *choices(*rules.PERIODS)],
    )
    feature = forms.ChoiceField(
        label=_("Switches on"),
        required=False,
        choices=lambda: [("", _("Nothing in the product")), *choices(*rules.FEATURES)],
    )


class NewBenefitForm(BenefitForm):
    code = code_field(_("Code"))
    field_order = ["code", "name"]


class GiveBenefitForm(PartForm):
    is_given = forms.BooleanField(label=_("This tier gives it"), required=False)
    quantity = forms.IntegerField(
        label=_("How often in its period"), required=False, min_value=1, max_value=10**6,
        help_text=_("Empty: without a limit."),
    )  # fmt: skip
    hours = forms.IntegerField(label=_("Answer within, hours"), required=False, min_value=1, max_value=10**4)
