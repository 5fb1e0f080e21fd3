"""What is to become of each partner: the tier it is heading for, and how its months go."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from prm.demo import names


@dataclass
class Role:
    """One partner's part. `joins` is days before the end; figures are numbers of deals or people."""

    name: str
    country: str
    category: str
    city: str
    domain: str
    aim: str
    joins: int
    ends: str = "active"
    partner: Any = None
    admin: Any = None
    seller: Any = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def joined_on(self) -> date:
        return self.facts["joined_on"]  # type: ignore[no-any-return]


PLATINUM = {"Pacific Care Networks", "Rheinmed Systemhaus", "Kanto Medical Systems", "Garonne Intégration"}
GOLD = {"Northgate Clinical Systems", "Albion Health", "Ironwood EHR", "Summit Peak Integrators", "Hanse Medizindaten",
        "Caledon Care Systems", "Borealis EHR"}  # fmt: skip
SILVER = {"Blue Mesa Health IT", "Harborline Solutions", "Lakeshore Interop", "Beacon Hill Clinical", "Wharfedale Informatics",
          "Pennine Integration", "Alpenblick Klinik-IT", "Val d'Orme Numérique", "Lago Clinico", "Ibérica Salud Digital",
          "Hoshino Medical", "Aozora Health IT", "Maple Harbour IT", "Laurentide Santé", "Coral Coast Health IT",
          "Southern Cross Interop"}  # fmt: skip
ONBOARDING = {
    "Copperfield Health Tech",
    "Fraser Valley Systems",
    "Kookaburra Care",
    "Waterkant Advies",
    "Midori Consulting",
}
SUSPENDED = {"Mersey Bridge IT", "Tirreno Digitale"}
TERMINATED = {"Riverbend Consulting", "Great Slave Data", "Elbtal Beratung"}
UNDECIDED = {
    "Kanto Medical Systems",
    "Garonne Intégration",
}  # whose rise to the top tier waits on the last day
FURTHER = {"Albion Health": ("clinical",)}  # who is in a second category, and so in both tier programs
SHOWN = "Northgate Clinical Systems"  # whose people the log-ins of the partner's side are
# Partners whose figures stand at an edge: nothing happens to them by chance.
EXACTLY = "Thamesgate Digital"  # revenue exactly at Silver's threshold
ONE_CENT_BELOW = "Redwood Bridge Data"  # one cent below it
EDGE_TOMORROW = "Cascadia Imaging Link"  # the booking that holds it leaves the window tomorrow
EXPIRING = "Prairie Star Systems"  # its last fundamentals certificates end within three weeks
EDGES = {EXACTLY, ONE_CENT_BELOW, EDGE_TOMORROW, EXPIRING}


NEVER_RESELL = ("referral", "healthcare_systems", "clinical")  # they certify nobody and sign no plan


def cast(stage: Any) -> list[Role]:
    """Every partner with its part, the earlier ones first."""
    return [_role(stage, index, *entry) for index, entry in enumerate(names.PARTNERS)]


def _role(stage: Any, index: int, name: str, country: str, category: str, city: str, domain: str) -> Role:
    aim = (
        "platinum" if name in PLATINUM else "gold" if name in GOLD
        else "silver" if name in SILVER or name in EDGES else "authorized" if category not in NEVER_RESELL
        else "none"
    )  # fmt: skip
    longest = {"platinum": (880, 780), "gold": (840, 640), "silver": (720, 450)}.get(aim, (700, 160))
    joins = stage.rng.randint(longest[1], longest[0])
    ends = (
        "onboarding" if name in ONBOARDING else "suspended" if name in SUSPENDED
        else "terminated" if name in TERMINATED else "active"
    )  # fmt: skip
    if ends == "onboarding":
        joins = stage.rng.randint(8, 45)
    if name in EDGES:
        joins = 600
    return Role(name, country, category, city, domain, aim, joins, ends)
