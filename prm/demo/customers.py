"""Four hundred customers: health systems with hospitals under them."""

from datetime import UTC, datetime, time, timedelta

from core.actors import SYSTEM
from partners.actions import add_organization
from partners.models import Organization
from prm.demo import names
from prm.demo.stage import Stage

CUSTOMERS = 400
SHARE = {
    "US": 0.34,
    "GB": 0.14,
    "DE": 0.1,
    "FR": 0.08,
    "IT": 0.05,
    "ES": 0.04,
    "NL": 0.03,
    "JP": 0.09,
    "CA": 0.07,
    "AU": 0.06,
}


def record_customers(stage: Stage) -> dict[str, list[Organization]]:
    """The customers by country. Every third is in the public directory, as the vendor imported it."""
    at = datetime.combine(stage.start - timedelta(days=40), time(8), tzinfo=UTC)
    return {
        country: _of_country(stage, country, round(share * CUSTOMERS), at) for country, share in SHARE.items()
    }


def _of_country(stage: Stage, country: str, wanted: int, at: datetime) -> list[Organization]:
    found: list[Organization] = []
    places, taken = list(names.PLACES[country]), set()
    stage.rng.shuffle(places)
    for turn in range(1000):
        place = places[turn % len(places)]
        suffix = "" if turn < len(places) else f" {names.CITIES[country][turn % len(names.CITIES[country])]}"
        system = _system(stage, country, place + suffix, turn, at)
        units = [w for w in names.UNIT_WORDS[country] if (place + suffix, w) not in taken]
        stage.rng.shuffle(units)
        found.append(system)
        for word in units[: stage.rng.randint(3, 7)]:
            if len(found) < wanted:
                found.append(_unit(stage, country, word.format(p=place + suffix), system, at))
        if len(found) >= wanted:
            break
    return found


def _system(stage: Stage, country: str, place: str, turn: int, at: datetime) -> Organization:
    words = names.SYSTEM_WORDS[country]
    return _record(
        stage,
        country,
        words[turn % len(words)].format(p=place),
        at,
        kind=names.KIND_OF_SYSTEM.get(country, "hospital_system"),
    )


def _unit(stage: Stage, country: str, name: str, system: Organization, at: datetime) -> Organization:
    return _record(stage, country, name, at, kind="hospital_system", parent=system)


def _record(stage: Stage, country: str, name: str, at: datetime, **facts: object) -> Organization:
    domain = "".join(c for c in name.casefold() if c.isalnum() and c.isascii())[:40]
    return add_organization(
        by=SYSTEM,
        at=at,
        origin="demo",
        name=name,
        country=country,
        city=stage.rng.choice(names.CITIES[country]),
        website=f"https://{domain}.example",
        is_healthcare_provider=True,
        is_public_body=country in names.PUBLIC and stage.rng.random() < 0.6,
        public_directory=stage.rng.random() < 0.33,
        **facts,
    )
