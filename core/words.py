"""Figures, days and names as people read them. Templates use them as filters, Python as functions."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zlib import crc32

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.money import Money

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$"}
MINUS = "\N{MINUS SIGN}"
ZONE_WORDS = {
    "America/New_York": "ET",
    "America/Chicago": "CT",
    "America/Denver": "MT",
    "America/Los_Angeles": "PT",
    "America/Toronto": "ET",
}


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


def money(value: object, currency: str | None = None) -> str:
    """Exact money: a Money, a (minor, currency) pair, or `minor|money:currency`. Unknown is said in words."""
    found = _money(value, currency)
    if found is None:
        return _("not known")
    amount = abs(found.decimal)
    figure = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,}"
    return f"{MINUS if found.minor < 0 else ''}{_symbol(found.currency)}{figure}"


def money_short(value: object, currency: str | None = None) -> str:
    """Money for tiles and charts in three figures: $9.14M, $880K, ¥48.2M."""
    found = _money(value, currency)
    if found is None:
        return _("not known")
    return f"{MINUS if found.minor < 0 else ''}{_symbol(found.currency)}{_three_figures(abs(found.decimal))}"


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


def number(value: object) -> str:
    """A count with thousands; unknown is said in words; decimals as they come."""
    if value is None or value == "":
        return _("not known")
    return f"{value:,}".replace("-", MINUS) if isinstance(value, int | float | Decimal) else str(value)


def many(value: int | None) -> str:
    """A count that is not worth counting to the end: 10,000+."""
    return "" if value is None else "10,000+" if value > 10_000 else f"{value:,}"


def percent(value: object, places: int = 0) -> str:
    """A share (0.245) as a percentage: 25%, or `|percent:1` for 24.5%."""
    if value is None or value == "":
        return _("not known")
    share = (Decimal(str(value)) * 100).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    return f"{share:f}%".replace("-", MINUS)


def day(value: date | datetime | None, style: str = "") -> str:
    """A date: 21 Nov 2026. Styles: "short" 21 Nov, "weekday" Sat 21 Nov 2026, "near" without a year that is plain."""
    if not value:
        return _("not known")
    on = clock.day(value) if isinstance(value, datetime) else value
    patterns = {"short": "j M", "weekday": "D j M Y", "weekday_short": "D j M", "long": "j F Y"}
    if style == "near":
        return format_date(on, "j M" if abs((on - clock.today()).days) < 330 else "j M Y")
    return format_date(on, patterns.get(style, "j M Y"))


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
    letters, offset = local.tzname() or "UTC", f"{local:%z}"
    plain = letters if letters.isalpha() else f"UTC{offset[:3]}:{offset[3:5]}"
    return ZONE_WORDS.get(str(local.tzinfo), plain)


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


def due_words(value: object) -> str:
    """A due time as it stands in a row: words as they are, a date as a date, an instant with its zone."""
    if isinstance(value, datetime):
        return instant(value)
    return day(value) if isinstance(value, date) else str(value)


def time_tag(value: date | datetime | None) -> str:
    """The machine-readable form for <time datetime="…">."""
    return value.isoformat() if value else ""


def monogram(name: object) -> str:
    """Two letters for a partner or a person: “Northgate Clinical Systems” is NC."""
    words = [word for word in str(name or "").replace(".", " ").split() if word[0].isalnum()]
    letters = "".join(word[0] for word in words[:2]) or "?"
    return (letters if len(letters) > 1 else words[0][:2] if words else "?").upper()


def tone_for_id(identity: object) -> int:
    """One of six muted pairs, always the same for the same id."""
    return crc32(str(identity).encode()) % 6 + 1


def clamp(value: object) -> str:
    """The class of words in a cell: short ones stay on their line, long ones end in an ellipsis on the second."""
    return "prm-nowrap" if len(str(value or "")) <= 22 else "prm-clamp"
