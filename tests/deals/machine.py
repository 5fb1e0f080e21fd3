"""A registration's life as a machine: whoever tries whatever whenever, through the API; what holds after each step.

The machine asks the product's own tables which moves there are. A move that nobody here knows how to make fails the
test by its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_save
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from accounts.actions import create_key
from accounts.models import User
from catalog.models import Setting
from core import jobs, mail
from core.actors import SYSTEM
from core.clock import day, now
from core.lifecycle import Lifecycle
from core.models import Mail
from core.saving import save
from core.states import look
from deals import rules
from deals.letters import recipients
from deals.models import Amendment, Appeal, Condition, Consent, Deal, Extension, Protection, Transfer
from deals.receivers import REPORTED
from deals.serializers.registrations import VERB_OF_MOVE
from deals.tasks import release_lapsed
from events.models import Event
from partners.models import Partner
from tests.deals import factories as make
from tests.deals.racers import AT
from tests.factories import make_organization, make_partner, make_partner_user, make_program, make_vendor_user

DAY = timedelta(days=1)
LONGEST = 330 * DAY  # a key lives for a year
PAUSES = [timedelta(hours=1), DAY, 3 * DAY, 8 * DAY, 15 * DAY, 31 * DAY, 61 * DAY, 91 * DAY]
MOVE_OF_EVENT = {event: move for move, event in rules.EVENT_OF_MOVE.items()}
TERMINAL = set(rules.STATES) - {state for move in rules.LIFECYCLE.moves.values() for state in move.sources}
# Refusals of a move that the table opens, each for a reason of its own.
REASONS = {
    "protected", "in_grace", "too_soon", "customer_not_linked", "not_requested", "too_late", "no_room", "appealed",
    "closed_move", "protected_below", "new_conflict", "case_runs",
}  # fmt: skip


class World:
    """Who and what there is; made once, and nothing of it changes."""

    def __init__(self) -> None:
        make_program()
        make.make_types_and_stages()
        maya = make_vendor_user("maya@vendor.example", "Maya", "psm", AT)
        network = make_organization("Brannoc Health Network", kind="idn", public_directory=True)
        self.customers = [
            network,
            make_organization("Brannoc General", parent=network, public_directory=True),
            make_organization("Larkhill Community Hospital", public_directory=True),
        ]
        self.partners = {
            "northgate": make_partner("Northgate Clinical Systems", psm=maya),
            "albion": make_partner("Albion Health", country="GB"),
            "kyoto": make_partner("Kyoto Imaging", country="JP"),
        }
        people = {name: self.at(name, partner) for name, partner in self.partners.items()}
        people |= {"maya": maya, "vera": make_vendor_user("vera@vendor.example", "Vera", "auditor", AT)}
        for name in ("dirk", "dora"):
            people[name] = make_vendor_user(f"{name}@vendor.example", name.title(), "deal_desk", AT)
        self.api = {name: self.by_key(user, self.partners.get(name)) for name, user in people.items()}
        self.people = people
        # A client builds the whole chain of middleware: each person keeps one.
        self.browsers = {name: Client(raise_request_exception=False) for name in people}

    @staticmethod
    def at(name: str, partner: Partner) -> User:
        return make_partner_user(f"admin@{name}.example", name.title(), partner, "partner_admin", AT)

    @staticmethod
    def by_key(user: User, partner: Partner | None) -> Client:
        life = timedelta(days=365)
        key = create_key(by=SYSTEM, user=user, partner=partner, name="machine", at=AT, life=life)[1]
        # What breaks is answered as it would be in production: the machine looks at the status.
        return Client(
            headers={"authorization": f"Bearer {key}", "if-match": "*"}, raise_request_exception=False
        )

    def page(self, who: str, path: str) -> Any:
        """A page, as someone sees it who has just signed in."""
        client = self.browsers[who]
        client.cookies.clear()
        client.force_login(self.people[who], backend="accounts.backends.ActiveUserBackend")
        return client.get(path)


DECIDERS = ("dirk", "dora", "maya")
SELLERS = ("northgate", "albion", "kyoto")
EVERYBODY = (*DECIDERS, *SELLERS, "vera")


# How each move is asked for ----------------------------------------------------------------------------------------

Asked = tuple[str, dict[str, Any]]  # the verb of the deal, and its body


def recent(deal: Deal) -> dict[str, Any]:
    return {"evidence": "A call.", "activity_on": deal.day_of(now()).isoformat()}


def earlier_of(deal: Deal) -> dict[str, Any]:
    found = Deal.objects.filter(partner=deal.partner).exclude(pk=deal.pk)
    found = found.exclude(state__in=rules.NEVER_SUBMITTED).order_by("pk").first()
    return {"duplicate_of": str(found.pk if found else deal.pk)}


def conditional(deal: Deal) -> dict[str, Any]:
    until = deal.day_of(now()) + 10 * DAY
    return {"conditions": ["A letter of intent."], "conditions_until": until.isoformat()}


def receiver_of(deal: Deal) -> dict[str, Any]:
    other = Partner.objects.exclude(pk=deal.partner_id).order_by("name").first()
    return {"receiver": str(other.pk if other else deal.partner_id), "reason": "They are on site."}


def more_products(deal: Deal) -> dict[str, Any]:
    return {"products": ["triage", "documentation", "imaging"], "reason": "They want all of it."}


def fewer_products(deal: Deal) -> dict[str, Any]:
    return {"products": ["triage"], "reason": "They want the first one only."}


def asked_for_consent(deal: Deal, verb: str) -> tuple[str, dict[str, Any]] | None:
    """The one that waits for an answer; else the latest, which was answered before."""
    asked = Consent.objects.filter(transfer__deal=deal).order_by("-created_at", "side")
    found = asked.filter(state="requested").first() or asked.first()
    return (f"transfer-consents/{found.pk}/{verb}", {}) if found else None


# Who asks for a move of the registration, and with what.
OF_PARTNER: dict[str, Callable[[Deal], Asked]] = {
    "submit": lambda deal: ("submit", {}),
    "resubmit": lambda deal: ("submit", {}),
    "discard": lambda deal: ("discard", {}),
    "withdraw": lambda deal: ("withdraw", {"reason": "no_opportunity"}),
    "report_win": lambda deal: (
        "report-win",
        {"won_on": deal.day_of(now()).isoformat(), "reference": "PO 1"},
    ),
    "report_loss": lambda deal: ("report-loss", {"reason": "price"}),
}
OF_VENDOR: dict[str, Callable[[Deal], Asked]] = {
    "start_review": lambda deal: ("start-review", {}),
    "ask_for_more": lambda deal: ("ask-for-more", {"question": "Who?", "fields": ["contact"]}),
    "approve": lambda deal: ("approve", {"days": 20}),
    "approve_with_conditions": lambda deal: ("approve-with-conditions", conditional(deal)),
    "meet_conditions": lambda deal: ("meet-conditions", {}),
    "miss_conditions": lambda deal: ("miss-conditions", {"reason": "cannot_be_met"}),
    "reject": lambda deal: ("reject", {"reason": "not_eligible"}),
    "mark_duplicate": lambda deal: ("mark-duplicate", earlier_of(deal)),
    "revoke": lambda deal: ("revoke", {"reason": "inaccurate"}),
    "renew": lambda deal: ("renew", {}),
    "reopen": lambda deal: ("reopen", {"reason": "customer_came_back", "days": 20}),
}
# What nobody chooses: time makes it, or the move of another record.
BY_ITSELF = {"expire", "lapse", "uphold", "transfer", "take_over"}
# These succeed whenever the table opens them and the right person asks.
SURE = {
    "start_review",
    "ask_for_more",
    "discard",
    "withdraw",
    "report_loss",
    "report_win",
    "reject",
    "revoke",
}
# Around the registration: who asks, the address and the body. They open and close by tables of their own.
AROUND: dict[str, tuple[bool, Callable[[Deal], tuple[str, dict[str, Any]] | None]]] = {
    "request_extension": (False, lambda deal: (f"deals/{deal.pk}/request-extension", recent(deal))),
    "request_renewal": (False, lambda deal: (f"deals/{deal.pk}/request-renewal", recent(deal))),
    "extension.grant": (True, lambda deal: on(Extension, deal, "extensions", "grant", {})),
    "extension.refuse": (True, lambda deal: on(Extension, deal, "extensions", "refuse", {"reason": "too_long"})),
    "appeal.file": (False, lambda deal: ("appeals", {"deal": str(deal.pk), "grounds": "We were first."})),
    "appeal.uphold": (True, lambda deal: on(Appeal, deal, "appeals", "uphold", {})),
    "appeal.uphold_and_approve": (True, lambda deal: on(Appeal, deal, "appeals", "uphold", {"approve": True})),
    "appeal.dismiss": (True, lambda deal: on(Appeal, deal, "appeals", "dismiss", {"answer": "It was late."})),
    "appeal.withdraw": (False, lambda deal: on(Appeal, deal, "appeals", "withdraw", {})),
    "condition.answer": (False, lambda deal: on(Condition, deal, "conditions", "answer", {"answer": "Signed."})),
    "transfer.request": (False, lambda deal: (f"deals/{deal.pk}/request-transfer", {"wish": "Any", "reason": "Far."})),
    "transfer.propose": (True, lambda deal: (f"deals/{deal.pk}/propose-transfer", receiver_of(deal))),
    "transfer.carry_out": (True, lambda deal: on(Transfer, deal, "transfers", "carry-out", {})),
    "transfer.cancel": (True, lambda deal: on(Transfer, deal, "transfers", "cancel", {})),
    "consent.give": (False, lambda deal: asked_for_consent(deal, "give")),
    "consent.decline": (False, lambda deal: asked_for_consent(deal, "decline")),
    "amendment.request": (False, lambda deal: (f"deals/{deal.pk}/request-amendment", more_products(deal))),
    "amendment.request_less": (False, lambda deal: (f"deals/{deal.pk}/request-amendment", fewer_products(deal))),
    "amendment.accept": (True, lambda deal: on(Amendment, deal, "amendments", "accept", {})),
    "amendment.refuse": (True, lambda deal: on(Amendment, deal, "amendments", "refuse", {"reason": "not_agreed"})),
    "amendment.withdraw": (False, lambda deal: on(Amendment, deal, "amendments", "withdraw", {})),
    "change": (False, lambda deal: (f"deals/{deal.pk}", {"contact": "Helen Marsh"})),
    "update_stage": (False, lambda deal: (f"deals/{deal.pk}/update-stage", {"stage": "qualified"})),
}  # fmt: skip
# What takes several people several steps.
THREADS = {
    "approval": ["submit", "start_review", "approve"],
    "extension": ["request_extension", "extension.grant"],
    "renewal": ["request_renewal", "renew"],
    "conditions": ["approve_with_conditions", "condition.answer", "meet_conditions"],
    "appeal": ["reject", "appeal.file", "appeal.uphold"],
    "appeal with approval": ["revoke", "appeal.file", "appeal.uphold_and_approve"],
    "transfer": ["transfer.propose", "consent.give", "consent.give", "transfer.carry_out"],
    "amendment": ["amendment.request", "amendment.accept"],
    "amendment to less": ["amendment.request_less", "amendment.accept"],
    "win taken back": ["report_win", "reopen"],
}
# Lives that take every move of the table, the rare ones too: each begins with a draft; a number is a pause in days.
LIVES: list[list[str | int]] = [
    ["discard"],
    ["submit", "withdraw"],
    ["submit", "start_review", "ask_for_more", "resubmit", "reject", "appeal.file", "appeal.uphold"],
    ["submit", "ask_for_more", 61],
    ["submit", "approve", 23, "request_renewal", "renew", "report_loss"],
    ["submit", "approve", "report_win", "reopen", "revoke"],
    ["submit", "approve_with_conditions", "condition.answer", "meet_conditions"],
    ["submit", "approve_with_conditions", "miss_conditions"],
    ["submit", "approve", "transfer.propose", "consent.give", "consent.give", "transfer.carry_out"],
    ["submit", "another", "mark_duplicate"],
]
# Which moves of the other tables are made by what.
COVERED = {
    "LIFECYCLE": {*OF_PARTNER, *OF_VENDOR, *BY_ITSELF},
    "EXTENSION_LIFECYCLE": {"grant", "refuse", "close"},
    "APPEAL": {"uphold", "dismiss", "withdraw"},
    "TRANSFER": {"propose", "offer", "agree", "carry_out", "decline", "cancel", "close"},
    "CONSENT": {"give", "decline", "close"},
    "AMENDMENT": {"accept", "refuse", "withdraw", "close"},
    # A go-live does not touch the registration's state; an import is no part of one registration's life.
    "IMPLEMENTATION": {"accept", "decline", "withdraw"},
    "IMPORT": set(rules.IMPORT.moves),
}


def on(
    model: Any, deal: Deal, noun: str, verb: str, body: dict[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    found = model.objects.filter(deal=deal).order_by("-created_at", "-pk").first()
    return (f"{noun}/{found.pk}/{verb}", body) if found else None


def moves_without_a_rule() -> list[str]:
    """The moves of the tables that this machine does not know."""
    tables = {name: table for name, table in vars(rules).items() if isinstance(table, Lifecycle)}
    return [
        f"no rule for move {move} of {name}"
        for name, table in tables.items()
        for move in table.moves
        if move not in COVERED.get(name, set())
    ]


# The machine -------------------------------------------------------------------------------------------------------


class Registrations(RuleBasedStateMachine):
    """Registrations of three partners for three customers, one of them below another."""

    world: World
    taken: Counter = Counter()
    answered: Counter = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.travel = time_machine.travel(AT, tick=False)
        self.clock = self.travel.start()
        self.heard: list[Event] = []
        self.states: dict[Any, str] = {}
        post_save.connect(self.hear, sender=Event, weak=False, dispatch_uid="machine")
        cache.clear()

    def teardown(self) -> None:
        post_save.disconnect(sender=Event, dispatch_uid="machine")
        self.travel.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def hear(self, instance: Event, created: bool, **rest: Any) -> None:
        self.heard.append(instance)

    # Steps

    @initialize(automatic=st.booleans())
    def begin(self, automatic: bool) -> None:
        """Half of the programs approve by themselves what nobody else claims."""
        self.open_the_program(automatic)
        self.register("northgate", 0, ["triage"], False, False)

    def open_the_program(self, automatic: bool) -> None:
        terms = {"": int(automatic), "_value": 1_000_000, "_tier": 0, "_people": 0}
        for key, value in terms.items():
            save(Setting(key=f"deal.auto_approve{key}", value=value))

    @rule(
        who=st.sampled_from(SELLERS),
        customer=st.integers(0, 3),
        products=st.sampled_from([["triage"], ["documentation"], ["triage", "documentation"]]),
        all_below=st.booleans(),
        is_draft=st.booleans(),
    )
    def register(self, who: str, customer: int, products: list[str], all_below: bool, is_draft: bool) -> None:
        """For a customer of the directory, or one that was typed."""
        if len(self.states) >= 6:
            return
        body: dict[str, Any] = {
            "products": products, "amount": {"amount": "42000.00", "currency": "USD"}, "is_draft": is_draft,
            "expected_close_on": (now().date() + 60 * DAY).isoformat(), "what_it_did": "Two calls.",
            "no_patient_data": True,
        }  # fmt: skip
        if customer < 3:
            body["organization"] = str(self.world.customers[customer].pk)
            if all_below:
                body |= {"includes_below": True, "scope_reason": "One budget."}
        else:
            body |= {"customer_name": "St. Nowhere", "customer_country": "US"}
        assert self.ask(who, "deals", body).status_code == 201

    @rule(n=st.integers(0, 5), move=st.sampled_from(sorted({*OF_PARTNER, *OF_VENDOR})), who=st.integers(0, 2))
    def make_a_move(self, n: int, move: str, who: int) -> None:
        """Someone who may asks for a move, whether the table opens it or not."""
        self.try_move(self.deal(n), move, who)

    @rule(n=st.integers(0, 5), which=st.integers(0, 20), who=st.integers(0, 2))
    def make_an_open_move(self, n: int, which: int, who: int) -> None:
        """Someone who may asks for one that the table opens."""
        deal = self.deal(n)
        if moves := rules.LIFECYCLE.open_moves(deal.state):
            # What goes on comes three times as often as what ends it.
            ends = [move for move in moves if rules.LIFECYCLE.moves[move].to in TERMINAL]
            moves = [move for move in moves if move not in ends] * 3 + ends
            self.try_move(deal, moves[which % len(moves)], who)

    @rule(n=st.integers(0, 5), what=st.sampled_from(sorted(THREADS)), who=st.integers(0, 2))
    def see_something_through(self, n: int, what: str, who: int) -> None:
        """One after the other, as far as it goes."""
        for step in THREADS[what]:
            if step in AROUND:
                self.do_around(self.deal(n), step, who)
            else:
                self.try_move(self.deal(n), step, who)

    def live(self, steps: list[str | int]) -> None:
        """One of LIVES, with all that must hold after each step."""
        self.open_the_program(automatic=False)
        self.register("northgate", 2, ["triage"], False, True)
        self.check()
        for step in steps:
            self.make_a_step(step)
            self.check()

    def make_a_step(self, step: str | int) -> None:
        if isinstance(step, int):
            self.wait(step * DAY, True)
        elif step == "another":
            self.register("northgate", 2, ["triage"], False, False)
        elif step in AROUND:
            self.do_around(self.deal(0), step, 1)  # an appeal is answered by somebody else
        else:
            self.try_move(self.deal(0), step, 0)

    def check(self) -> None:
        """What holds after each step."""
        self.only_the_table_s_moves_were_made_each_with_one_event_and_its_letters()
        self.at_most_one_protection_runs_on_each_scope_and_product()
        self.dates_of_deals_and_protections_agree()
        self.nothing_waits_for_an_answer_that_nobody_can_give()

    @rule(n=st.integers(0, 5), what=st.sampled_from(sorted(AROUND)), who=st.integers(0, 2))
    def do_something_around_it(self, n: int, what: str, who: int) -> None:
        self.do_around(self.deal(n), what, who)

    def do_around(self, deal: Deal, what: str, who: int) -> None:
        of_vendor, asked = AROUND[what]
        found = asked(deal)
        if found:
            path, body = found
            asker = self.person(deal, of_vendor, who)
            if what.startswith("consent."):
                partner = Consent.objects.get(pk=path.split("/")[1]).partner_id
                asker = next(name for name, one in self.world.partners.items() if one.pk == partner)
            self.ask(asker, path, body, "patch" if what == "change" else "post")

    @rule(n=st.integers(0, 5), customer=st.integers(0, 2), who=st.sampled_from(DECIDERS))
    def link_the_customer(self, n: int, customer: int, who: str) -> None:
        organization = self.world.customers[customer]
        self.ask(who, f"deals/{self.deal(n).pk}/link-customer", {"organization": str(organization.pk)})

    @rule(
        n=st.integers(0, 5),
        move=st.sampled_from(sorted({*OF_PARTNER, *OF_VENDOR})),
        who=st.sampled_from(EVERYBODY),
    )
    def let_a_stranger_try(self, n: int, move: str, who: str) -> None:
        """Who is of another company finds nothing; who only reads, and who is on the wrong side, may not."""
        deal = self.deal(n)
        if who in self.people(deal, move in OF_VENDOR):
            return
        verb, body = {**OF_PARTNER, **OF_VENDOR}[move](deal)
        answer = self.ask(who, f"deals/{deal.pk}/{verb}", body)
        # The deal desk and managers act for partners too.
        if who in DECIDERS:
            return
        assert answer.status_code == (403 if who in ("vera", self.owner(deal)) else 404), (who, move)

    @rule(pause=st.sampled_from(PAUSES), swept=st.booleans())
    def wait(self, pause: timedelta, swept: bool) -> None:
        """Time passes; the sweep comes in time, or later."""
        if now() + pause < AT + LONGEST:
            self.clock.shift(pause)
        if swept:
            self.sweep()

    @rule()
    def sweep(self) -> None:
        """What time has ended is ended."""
        release_lapsed()
        for name in jobs.known():
            if name.startswith("deals."):
                jobs._jobs[name](day(now()), now())
        assert not Protection.objects.lapsed(now()).exists()

    @rule(n=st.integers(0, 5), is_vendor=st.booleans())
    def look(self, n: int, is_vendor: bool) -> None:
        """Page and API say the same of it, to the vendor and to its partner; another partner sees nothing."""
        deal = self.deal(n)
        owner = self.owner(deal)
        who, side = ("dirk", "manage") if is_vendor else (owner, "portal")
        told = self.world.api[who].get(f"/api/v1/deals/{deal.pk}/")
        page = self.world.page(who, f"/{side}/deals/{deal.pk}/")
        assert (told.status_code, page.status_code) == (200, 200), (deal.state, side)
        assert told.json()["state"] == deal.state
        moves = rules.LIFECYCLE.open_moves(deal.state)
        assert told.json()["open_moves"] == [VERB_OF_MOVE.get(move, move) for move in moves]
        assert str(look(deal.state).word) in page.content.decode()
        stranger = next(name for name in SELLERS if name != owner)
        assert self.world.api[stranger].get(f"/api/v1/deals/{deal.pk}/").status_code == 404
        if not is_vendor:
            assert self.world.page(stranger, f"/portal/deals/{deal.pk}/").status_code == 404

    # What a step is made of

    def deal(self, n: int) -> Deal:
        ids = sorted(self.states)
        return Deal.objects.select_related("partner").get(pk=ids[n % len(ids)])

    def owner(self, deal: Deal) -> str:
        return next(name for name, partner in self.world.partners.items() if partner.pk == deal.partner_id)

    def people(self, deal: Deal, of_vendor: bool) -> list[str]:
        """Who may ask."""
        owner = self.owner(deal)
        return list(DECIDERS) if of_vendor else [owner, "dirk", "dora"]

    def person(self, deal: Deal, of_vendor: bool, n: int) -> str:
        people = list(DECIDERS) if of_vendor else [self.owner(deal)]
        return people[n % len(people)]

    def try_move(self, deal: Deal, move: str, n: int) -> None:
        who = self.person(deal, move in OF_VENDOR, n)
        verb, body = {**OF_PARTNER, **OF_VENDOR}[move](deal)
        table = rules.LIFECYCLE.moves
        same_verb = ("submit", "resubmit") if verb == "submit" else (move,)
        is_open = any(deal.state in table[name].sources for name in same_verb)
        protected_before = self.kept_for_others(deal)

        answer = self.ask(who, f"deals/{deal.pk}/{verb}", body)

        if answer.status_code == 200:
            assert is_open, f"{move} was made from {deal.state}"
            fresh = Deal.objects.get(pk=deal.pk)
            assert fresh.state == table[move].to or (verb == "submit" and fresh.state == rules.APPROVED)
            if fresh.state in rules.PROTECTED and deal.state not in rules.PROTECTED:
                assert not protected_before, "approved while somebody else is protected or may still renew"
        elif answer.status_code == 403:
            # A conflict between partners of different managers is the deal desk's, and so are wide claims.
            assert who == "maya", answer.content
        elif is_open and move in SURE:
            raise AssertionError(f"{who} could not {move} from {deal.state}: {answer.content!r}")
        elif is_open and answer.status_code == 409:
            assert answer.json()["code"] in REASONS, answer.json()

    def kept_for_others(self, deal: Deal) -> list[Protection]:
        """Other partners' protections that reach the claim and run today, or whose holder may still renew them.

        Told without the product's own questions: from the rows, the tree and the calendar.
        """
        if deal.organization is None:
            return []
        products = {product.pk for product in deal.products.all()}
        found = []
        for one in Protection.objects.select_related("deal", "organization").exclude(deal=deal):
            if one.product_id not in products or not self.overlap(one, deal):
                continue
            holds = one.released_at is None and one.ends_at > now()
            last = one.until + 7 * DAY
            is_left = one.deal.products.filter(
                pk=one.product_id
            ).exists()  # an amendment may have taken it away
            in_grace = (one.deal.state == rules.EXPIRED and is_left) or (
                one.released_at is None and one.ends_at <= now()
            )
            may_renew = (
                in_grace and one.deal.state != rules.WON and rules.ends_at(last, one.deal.time_zone) > now()
            )
            if holds or (may_renew and one.deal.partner_id != deal.partner_id):
                found.append(one)
        return found

    def overlap(self, one: Protection, deal: Deal) -> bool:
        network, hospital = self.world.customers[0].pk, self.world.customers[1].pk
        here, there = deal.organization_id, one.organization_id
        if here == there:
            return True
        down = (here, there) == (network, hospital) and deal.includes_below
        return down or ((there, here) == (network, hospital) and one.includes_below)

    def ask(self, who: str, path: str, body: dict[str, Any], method: str = "post") -> Any:
        """One request; whatever is refused leaves nothing behind."""
        before, since = self.stored(), len(self.heard)
        send = getattr(self.world.api[who], method)
        answer = send(f"/api/v1/{path}/", body, content_type="application/json")
        self.answered[answer.status_code] += 1
        assert answer.status_code < 500, (who, path, body, answer.content)
        if answer.status_code >= 400:
            assert self.stored() == before, (path, answer.content)
            assert not self.kept(since)
            del self.heard[since:]
        return answer

    @staticmethod
    def stored() -> list[Any]:
        return [
            list(model.objects.order_by("pk").values_list("pk", "version"))
            for model in (Deal, Protection, Appeal)
        ]

    def kept(self, since: int) -> list[Event]:
        there = set(
            Event.objects.filter(pk__in=[e.pk for e in self.heard[since:]]).values_list("pk", flat=True)
        )
        return [event for event in self.heard[since:] if event.pk in there]

    # What holds after each step

    @invariant()
    def only_the_table_s_moves_were_made_each_with_one_event_and_its_letters(self) -> None:
        table = rules.LIFECYCLE.moves
        for event in self.kept(0):
            if event.type == "deal.drafted":
                self.states[event.subject_id] = rules.DRAFT
            elif move := MOVE_OF_EVENT.get(event.type):
                before = self.states.get(event.subject_id, rules.DRAFT)  # a transfer's begins with its move
                assert before in table[move].sources, f"{move} was recorded in {before}"
                assert before not in TERMINAL
                self.states[event.subject_id] = table[move].to
                self.taken[move] += 1
            if event.type in mail._letters and event.subject_kind == "deal":
                to = {user.pk for user in recipients(Deal.objects.get(pk=event.subject_id))}
                to -= {event.actor_user_id} if event.type in REPORTED else set()
                letters = Mail.objects.filter(key__startswith=str(event.pk), letter=event.type)
                assert sorted(letters.values_list("to_user", flat=True)) == sorted(to), event.type
        self.heard.clear()
        assert dict(Deal.objects.values_list("pk", "state")) == self.states

    @invariant()
    def at_most_one_protection_runs_on_each_scope_and_product(self) -> None:
        running = list(Protection.objects.running().select_related("deal", "organization"))
        for n, one in enumerate(running):
            for other in running[n + 1 :]:
                if one.product_id != other.product_id or one.deal_id == other.deal_id:
                    continue
                assert not self.overlap(one, _claim(other)), f"{one.deal} and {other.deal} are both protected"

    @invariant()
    def dates_of_deals_and_protections_agree(self) -> None:
        for deal in Deal.objects.prefetch_related("protections", "products"):
            running = [one for one in deal.protections.all() if one.released_at is None]
            if deal.state in rules.PROTECTED:
                assert len(running) == len(deal.products.all())
            elif deal.state != rules.WON:
                assert not running, deal.state
            for one in running:
                assert (one.until, one.ends_at) == (deal.protected_until, deal.ends_at)
                assert (one.organization_id, one.includes_below) == (
                    deal.organization_id,
                    deal.includes_below,
                )
            assert deal.next_at == rules.next_at(deal.state, deal.due_at, deal.ends_at)
            assert (deal.paused_at is not None) == (deal.state == rules.ACTION_REQUIRED)
            assert (deal.closed_at is None) == (deal.state in (rules.DRAFT, *rules.OPEN))

    @invariant()
    def nothing_waits_for_an_answer_that_nobody_can_give(self) -> None:
        open_for_more = (*rules.PROTECTED, rules.EXPIRED)
        assert not Extension.objects.waiting().exclude(deal__state__in=open_for_more).exists()
        assert not Appeal.objects.waiting().exclude(deal__state__in=rules.APPEALABLE).exists()


def _claim(protection: Protection) -> Deal:
    """A protection as the claim it is."""
    return Deal(
        organization=protection.organization,
        includes_below=protection.includes_below,
        partner=protection.deal.partner,
    )
