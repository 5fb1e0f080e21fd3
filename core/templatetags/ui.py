"""What templates load with `{% load ui %}`: words, drawings, charts, and the few things that forms and tables need."""

from django import template
from django.forms import MultiWidget
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core import charts
from core.drawings import band_bar, icon, lozenge, progress, protection_line, ring, share_of, state, tier
from core.states import look
from core.words import (
    clamp,
    day,
    days_left,
    due_words,
    instant,
    many,
    money,
    money_delta,
    money_short,
    monogram,
    number,
    percent,
    time_tag,
    tone_for_id,
    zone_word,
)

register = template.Library()

WORDS = (
    money, money_short, money_delta, number, many, percent, day, instant, days_left, due_words, time_tag, monogram,
    tone_for_id, clamp,
)  # fmt: skip
for words in WORDS:
    register.filter(words)
for drawing in (icon, state, tier, lozenge, ring, progress, share_of, protection_line, band_bar):
    register.simple_tag(drawing)
for chart in (charts.sparkline, charts.stacked_bar, charts.bar_chart, charts.column_chart, charts.peers):
    register.simple_tag(chart)

__all__ = ["register", "zone_word", *(words.__name__ for words in WORDS)]


@register.filter
def tone_of(key: str) -> str:
    """The tone of a state, for a class."""
    return look(key).tone


@register.filter
def icon_of(key: str) -> str:
    """The icon of a state, for the icon tag."""
    return look(key).icon


@register.filter
def widget_kind(bound_field: object) -> str:
    """What a form field looks like: text, area, select, check, choices, file, hidden."""
    name = type(bound_field.field.widget).__name__  # type: ignore[attr-defined]
    if isinstance(bound_field.field.widget, MultiWidget):  # type: ignore[attr-defined]
        return "group"
    kinds = {
        "CheckboxInput": "check", "NullBooleanSelect": "select", "Select": "select", "SelectMultiple": "select",
        "RadioSelect": "choices", "CheckboxSelectMultiple": "choices", "Textarea": "area", "FileInput": "file",
        "ClearableFileInput": "file", "HiddenInput": "hidden", "MultipleHiddenInput": "hidden",
    }  # fmt: skip
    return kinds.get(name, "select" if name.endswith("Select") else "text")


@register.simple_tag
def control(bound_field: object, extra_class: str = "", placeholder: str | None = None) -> SafeString:
    """A field's widget with our classes and with its help and error announced to a screen reader."""
    css = {
        "text": "form-control",
        "area": "form-control",
        "file": "form-control",
        "select": "form-select",
        "group": "form-control",
    }
    kind = widget_kind(bound_field)
    attrs = dict(bound_field.field.widget.attrs)  # type: ignore[attr-defined]
    words = [
        css.get(kind, "form-check-input" if kind == "check" else ""),
        attrs.get("class", ""),
        extra_class,
    ]
    errors = bound_field.errors  # type: ignore[attr-defined]
    if errors:
        words.append("is-invalid")
        attrs["aria-invalid"] = "true"
    name = bound_field.auto_id  # type: ignore[attr-defined]
    described = [f"{name}_error"] if errors else []
    described += [f"{name}_help"] if bound_field.help_text else []  # type: ignore[attr-defined]
    if described and kind != "choices":
        attrs["aria-describedby"] = " ".join(described)
    if kind == "area" and str(attrs.get("rows")) == "10":
        attrs["rows"] = 3
    if placeholder is not None:
        attrs["placeholder"] = placeholder
    attrs["class"] = " ".join(word for word in words if word)
    return bound_field.as_widget(attrs=attrs)  # type: ignore[attr-defined,no-any-return]


@register.simple_tag
def fields_of(form: object, names: list[str]) -> list[object]:
    """The bound fields of a fieldset, in its order; a name the form does not have is left out."""
    return [form[name] for name in names if name in form.fields]  # type: ignore[attr-defined,index]


@register.simple_tag
def cell_template(name: str) -> str:
    """The file of a table cell's kind."""
    return name if name.endswith(".html") else f"components/cells/{name or 'text'}.html"


