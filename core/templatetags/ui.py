"""Words, figures and small drawings for templates: `{% load ui %}`."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zlib import crc32

from django import template
from django.forms import MultiWidget
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import charts, clock
from core.money import Money
from core.states import look

register = template.Library()

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$"}
MINUS = "\N{MINUS SIGN}"
ZONE_WORDS = {
    "America/New_York": "ET",
    "America/Chicago": "CT",
    "America/Denver": "MT",
    "America/Los_Angeles": "PT",
    "America/Toronto": "ET",
}
TIER_COLOURS = {"platinum", "gold", "silver", "bronze", "teal", "violet", "plain"}
TIER_ALIASES = {"authorized": "plain", "registered": "plain", "none": "plain", "": "plain"}
ESCALATES_AT = 0.8


# Icons and states


@register.simple_tag
def icon(name: str, size: int = 16, tone: str = "", label: str = "") -> SafeString:
    """One icon of the sprite. Silent beside a word; with `label` it speaks for itself."""
    voice = (
        format_html(' role="img" aria-label="{}"', label)
        if label
        else SafeString(' aria-hidden="true" focusable="false"')
    )
    return format_html(
        '<svg class="prm-icon{}" width="{}" height="{}"{}><use href="{}#{}"/></svg>',
        f" is-{tone}" if tone else "",
        size,
        size,
        voice,
        static("vendor/icons/sprite.svg"),
        name,
    )


@register.simple_tag
def state(key: str, word: str = "", pill: bool = False, small: bool = False) -> SafeString:
    """A state as icon and word; `pill=True` adds the wash used in headers and on cards."""
    tone, symbol, own_word = look(key)
    kind = "prm-pill" if pill else "prm-state"
    return format_html(
        '<span class="{} is-{}{}">{}<span>{}</span></span>',
        kind,
        tone,
        " is-small" if small else "",
        icon(symbol, 13 if pill and small else 15),
        word or own_word,
    )


@register.filter
def tone_of(key: str) -> str:
    """The tone of a state, for a class."""
    return look(key).tone


@register.filter
def icon_of(key: str) -> str:
    """The icon of a state, for the icon tag."""
    return look(key).icon


# Tiers, people, partners


@register.simple_tag
def tier(name: str, rank: int = 1, of: int = 1, colour: str = "plain", bare: bool = False) -> SafeString:
    """A tier: a lozenge filled from the bottom by rank (1 is the lowest) and its name; `bare` leaves out the frame."""
    kind = "prm-tier is-bare" if bare else "prm-tier"
    slot = tier_colour(colour)
    return format_html('<span class="{} prm-tier-{}">{}<span>{}</span></span>', kind, slot, _diamond(rank, of), name)


@register.simple_tag
def lozenge(name: str = "", rank: int = 1, of: int = 1, colour: str = "plain") -> SafeString:
    """The lozenge alone, for rows and cards beside the word."""
    slot = tier_colour(colour)
    voice = format_html('<span class="visually-hidden">{}</span>', name) if name else SafeString("")
    return format_html('<span class="prm-lozenge prm-tier-{}">{}{}</span>', slot, _diamond(rank, of), voice)


def tier_colour(colour: str) -> str:
    """The colour slot that a tier's setting names; an unknown one is plain."""
    colour = TIER_ALIASES.get(str(colour).lower(), str(colour).lower())
    return colour if colour in TIER_COLOURS else "plain"


def _diamond(rank: int, of: int) -> SafeString:
    """A diamond of half-width 5 around (6, 6), filled from the bottom up to the tier's share."""
    share = 0.0 if not rank or rank <= 1 else min(rank / max(of, 1), 1.0)
    level = 11 - 10 * share
    half = 5 - abs(level - 6)
    upper = f"11,6 {6 + half:.2f},{level:.2f} {6 - half:.2f},{level:.2f} 1,6"
    lower = f"{6 + half:.2f},{level:.2f} {6 - half:.2f},{level:.2f}"
    fill = f"6,11 {upper if share > 0.5 else lower}"
    return format_html(
        '<svg class="prm-diamond" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">'
        '<polygon class="prm-diamond-fill" points="{}"/><polygon class="prm-diamond-line" points="6,1 11,6 6,11 1,6"/></svg>',
        fill,
    )


