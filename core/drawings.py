"""Small drawings as SVG markup: icons, states, tiers, rings, bars and lines. No style attribute, no script."""

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.states import look
from core.words import percent

TIER_COLOURS = {"platinum", "gold", "silver", "bronze", "teal", "violet", "plain"}
TIER_ALIASES = {"authorized": "plain", "registered": "plain", "none": "plain", "": "plain"}
ESCALATES_AT = 0.8


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


def tier(name: str, rank: int = 1, of: int = 1, colour: str = "plain", bare: bool = False) -> SafeString:
    """A tier: a lozenge filled from the bottom by rank (1 is the lowest) and its name; `bare` leaves out the frame."""
    kind = "prm-tier is-bare" if bare else "prm-tier"
    slot = tier_colour(colour)
    return format_html(
        '<span class="{} prm-tier-{}">{}<span>{}</span></span>', kind, slot, _diamond(rank, of), name
    )


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
        '<polygon class="prm-diamond-fill" points="{}"/>'
        '<polygon class="prm-diamond-line" points="6,1 11,6 6,11 1,6"/></svg>',
        fill,
    )


def ring(used: float | None, late: bool = False, tone: str = "", size: int = 16) -> SafeString:
    """The SLA ring: the share of the time that is used; amber from 80 %, red when late. Words say the same."""
    share = 1.0 if late else min(max(float(used or 0), 0.0), 1.0)
    tone = tone or ("bad" if late else "caution" if share >= ESCALATES_AT else "neutral")
    return format_html(
        '<svg class="prm-ring is-{}" width="{}" height="{}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<circle class="prm-ring-track" cx="8" cy="8" r="6"/>'
        '<circle class="prm-ring-used" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{} 100"'
        ' transform="rotate(-90 8 8)"/></svg>',
        tone,
        size,
        size,
        round(share * 100),
    )


def progress(
    value: float | None, maximum: float = 1, tone: str = "accent", tick: float | None = None, label: str = ""
) -> SafeString:
    """A bar of value ÷ maximum.

    Tones: accent (on the way), good (met), neutral (plain), caution; `tick` (0 to 1) marks an even pace.
    """
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


def share_of(value: float, total: float) -> str:
    """A share as an SVG percentage, for positions on a line: `<rect x="{% share_of 56 90 %}">`."""
    return f"{min(max(float(value) / float(total or 1), 0.0), 1.0) * 100:.2f}%"


def protection_line(
    used: float, start: str = "", reminders: list[dict[str, object]] | None = None, tone: str = ""
) -> SafeString:
    """The protection as a line: what is used, today, and the reminders on it."""
    now = f"{min(max(float(used), 0.0), 1.0) * 100:.2f}%"
    marks = format_html_join(
        "",
        '<line class="prm-reminder" x1="{0}" x2="{0}" y1="14" y2="30"/>'
        '<text x="{0}" y="46" text-anchor="{2}">{1}</text>',
        (
            (
                f"{float(mark['at']) * 100:.2f}%",
                mark["label"],
                "end" if float(mark["at"]) > 0.92 else "middle",
            )  # type: ignore[arg-type]
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
