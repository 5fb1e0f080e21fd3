"""Where metrics are used: the programs in force that ask for them. The pages of metrics say it."""

from __future__ import annotations

from core.remembering import once_a_page
from metrics.registry import used_by
from tiers import rules
from tiers.models import Requirement

Place = tuple[str, str]


@used_by
def asked_for(key: str) -> list[Place]:
    """The versions in force that ask for a metric, each with its tiers."""
    found: dict[str, list[Place]] = once_a_page("tiers.metric_uses", _by_metric)
    return found.get(key, [])


def _by_metric() -> dict[str, list[Place]]:
    asked = Requirement.objects.filter(tier__program_version__state=rules.ACTIVE)
    asked = asked.select_related("tier__program_version__program")
    tiers: dict[str, dict[Place, list[str]]] = {}
    for need in asked.order_by("tier__program_version__program__position", "-tier__rank", "position"):
        version = need.tier.program_version
        named = tiers.setdefault(need.metric, {}).setdefault((str(version), version.get_absolute_url()), [])
        if need.tier.name not in named:
            named.append(need.tier.name)
    return {
        metric: [(f"{version}: {', '.join(names)}", url) for (version, url), names in places.items()]
        for metric, places in tiers.items()
    }