@register.filter
def get(mapping: object, key: object) -> object:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def attributes(mapping: dict[str, object] | None) -> SafeString:
    """A dict as HTML attributes."""
    return format_html_join("", ' {}="{}"', (mapping or {}).items())


@register.filter
def any_more(actions: list[dict[str, object]]) -> bool:
    """Whether some move belongs into the … menu on wide screens too."""
    return any(action.get("more") for action in actions)


@register.filter
def any_errors(fields: list[object]) -> bool:
    """Whether a folded part holds something to correct, so that it opens by itself."""
    return any(field.errors for field in fields)  # type: ignore[attr-defined]


@register.filter
def at_least(value: object, limit: float) -> bool:
    """Whether a share reaches a limit; unknown does not."""
    return value not in (None, "") and float(value) >= float(limit)  # type: ignore[arg-type]


@register.filter
def as_list(value: object) -> list[object]:
    """One word or several, as several."""
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list | tuple | set) else [value]


@register.filter
def paired(columns: list[object], cells: list[object]) -> list[tuple[object, object]]:
    """Each column with its cell."""
    return list(zip(columns, map(spread, cells), strict=False))  # type: ignore[arg-type]


def spread(cell: dict[str, object]) -> dict[str, object]:
    """A cell whose value is a dict takes its keys; what stands for the value then is "value", "state" or "name"."""
    value = cell.get("value")
    if not isinstance(value, dict):
        return cell
    stands = next((value[key] for key in ("value", "state", "name", "key", "word") if key in value), None)
    return {**cell, **value, "value": stands}


CELL_CLASSES = {
    "name": "is-name", "money": "is-money is-right", "date": "is-date is-labelled", "due": "is-due is-right",
    "state": "is-state", "number": "is-number is-right is-labelled", "percent": "is-number is-right is-labelled",
    "tier_partner": "is-tier", "tier": "is-tier", "tag": "is-tag", "moves": "is-actions", "person": "is-text",
    "instant": "is-date is-labelled", "progress": "is-progress is-labelled", "spark": "is-progress is-hidden-phone",
}  # fmt: skip


@register.filter
def cell_class(cell: dict[str, object], column: dict[str, object]) -> str:
    """The classes of a table cell by its kind: how it aligns, and where it goes when rows become items on a phone."""
    words = set(CELL_CLASSES.get(_kind(cell), "is-text is-labelled").split())
    aligned = {column.get("align"), cell.get("align")}
    words |= {"is-right"} if "right" in aligned else set()
    words -= {"is-right"} if "start" in aligned else set()
    words -= {"is-labelled"} if column.get("phone") == "plain" else set()
    words |= {"is-hidden-phone"} if column.get("phone") == "hide" or cell.get("blank") else set()
    return " ".join(sorted(words))


@register.filter
def heads(
    columns: list[dict[str, object]], rows: list[dict[str, object]]
) -> list[tuple[dict[str, object], str]]:
    """Each column with the class of its heading: it stands where its cells stand."""
    cells = next((row["cells"] for row in rows if row.get("cells")), [])
    classes = [cell_class(spread(cell), column) for column, cell in zip(columns, cells, strict=False)]  # type: ignore[call-overload]
    classes += [""] * (len(columns) - len(classes))
    return [
        (column, "is-right" if "is-right" in css else "")
        for column, css in zip(columns, classes, strict=True)
    ]


def _kind(cell: dict[str, object]) -> str:
    return str(cell.get("template") or "text").removeprefix("components/cells/").removesuffix(".html")


@register.simple_tag
def kept(query: str, without: object) -> SafeString:
    """Hidden inputs for what a GET form leaves as it is: the page's query but for the names it asks for itself."""
    left_out = {without} if isinstance(without, str) else set(without or ())  # type: ignore[call-overload]
    left = [(name, value) for name, values in QueryDict(query or "").lists() for value in values]
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        (pair for pair in left if pair[0] not in left_out | {"cursor"}),
    )


@register.filter
def word_of(key: str) -> str:
    """The word of a state."""
    return str(look(key).word)
