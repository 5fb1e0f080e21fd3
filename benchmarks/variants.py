#!/usr/bin/env python3
"""Writes labelled pairs of customers with kinds of change that the matcher was not tuned on, from a seed.

    python benchmarks/variants.py FILE.csv [SEED]

Same shape as `data/customer_matches_dev.csv`. `kind` says what was changed, so that precision and recall are told by
kind. Names are invented; the words of healthcare are real.
"""

import csv
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

Row = tuple[str, str, str, str]  # name, city, country, domain
Pair = tuple[Row, Row, int]

FRONTS = "Ard Bel Cor Dun Ester Fal Gran Hol Iver Jun Kel Lor Mer Nor Ost Per Quar Ros Sel Tor Ul Vel Wen Yar Zel".split()
BACKS = "amund bergen cott dale enfeld forth gard holt inger kamp lund mere nau over port quist ridge sted thal ulm".split()
CITIES = {
    "US": "Northport Cedarton Millbridge Lakemont Harborview".split(), "GB": "Ashwick Dunbury Marlford Selby".split(),
    "DE": "Neustetten Waldheim Bergstadt Lindau".split(), "FR": "Montclair Beaurivage Valfleury Rochebrune".split(),
    "IT": "Castelnuovo Montefiore Roccabella Pontelungo".split(), "ES": "Villanueva Torrealta Montesol Riofrio".split(),
    "NL": "Zandwijk Oosterdam Veldhoven".split(), "RU": ["Новогорск", "Белозёрск", "Краснополь"], "GR": ["Αγρίνιο", "Λαμία", "Βόλος"],
    "JP": ["静岡市", "長野市", "松山市"], "SE": "Norrby Söderlund Älvsta".split(), "PL": "Nowogród Zielonka Brzezina".split(),
}  # fmt: skip
HOSPITAL = {"US": "{} Hospital", "GB": "{} Hospital", "DE": "Krankenhaus {}", "FR": "Hôpital {}", "IT": "Ospedale {}",
            "ES": "Hospital {}", "NL": "{} Ziekenhuis", "SE": "{} Sjukhus", "PL": "Szpital {}"}  # fmt: skip
CHILDREN = {"US": "{} Children's Hospital", "GB": "{} Children's Hospital", "DE": "Kinderkrankenhaus {}", "FR": "Hôpital d'enfants {}",
            "IT": "Ospedale Pediatrico {}", "ES": "Hospital Infantil {}", "NL": "{} Kinderziekenhuis"}  # fmt: skip
HEART = {"US": "{} Heart Center", "GB": "{} Cardiac Centre", "DE": "Herzzentrum {}", "FR": "Centre de Cardiologie {}",
         "IT": "Centro Cardiologico {}", "ES": "Centro Cardiovascular {}", "NL": "Hartcentrum {}"}  # fmt: skip
SAINTS = {
    "Peter": {"US": "St. Peter's", "GB": "Saint Peter's", "DE": "Sankt Petrus", "FR": "Saint-Pierre", "IT": "San Pietro", "ES": "San Pedro"},
    "John": {"US": "St. John's", "GB": "Saint John's", "DE": "St. Johannes", "FR": "Saint-Jean", "IT": "San Giovanni", "ES": "San Juan"},
    "Mary": {"US": "St. Mary's", "GB": "St Mary's", "DE": "St. Marien", "FR": "Sainte-Marie", "IT": "Santa Maria", "ES": "Santa María"},
    "Joseph": {"US": "St. Joseph's", "GB": "St Joseph's", "DE": "St. Josef", "FR": "Saint-Joseph", "IT": "San Giuseppe", "ES": "San José"},
    "Luke": {"US": "St. Luke's", "GB": "St Luke's", "DE": "St. Lukas", "FR": "Saint-Luc", "IT": "San Luca", "ES": "San Lucas"},
}  # fmt: skip
DEPARTMENTS = ("Department of Cardiology", "Radiology Department", "Abteilung für Chirurgie", "Service de Neurologie",
               "Dept. of Oncology", "Procurement Department", "IT Department")  # fmt: skip
ROMAN = dict(zip("абвгдезийклмнопрстуфхыьэя", "a b v g d e z i y k l m n o p r s t u f kh y - e ya".split(), strict=True)) | {
    "ё": "e", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "ъ": ""}  # fmt: skip