@register.filter
def monogram(name: object) -> str:
    """Two letters for a partner or a person: “Northgate Clinical Systems” is NC."""
    words = [word for word in str(name or "").replace(".", " ").split() if word[0].isalnum()]
    letters = "".join(word[0] for word in words[:2]) or "?"
    return (letters if len(letters) > 1 else words[0][:2] if words else "?").upper()


@register.filter
def tone_for_id(identity: object) -> int:
    """One of six muted pairs, always the same for the same id."""
    return crc32(str(identity).encode()) % 6 + 1


# Money and numbers


def _money(value: object, currency: str | None = None) -> Money | None:
    if isinstance(value, Money):
        return value
    if isinstance(value, tuple | list) and len(value) == 2 and value[0] is not None:
        return Money(int(value[0]), str(value[1]))
    if currency and value not in (None, ""):
        return Money(int(value), currency)  # type: ignore[call-overload]
    return None


def _symbol(currency: str) -> str:
    return SYMBOLS.get(currency) or f"{currency}\N{NO-BREAK SPACE}"


@register.filter
def money(value: object, currency: str | None = None) -> str:
    """Exact money: a Money, a (minor, currency) pair, or `minor|money:currency`. Unknown is said in words."""
    found = _money(value, currency)
    if found is None:
        return _("not known")
    amount = abs(found.decimal)
    figure = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,}"
    return f"{MINUS if found.minor < 0 else ''}{_symbol(found.currency)}{figure}"


@register.filter
def money_short(value: object, currency: str | None = None) -> str:
    """Money for tiles and charts in three figures: $9.14M, $880K, ¥48.2M."""
    found = _money(value, currency)
    if found is None:
        return _("not known")
    return f"{MINUS if found.minor < 0 else ''}{_symbol(found.currency)}{_three_figures(abs(found.decimal))}"


@register.filter
def money_delta(value: object, currency: str | None = None) -> str:
    """Money with its sign: +$214,000, −$34,000."""
    found = _money(value, currency)
    return f"+{money(found)}" if found and found.minor > 0 else money(value, currency)


def _three_figures(amount: Decimal) -> str:
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if amount >= size * Decimal("0.9995"):
            return _rounded(amount / size) + letter
    return f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _rounded(amount: Decimal) -> str:
    places = 2 if amount < 10 else 1 if amount < 100 else 0
    text = f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if places == 2 and text.endswith(".00") else text.removesuffix(".0")


@register.filter
def number(value: object) -> str:
    """A count with thousands; unknown is said in words; decimals as they come."""
    if value is None or value == "":
        return _("not known")
    return f"{value:,}".replace("-", MINUS) if isinstance(value, int | float | Decimal) else str(value)


@register.filter
def many(value: int | None) -> str:
    """A count that is not worth counting to the end: 10,000+."""
    return "" if value is None else "10,000+" if value > 10_000 else f"{value:,}"


@register.filter
def percent(value: object, places: int = 0) -> str:
    """A share (0.245) as a percentage: 25%, or `|percent:1` for 24.5%."""
    if value is None or value == "":
        return _("not known")
    share = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    return f"{share:f}%".replace("-", MINUS)


# Days and instants


@register.filter
def day(value: date | datetime | None, style: str = "") -> str:
    """A date: 21 Nov 2026. Styles: "short" 21 Nov, "weekday" Sat 21 Nov 2026, "near" without a year that is plain."""
    if not value:
        return _("not known")
    on = clock.day(value) if isinstance(value, datetime) else value
    patterns = {"short": "j M", "weekday": "D j M Y", "weekday_short": "D j M", "long": "j F Y"}
    if style == "near":
        return format_date(on, "j M" if abs((on - clock.today()).days) < 330 else "j M Y")
    return format_date(on, patterns.get(style, "j M Y"))


@register.filter
def instant(value: datetime | None, style: str = "") -> str:
    """An instant in the viewer's zone, zone named: Fri 20 Nov, 13:30 ET. Styles: "time", "full", "utc"."""
    if not value:
        return _("not known")
    if style == "utc":
        return format_date(value.astimezone(timezone.get_fixed_timezone(0)), "j M Y, H:i") + " UTC"
    local = timezone.localtime(value)
    patterns = {"time": "H:i", "full": "D j M Y, H:i"}
    plain_year = abs(clock.now() - value) < timedelta(days=300)
    return f"{format_date(local, patterns.get(style, 'D j M, H:i' if plain_year else 'j M Y, H:i'))} {zone_word(local)}"


