"""Applications and onboarding: their lifecycles, what is recognised, how marks add up, what a task waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from core.lifecycle import Lifecycle
from core.text import normal
from partners.rules import domain_of
from partners.rules import identifier_value as identifier_value

# --- Applications -----------------------------------------------------------------------------------------------
# Unconfirmed: nobody has shown yet that the address is theirs. Referred: the company is a partner already, and its
# own admins were told.
UNCONFIRMED, RECEIVED, IN_REVIEW, APPROVED = "unconfirmed", "received", "in_review", "approved"
REJECTED, WITHDRAWN, EXPIRED, REFERRED = "rejected", "withdrawn", "expired", "referred"
APPLICATION_STATES = (UNCONFIRMED, RECEIVED, IN_REVIEW, APPROVED, REJECTED, WITHDRAWN, EXPIRED, REFERRED)
AWAITING = (RECEIVED, IN_REVIEW)
OPEN = (UNCONFIRMED, *AWAITING)
APPLICATION = Lifecycle(
    {
        "confirm": ("unconfirmed", RECEIVED),
        "refer": ("unconfirmed", REFERRED),
        "assign": ("received in_review", IN_REVIEW),
        "approve": ("received in_review", APPROVED),
        "reject": ("received in_review", REJECTED),
        "withdraw": ("unconfirmed received in_review", WITHDRAWN),
        "expire": ("unconfirmed", EXPIRED),
    }
)
ORIGINS = ("form", "api", "vendor")
BY_IDENTIFIER, BY_MAIL, BY_WEBSITE, BY_HAND = "identifier", "mail", "website", "hand"
REJECTION = "application_rejection"

# --- Plans and tasks --------------------------------------------------------------------------------------------
RUNNING, COMPLETED, CANCELLED = "running", "completed", "cancelled"
PLAN_STATES = (RUNNING, COMPLETED, CANCELLED)
PLAN = Lifecycle({"complete": ("running", COMPLETED), "cancel": ("running", CANCELLED)})
TO_DO, DONE, SKIPPED = "todo", "done", "skipped"
TASK_STATES = (TO_DO, DONE, SKIPPED)
TASK = Lifecycle({"complete": ("todo", DONE), "skip": ("todo", SKIPPED), "reopen": ("done skipped", TO_DO)})
VENDOR_SIDE, PARTNER_SIDE = "vendor", "partner"
SIDES = (VENDOR_SIDE, PARTNER_SIDE)
FIRST_VALUE = "first_value"
STAGES = ("contracting", "compliance", "enablement", "integration", "launch", FIRST_VALUE)
# What may tick a task by itself. A head with a dot is followed by the code of the gate or track.
FACTS = ("person_joined", "learning_plan_signed", "deal_registered", "gate_passed.", "certification_awarded.")
# The first admin came by the approval; "invite your colleagues" is done when a second person joined.
TEAM_OF = 2


def company_key(legal_name: str, website: str, email: str) -> str:
    """What makes two applications the same company's: its domain, else its name."""
    return domain_of(website) or domain_of(email) or normal(legal_name)


def follows(fact: str) -> bool:
    """Whether a text names a fact that may tick a task ("certification_awarded.sales")."""
    return any(
        fact.startswith(head) and len(fact) > len(head) if head[-1] == "." else fact == head for head in FACTS
    )


# --- Evaluation -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weight:
    """A criterion: its code, its share of 100, and the highest mark."""

    code: str
    name: str
    weight: int
    highest: int


@dataclass(frozen=True)
class Mark:
    """One scorer's mark on one criterion."""

    criterion: str
    scorer_id: UUID
    scorer: str
    points: int


@dataclass(frozen=True)
class Line:
    """A criterion with its marks: the mean, and how far the scorers are apart."""

    weight: Weight
    marks: tuple[Mark, ...]

    @property
    def mean(self) -> Decimal | None:
        return Decimal(sum(m.points for m in self.marks)) / len(self.marks) if self.marks else None

    @property
    def spread(self) -> int:
        points = [m.points for m in self.marks]
        return max(points) - min(points) if points else 0

    @property
    def contribution(self) -> Decimal | None:
        """Its part of the total: weight × mean ÷ highest."""
        return None if self.mean is None else self.weight.weight * self.mean / self.weight.highest