class Writer:
    """Draws customers and what may become of them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def one(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def own(self) -> str:
        return self.rng.choice(FRONTS) + self.rng.choice(BACKS)

    def place(self, among: object = None) -> tuple[str, str]:
        """A country and a city in it."""
        country = self.rng.choice(sorted(among or HOSPITAL))
        return country, self.rng.choice(CITIES[country])

    def domain(self, name: str) -> str:
        letters = "".join(sign for sign in name.casefold() if sign.isascii() and sign.isalnum())
        return (
            f"{letters[:22]}{self.rng.randint(1, 99)}.example" if self.rng.random() < 0.5 and letters else ""
        )

    def pair(self, one: str, other: str, same: int, country: str, city: str) -> Pair:
        """Both in one city; the second record knows the domain more seldom, and then the same one if it is the same."""
        domain = self.domain(one)
        theirs = (domain if self.rng.random() < 0.4 else "") if same else self.domain(other)
        return (one, city, country, domain), (other, city, country, theirs), same

    # The same customer -----------------------------------------------------------------------------------------

    def translated_kind(self) -> Pair:
        country, city = self.place(CHILDREN)
        said, own = self.rng.choice((HOSPITAL, CHILDREN, HEART)), self.own()
        return self.pair(
            said[country].format(own),
            said[self.one(*set(CHILDREN) - {country})].format(own),
            1,
            country,
            city,
        )

    def translated_saint(self) -> Pair:
        country, city = self.place(SAINTS["Peter"])
        saint, other = SAINTS[self.one(*SAINTS)], self.one(*set(SAINTS["Peter"]) - {country})
        return self.pair(
            HOSPITAL[country].format(saint[country]), HOSPITAL[other].format(saint[other]), 1, country, city
        )

    def romanised(self) -> Pair:
        city, number = self.rng.choice(CITIES["RU"]), self.rng.randint(1, 99)
        name = self.one(f"Городская клиническая больница № {number}", f"Областная детская больница {city}",
                        f"Центральная поликлиника № {number}")  # fmt: skip
        latin = "".join(ROMAN.get(sign, sign) for sign in name.casefold()).replace("-", "").title()
        return self.pair(name, latin, 1, "RU", city)

    def other_script(self) -> Pair:
        country, city = self.place(["JP", "GR"])
        if country == "GR":
            return self.pair(
                f"Γενικό Νοσοκομείο {city} Άγιος Λουκάς",
                f"ΓΕΝΙΚΟ ΝΟΣΟΚΟΜΕΙΟ {city.upper()} ΑΓΙΟΣ ΛΟΥΚΑΣ",
                1,
                country,
                city,
            )
        name = self.one("中央病院", "赤十字病院", "こども病院", "済生会病院")
        return self.pair(
            f"{city}{name}", f"{self.one('医療法人 ', '')}{city.removesuffix('市')}　{name}", 1, country, city
        )

    def joined(self) -> Pair:
        country, city = self.place(["US", "GB"])
        front, back = self.own(), self.one("Gate", "Park", "Field", "Wood", "Brook")
        return self.pair(f"{front} {back} Hospital", f"{front}{back.lower()} Hospital", 1, country, city)

    def split(self) -> Pair:
        city, own = self.rng.choice(CITIES["DE"]), self.own()
        kind, apart = self.rng.choice([("Kinderarztpraxis", "Kinder-Arzt-Praxis"), ("Augenklinik", "Augen Klinik"),
                                       ("Rehazentrum", "Reha-Zentrum"), ("Zahnarztpraxis", "Zahnarzt Praxis")])  # fmt: skip
        return self.pair(f"{kind} {own}", f"{apart} {own}", 1, "DE", city)

    def abbreviated(self) -> Pair:
        country, city = self.place(["FR", "US", "DE", "GB"])
        own = self.own()
        long, short = {
            "FR": ("Centre Hospitalier Universitaire {}", "CHU {}"), "US": ("Saint {} Medical Center", "St. {} Med Ctr"),
            "DE": ("Universitätsklinikum {}", "Uniklinik {}"), "GB": ("{} University Hospital", "{} Univ. Hosp."),
        }[country]  # fmt: skip
        return self.pair(long.format(own), short.format(own), 1, country, city)

    def department(self) -> Pair:
        country, city = self.place()
        name = HOSPITAL[country].format(self.own())
        return self.pair(
            name, f"{name}{self.one(', ', ' - ', ' / ')}{self.one(*DEPARTMENTS)}", 1, country, city
        )

    def merged(self) -> Pair:
        country, city = self.place()
        own, into = self.own(), self.own()
        name = HOSPITAL[country].format(own)
        return self.pair(
            name,
            self.one(f"{name} (formerly {into})", f"{name} - {into} Health", f"{name}-{into}"),
            1,
            country,
            city,
        )

    def reordered(self) -> Pair:
        country, city = self.place(["US", "GB", "NL", "ES"])
        own = self.own()
        return self.pair(f"{own} {city} General Hospital", f"General Hospital {city} {own}", 1, country, city)

    def doubled(self) -> Pair:
        country, city = self.place()
        name = HOSPITAL[country].format(self.own())
        i = self.rng.choice([i for i, sign in enumerate(name) if sign.isalpha() and sign.isascii() and i])
        return self.pair(name, name[:i] + name[i] + name[i:], 1, country, city)

    # Two customers ---------------------------------------------------------------------------------------------

    def shared_domain_elsewhere(self) -> Pair:
        country, city = self.place()
        name, other = HOSPITAL[country].format(self.own()), self.one(*set(CITIES[country]) - {city})
        return (name, city, country, "unitedcare.example"), (name, other, country, "unitedcare.example"), 0

    def other_saint(self) -> Pair:
        country, city = self.place(SAINTS["Peter"])
        one, two = self.rng.sample(sorted(SAINTS), 2)
        other = self.one(*SAINTS["Peter"])
        return self.pair(
            HOSPITAL[country].format(SAINTS[one][country]),
            HOSPITAL[other].format(SAINTS[two][other]),
            0,
            country,
            city,
        )

    def other_kind_translated(self) -> Pair:
        country, city = self.place(CHILDREN)
        own = self.own()
        return self.pair(CHILDREN[country].format(own), HEART[self.one(*HEART)].format(own), 0, country, city)

    def other_own_word(self) -> Pair:
        country, city = self.place()
        own = self.own()
        other = next(word for word in iter(self.own, "") if word[:3] != own[:3])
        return self.pair(HOSPITAL[country].format(own), HOSPITAL[country].format(other), 0, country, city)

    def other_direction(self) -> Pair:
        country, city = self.place(["US", "GB"])
        own = self.own()
        return self.pair(
            f"{own} Hospital East", f"{own} Hospital {self.one('West', 'North', 'South')}", 0, country, city
        )

    def other_compound(self) -> Pair:
        city = self.rng.choice(CITIES["DE"])
        one, two = self.rng.sample(["Wald", "Berg", "Park", "Rosen", "See", "Schloss", "Linden"], 2)
        return self.pair(f"{one}klinik {city}", f"{two}klinik {city}", 0, "DE", city)

    def other_number(self) -> Pair:
        city = self.rng.choice(CITIES["RU"])
        one, two = self.rng.sample(range(1, 99), 2)
        return self.pair(f"Поликлиника № {one}", f"Poliklinika No. {two}", 0, "RU", city)

    def other_cjk(self) -> Pair:
        city = self.rng.choice(CITIES["JP"])
        one, two = self.rng.sample(["中央病院", "赤十字病院", "こども病院", "済生会病院", "歯科医院"], 2)
        return self.pair(f"{city}{one}", f"{city}{two}", 0, "JP", city)


SAME = "translated_kind translated_saint romanised other_script joined split abbreviated department merged reordered doubled".split()
TWO = ("shared_domain_elsewhere other_saint other_kind_translated other_own_word other_direction other_compound other_number "
       "other_cjk").split()  # fmt: skip
EACH = 120
FIELDS = [f"{side}_{fact}" for side in "ab" for fact in ("name", "city", "country", "domain")]


def rows(seed: int = 7) -> Iterator[dict[str, str]]:
    """The pairs, each with its label and kind."""
    writer = Writer(seed)
    for kind in (*SAME, *TWO):
        draw: Callable[[], Pair] = getattr(writer, kind)
        for number in range(EACH):
            one, other, label = draw()
            facts = dict(zip(FIELDS, (*one, *other), strict=True))
            yield {
                "pair_id": f"{kind}-{number}",
                **facts,
                "label": str(label),
                "kind": kind,
                "changes": kind if label else "",
            }


def write(path: Path, seed: int = 7) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["pair_id", *FIELDS, "label", "kind", "changes"])
        writer.writeheader()
        writer.writerows(rows(seed))


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