def zone_word(local: datetime) -> str:
    """The short name of an instant's zone: ET, CET, UTC, or UTC+05:30 where the zone has no letters."""
    named = ZONE_WORDS.get(str(local.tzinfo))
    letters = local.tzname() or "UTC"
    return named or (letters if letters.isalpha() else f"UTC{local:%z}"[:6] + f":{local:%z}"[3:6])


@register.filter
def days_left(value: date | datetime | int | None) -> str:
    """How long there is: “9 days”, “today”, “1 day late”; an instant near enough in hours or minutes."""
    if value is None or value == "":
        return _("no date")
    if isinstance(value, datetime):
        return _time_left(value - clock.now())
    days = value if isinstance(value, int) else (value - clock.today()).days
    return _days(days)


def _days(days: int) -> str:
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _time_left(left: timedelta) -> str:
    minutes = abs(int(left.total_seconds() // 60))
    late = left < timedelta(0)
    if minutes >= 48 * 60:
        return _days(-(minutes // 1440) if late else minutes // 1440)
    if minutes >= 60:
        return (_("%(n)s h late") if late else _("%(n)s h left")) % {"n": minutes // 60}
    return (_("%(n)s min late") if late else _("%(n)s min left")) % {"n": minutes}


@register.filter
def time_tag(value: date | datetime | None) -> str:
    """The machine-readable form for <time datetime="…">."""
    return value.isoformat() if value else ""


# Drawings


@register.simple_tag
def ring(used: float | None, late: bool = False, tone: str = "", size: int = 16) -> SafeString:
    """The SLA ring: the share of the time that is used; amber from 80 %, red when late. The text beside it says the same."""
    share = 1.0 if late else min(max(float(used or 0), 0.0), 1.0)
    tone = tone or ("bad" if late else "caution" if share >= ESCALATES_AT else "neutral")
    return format_html(
        '<svg class="prm-ring is-{}" width="{}" height="{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<circle class="prm-ring-track" cx="8" cy="8" r="6"/>'
        '<circle class="prm-ring-used" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 8 8)"/></svg>',
        tone,
        size,
        size,
        round(share * 100),
    )


@register.simple_tag
def progress(
    value: float | None, maximum: float = 1, tone: str = "accent", tick: float | None = None, label: str = ""
) -> SafeString:
    """A bar of value ÷ maximum. Tones: accent (on the way), good (met), neutral (plain), caution; `tick` (0 to 1) is an even pace."""
    share = min(max(float(value or 0) / float(maximum or 1), 0.0), 1.0) * 100
    mark = SafeString("")
    if tick not in (None, ""):
        where = f"{min(max(float(tick or 0), 0), 1) * 100:.2f}%"
        mark = format_html('<rect class="prm-bar-tick" x="{}" y="0" width="2" height="12"/>', where)
    return format_html(
        '<svg class="prm-bar is-{}{}" width="100%" height="{}" role="img" aria-label="{}">'
        '<rect class="prm-fill-track" y="{}" width="100%" height="5" rx="2.5"/>'
        '<rect class="prm-fill-{}" y="{}" width="{}%" height="5" rx="2.5"/>{}</svg>',
        tone,
        " has-tick" if mark else "",
        12 if mark else 5,
        label or f"{share:.0f}%",
        3.5 if mark else 0,
        tone,
        3.5 if mark else 0,
        f"{share:.2f}",
        mark,
    )


@register.simple_tag
def share_of(value: float, total: float) -> str:
    """A share as an SVG percentage, for positions on a line: `<rect x="{% share_of 56 90 %}">`."""
    return f"{min(max(float(value) / float(total or 1), 0.0), 1.0) * 100:.2f}%"


register.simple_tag(charts.sparkline, name="sparkline")
register.simple_tag(charts.stacked_bar, name="stacked_bar")
register.simple_tag(charts.bar_chart, name="bar_chart")
register.simple_tag(charts.column_chart, name="column_chart")
register.simple_tag(charts.peers, name="peers")


# Forms and addresses


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
    css = {"text": "form-control", "area": "form-control", "file": "form-control", "select": "form-select", "group": "form-control"}
    kind = widget_kind(bound_field)
    attrs = dict(bound_field.field.widget.attrs)  # type: ignore[attr-defined]
    words = [css.get(kind, "form-check-input" if kind == "check" else ""), attrs.get("class", ""), extra_class]
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
def due_words(value: object) -> str:
    """A due time as it stands in a row: words as they are, a date as a date, an instant with its zone."""
    if isinstance(value, datetime):
        return instant(value)
    return day(value) if isinstance(value, date) else str(value)


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
def heads(columns: list[dict[str, object]], rows: list[dict[str, object]]) -> list[tuple[dict[str, object], str]]:
    """Each column with the class of its heading: it stands where its cells stand."""
    cells = next((row["cells"] for row in rows if row.get("cells")), [])
    classes = [cell_class(spread(cell), column) for column, cell in zip(columns, cells, strict=False)]  # type: ignore[call-overload]
    classes += [""] * (len(columns) - len(classes))
    return [(column, "is-right" if "is-right" in css else "") for column, css in zip(columns, classes, strict=True)]


def _kind(cell: dict[str, object]) -> str:
    return str(cell.get("template") or "text").removeprefix("components/cells/").removesuffix(".html")


@register.simple_tag
def kept(query: str, without: object) -> SafeString:
    """Hidden inputs for what a GET form leaves as it is: the page's query but for the names it asks for itself."""
    left_out = {without} if isinstance(without, str) else set(without or ())  # type: ignore[call-overload]
    left = [(name, value) for name, values in QueryDict(query or "").lists() for value in values]
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}">', (pair for pair in left if pair[0] not in left_out | {"cursor"})
    )


@register.filter
def word_of(key: str) -> str:
    """The word of a state."""
    return str(look(key).word)


@register.simple_tag
def protection_line(
    used: float, start: str = "", reminders: list[dict[str, object]] | None = None, tone: str = ""
) -> SafeString:
    """The protection as a line: what is used, today, and the reminders on it."""
    now = f"{min(max(float(used), 0.0), 1.0) * 100:.2f}%"
    marks = format_html_join(
        "",
        '<line class="prm-reminder" x1="{0}" x2="{0}" y1="14" y2="30"/><text x="{0}" y="46" text-anchor="{2}">{1}</text>',
        (
            (f"{float(mark['at']) * 100:.2f}%", mark["label"], "end" if float(mark["at"]) > 0.92 else "middle")  # type: ignore[arg-type]
            for mark in reminders or []
        ),
    )
    return format_html(
        '<svg class="prm-protection-line" height="52" width="100%" role="img" aria-label="{label}">'
        '<rect class="prm-fill-track" y="18" width="100%" height="8" rx="4"/>'
        '<rect class="prm-fill-{tone}" y="18" width="{now}" height="8" rx="4"/>'
        '{marks}<text x="0" y="46">{start}</text><circle class="prm-now" cx="{now}" cy="22" r="6"/>'
        '<text class="is-now-word" x="{now}" y="9" text-anchor="{anchor}">{today}</text></svg>',
        label=_("%(share)s of the protection is used") % {"share": percent(used)},
        tone=tone or "neutral",
        now=now,
        marks=marks,
        start=start,
        anchor="start" if used < 0.05 else "end" if used > 0.95 else "middle",
        today=_("Today"),
    )


@register.simple_tag
def band_bar(bands: list[dict[str, object]], share: float) -> SafeString:
    """A verdict's bands with a tick where the score stands."""
    drawn = format_html_join(
        "",
        '<rect class="prm-band is-{}{}" x="{}%" y="3" width="{}%" height="6"/>',
        (
            (
                band.get("tone") or "neutral",
                " is-active" if band.get("active") else "",
                f"{float(band['from']) * 100:.2f}",  # type: ignore[arg-type]
                f"{max((float(band['to']) - float(band['from'])) * 100 - 0.4, 0):.2f}",  # type: ignore[arg-type]
            )
            for band in bands
        ),
    )
    return format_html(
        '<svg class="prm-bar" width="100%" height="12" aria-hidden="true" focusable="false">{}'
        '<rect class="prm-bar-tick" x="{}%" y="0" width="3" height="12"/></svg>',
        drawn,
        f"{min(max(float(share), 0.0), 1.0) * 100:.2f}",
    )


@register.filter
def clamp(value: object) -> str:
    """The class of words in a cell: short ones stay on their line, long ones end in an ellipsis on the second."""
    return "prm-nowrap" if len(str(value or "")) <= 22 else "prm-clamp"
