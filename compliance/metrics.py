"""How many gates a partner has passed and still holds: one set-based query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import rules
from compliance.models import GateRecord
from compliance.querysets import counting
from core.templatetags.ui import day as say_day
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import PARTNER
from metrics.windows import NOW


def select(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """Different gates with a valid record, per partner that ever passed one; the others have no row."""
    found = GateRecord.objects.filter(passed_on__lte=as_of)
    gates = Count("gate", distinct=True, filter=counting(as_of))
    return Grouped(found, "partner_id", value=gates, n_rows=gates)


def rows(partner_id: UUID, as_of: date, window: str = "") -> list[Row]:
    """The records behind the number: one counted per gate, the others with the reason."""
    found, seen = [], set()
    for passed in (
        GateRecord.objects.filter(partner=partner_id).select_related("gate").order_by("-valid_until", "pk")
    ):
        why = _why_out(passed, as_of) or (_("a newer record counts") if passed.gate_id in seen else "")
        if not why:
            seen.add(passed.gate_id)
        url = passed.get_absolute_url()
        found.append(Row(passed.gate.name, passed.passed_on, None if why else 1, url, why, passed.pk))
    return found


def _why_out(passed: GateRecord, as_of: date) -> str:
    words = {
        rules.NONE: lambda: _("passed later, on %(day)s") % {"day": say_day(passed.passed_on)},
        rules.REVOKED: lambda: _("revoked on %(day)s") % {"day": say_day(passed.revoked_on)},
        rules.EXPIRED: lambda: _("valid until %(day)s") % {"day": say_day(passed.valid_until)},
    }
    state = rules.state(passed.dates, as_of, expiring_days=0)
    return words[state]() if state in words else ""


def edges(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose records began, ran out or were revoked. A record still counts on its last day."""
    found = GateRecord.objects.order_by()
    yield found.filter(passed_on__gt=after, passed_on__lte=until).values("partner")
    yield found.filter(valid_until__gte=after, valid_until__lt=until).values("partner")
    yield found.filter(revoked_on__gt=after, revoked_on__lte=until).values("partner")


def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The first day after `as_of` on which a gate stops counting if nothing is renewed."""
    last: dict[UUID, date] = {}
    held = GateRecord.objects.filter(partner=partner_id).counting(as_of)
    for gate_id, until in held.values_list("gate", "valid_until"):
        last[gate_id] = max(until, last.get(gate_id, until))
    return min(last.values()) + timedelta(days=1) if last else None


register(
    Metric(
        key="certification_gates_valid",
        name=gettext_lazy("Certification gates"),
        unit="count",
        direction="higher",
        question=gettext_lazy("How many of the certification gates has the partner passed?"),
        population=gettext_lazy("Gates with a record that is valid on the day and not revoked"),
        window=gettext_lazy("On the day"),
        values=values_by(select),
        select=select,
        edges=edges,
        rows=rows,
        next_change=next_change,
        windows=(NOW,),
        exclusions=gettext_lazy("Records that ran out or were revoked; of several of one gate one counts."),
        parameters=(
            Parameter(
                gettext_lazy("Last day"),
                gettext_lazy("The day until which the record is valid"),
                gettext_lazy("It still counts on that day."),
            ),
        ),
    )
)
