"""Invented customers in any number, drawn as real ones are: many in few cities, few in many, names that repeat."""

import random
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate

from partners.matching import Customer

SYLLABLES = ("an ar bel ber bor bran car cha cor da del dor el en fair fal fen gar gol grin hal har hil in jar kel kor lan lin "
             "lor mal mar mel mor nor ol or pel pin quin ral ren ros sal san sel sil tal tan tor ul val ver wal wes win zim").split()  # fmt: skip
ENDINGS = "ham ton ford by dale field ley worth son ski er mann berg stein well ace ings ett ell rick mond vale".split()
PLACES = "ton ville field port burg haven stadt heim dorp cour mont ridge brook lungo rosso sur wick bury dijk esperanca".split()
KINDS = {
    "US": ["{} General Hospital", "{} Medical Center", "{} Cardiology Associates", "{} Dental Clinic", "{} Family Practice",
           "{} Urgent Care Clinic", "{} Imaging Center", "{} Children's Hospital", "{} Pain Management Group", "St. {}'s Hospital"],
    "GB": ["{} Medical Practice", "The {} Clinic", "{} Surgery", "{} Community NHS Foundation Trust", "{} Health Centre"],
    "DE": ["Zahnarztpraxis Dr. {}", "Klinikum {}", "MVZ {} GmbH", "Kinderarztpraxis {}", "St. {}-Krankenhaus", "Rehaklinik {}"],
    "FR": ["Clinique {}", "Centre Hospitalier de {}", "Cabinet Dr {}", "Hôpital Saint-{}", "Laboratoire {}"],
    "IT": ["Casa di Cura {}", "Ospedale {}", "Studio Dentistico {}", "Poliambulatorio {}"],
    "ES": ["Clínica {}", "Hospital Universitario {}", "Centro Médico {}", "Hospital Virgen de {}"],
    "BR": ["Hospital {}", "Clínica {} Ltda.", "Santa Casa de {}"], "NL": ["{} Ziekenhuis", "Tandartspraktijk {}", "Medisch Centrum {}"],
    "RU": ["Городская клиническая больница № {number}", "Поликлиника № {number}"], "JP": ["{}中央病院", "{}クリニック", "{}歯科医院"],
}  # fmt: skip
COUNTRIES = (
    ["US"] * 42
    + ["FR"] * 12
    + ["DE"] * 12
    + ["GB"] * 9
    + ["IT"] * 8
    + ["ES"] * 6
    + ["BR"] * 5
    + ["NL"] * 4
    + ["RU", "JP"]
)
CJK = "静岡長野松山広島高橋佐藤鈴木田中山本渡辺伊井川村林清池橋本阿部森石原前藤"


class Census:
    """Cities by their size, and the customers in them. The same seed draws the same."""

    def __init__(self, size: int, seed: int = 11, cities: list[tuple[str, str]] | None = None) -> None:
        self.rng = random.Random(seed)
        self.size = size
        known = [city for city in sorted(set(cities or [])) if city[0] in KINDS]
        self.cities = [*known, *(self._city() for _number in range(max(60, size // 80)))]
        self.rng.shuffle(self.cities)
        count = len(self.cities)
        self.ranks = list(accumulate(1 / (rank + 20) for rank in range(count)))

    def __iter__(self) -> Iterator[Customer]:
        for _number in range(self.size):
            yield self.customer()

    def customer(self) -> Customer:
        country, city = self.cities[bisect(self.ranks, self.rng.random() * self.ranks[-1])]
        pattern = self.rng.choice(KINDS[country])
        own = self._own(country) if self.rng.random() < 0.8 else city
        name = pattern.format(own, number=self.rng.randint(1, 150))
        if self.rng.random() < 0.15 and city not in name:
            name = f"{name} {city}"
        return Customer(name, city if self.rng.random() < 0.97 else "", country, self._domain(name, city))

    def _own(self, country: str) -> str:
        if country == "JP":
            return "".join(self.rng.choices(CJK, k=2))
        return "".join(self.rng.choices(SYLLABLES, k=self.rng.choice((1, 2, 2)))).title() + self.rng.choice(
            ENDINGS
        )

    def _city(self) -> tuple[str, str]:
        country = self.rng.choice(COUNTRIES)
        if country == "JP":
            return country, "".join(self.rng.choices(CJK, k=2)) + "市"
        return country, "".join(self.rng.choices(SYLLABLES, k=2)).title() + self.rng.choice(PLACES)

    def _domain(self, name: str, city: str) -> str:
        if (draw := self.rng.random()) < 0.4:
            return ""
        if draw < 0.45:
            return f"network{self.rng.randint(1, 40)}.example"
        letters = "".join(sign for sign in f"{name}{city}".casefold() if sign.isascii() and sign.isalnum())
        return f"{letters[:24]}{self.rng.randint(1, 99)}.example"
