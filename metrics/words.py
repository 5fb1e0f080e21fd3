"""How values of the registry's units are said, where a unit has words of its own."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def words_in(unit: str, value: int) -> str:
    """“82%”, “31 hours”, “1.6 business days”; "" for units that are money, yes or no, or a plain number."""
    if unit == "percent":
        return _("%(n)s%%") % {"n": value}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", value) % {"n": f"{value:,}"}
    if unit == "days":
        return _("%(n)s business days") % {"n": f"{value / 10:.1f}"}
    return ""