@dataclass(frozen=True)
class Scorecard:
    """All criteria with their marks. `total` is out of 100 over the criteria that have a mark; None without any."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> int | None:
        return _out_of_100(self.lines)

    @property
    def missing(self) -> list[str]:
        return [line.weight.name for line in self.lines if not line.marks]

    @property
    def scorers(self) -> list[tuple[UUID, str, int | None]]:
        """Who scored, and each one's own total."""
        people = {m.scorer_id: m.scorer for line in self.lines for m in line.marks}
        return [(pk, name, self._total_of(pk)) for pk, name in people.items()]

    @property
    def spread(self) -> int:
        """How far the scorers' totals are apart."""
        totals = [total for _pk, _name, total in self.scorers if total is not None]
        return max(totals) - min(totals) if totals else 0

    def _total_of(self, scorer_id: UUID) -> int | None:
        own = [
            Line(line.weight, tuple(m for m in line.marks if m.scorer_id == scorer_id)) for line in self.lines
        ]
        return _out_of_100(own)


def scorecard(weights: Iterable[Weight], marks: Sequence[Mark]) -> Scorecard:
    """The evaluation: per criterion the mean of its marks; the total weighs the criteria that have one."""
    return Scorecard(tuple(Line(w, tuple(m for m in marks if m.criterion == w.code)) for w in weights))


def _out_of_100(lines: Iterable[Line]) -> int | None:
    scored = [line for line in lines if line.contribution is not None]
    share = sum((line.contribution for line in scored if line.contribution is not None), Decimal())
    weight = sum(line.weight.weight for line in scored)
    return int((100 * share / weight).quantize(Decimal(1), ROUND_HALF_UP)) if weight else None


# --- Checks shown beside an application -------------------------------------------------------------------------
PASS, LOOK, FAIL = "pass", "look", "fail"


@dataclass(frozen=True)
class Check:
    """One thing looked at: its verdict and the sentence that says why."""

    name: str
    verdict: str
    sentence: str


@dataclass(frozen=True)
class Facts:
    """What the checks look at."""

    email: str
    website: str
    is_confirmed: bool
    market: str
    organization: str
    recognised_by: str
    partner: str
    others: int


def checks(facts: Facts) -> list[Check]:
    """Whether the company is who it says, is new to us, and can be served."""
    return [_address(facts), _domain(facts), _known(facts), _partner(facts), _others(facts), _market(facts)]


def _address(facts: Facts) -> Check:
    name = _("Mail address")
    if facts.is_confirmed:
        return Check(name, PASS, _("The applicant confirmed the address by its link."))
    return Check(name, FAIL, _("Nobody has confirmed this address yet."))


def _domain(facts: Facts) -> Check:
    name, mail, web = _("Domain"), domain_of(facts.email), domain_of(facts.website)
    if not mail:
        return Check(
            name, LOOK, _("The address is with a shared mail provider, so it does not show the company.")
        )
    if mail == web or mail.endswith(f".{web}"):
        return Check(name, PASS, _("The address and the website share %(domain)s.") % {"domain": web})
    return Check(
        name, LOOK, _("The address is at %(mail)s, the website at %(web)s.") % {"mail": mail, "web": web}
    )


KNOWN_BY = {
    BY_IDENTIFIER: "Known by its identifier: %(name)s.",
    BY_MAIL: "Known by the domain of the address: %(name)s.",
    BY_WEBSITE: "Known by the domain of the website: %(name)s.",
    BY_HAND: "Linked by hand: %(name)s.",
}


def _known(facts: Facts) -> Check:
    name = _("Known organization")
    if not facts.organization:
        return Check(name, PASS, _("Not known to us. Approval records it as a new organization."))
    sentence = _(KNOWN_BY.get(facts.recognised_by, KNOWN_BY[BY_HAND])) % {"name": facts.organization}
    return Check(name, PASS if facts.recognised_by == BY_IDENTIFIER else LOOK, sentence)


def _partner(facts: Facts) -> Check:
    name = _("Partnership")
    if facts.partner:
        return Check(name, FAIL, _("This company is a partner already: %(name)s.") % {"name": facts.partner})
    return Check(name, PASS, _("This company is not a partner."))


def _others(facts: Facts) -> Check:
    name = _("Other applications")
    if facts.others:
        return Check(name, LOOK, _("There are %(n)s more of this company.") % {"n": facts.others})
    return Check(name, PASS, _("This is the company's only one."))


def _market(facts: Facts) -> Check:
    name = _("Market")
    if facts.market:
        return Check(name, PASS, _("Its country belongs to %(market)s.") % {"market": facts.market})
    return Check(name, LOOK, _("Its country belongs to none of our markets."))


# --- Plans ------------------------------------------------------------------------------------------------------


def template_for(category: str, parent: str, counterparts: Iterable[str], templates: Iterable[str]) -> str:
    """The code of the category whose template fits, "" for the general one.

    Looked for in this order: the category itself, its parent, then the categories it is mapped to.
    """
    offered = set(templates)
    return next((code for code in (category, parent, *counterparts) if code and code in offered), "")


def readiness(done: int, required: int) -> int:
    """The share of the required tasks that are closed, in whole percent (down, so that 100 means all)."""
    return 100 * done // required if required else 100
