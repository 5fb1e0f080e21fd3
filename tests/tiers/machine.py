"""A partner's tier as a machine: facts, days, versions and decisions in any order; what holds after each step."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.actors import partner_actor, vendor_actor
from core.actors import SYSTEM
from core.errors import Conflict
from core.models import Mail
from core.saving import save
from enablement.actions import revoke_certification
from enablement.models import Certification
from events.models import Event
from inbox.actions import send_due_reminders
from inbox.models import Reminder
from partners.models import Contact
from tests.enablement.factories import certify, make_reasons, make_tracks
from tests.factories import make_partner, make_partner_user, make_program, make_vendor_user
from tests.tiers.decisions import decided_content
from tests.tiers.factories import content, make_draft, make_version, put_in_force
from tiers import actions, rules
from tiers.actions.appeals import appealable
from tiers.jobs import end_what_is_over
from tiers.models import Grace, Override, Proposal, Requirement, Standing, Tier, TierAppeal, Waiver
from tiers.tasks import nightly, sweep

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TIERS = ("authorized", "silver", "gold")
REFUSED = (ValidationError, Conflict, PermissionDenied)
# What is told by a letter of its own, and when not: another letter says it then.
TOLD = (
    "tier.awarded", "tier.lowered", "tier.grace_started", "tier.overridden", "tier.override_ended",
    "tier.requirement_waived", "tier.waiver_ended", "tier.proposal_granted", "tier.proposal_declined",
    "tier_appeal.submitted", "tier_appeal.upheld", "tier_appeal.dismissed",
)  # fmt: skip


def is_told(event: Event) -> bool:
    if event.type in ("tier.awarded", "tier.lowered"):
        return event.data["reason"] not in rules.BY_PEOPLE
    if event.type == "tier.overridden":
        return event.data["because"] == rules.OVERRIDE
    if event.type == "tier.override_ended":
        return event.data["outcome"] in (rules.EXPIRED, rules.REVOKED)
    return event.type in TOLD


class World:
    """Who and what there is; made once, and nothing of it changes."""

    def __init__(self) -> None:
        make_program()
        make_reasons()
        self.tracks = make_tracks()
        make_version()
        self.partner = make_partner("Northgate Clinical Systems")
        priya = make_partner_user("priya@northgate.example", "Priya", self.partner, "partner_admin", AT)
        self.priya = partner_actor(priya)
        directors = [
            make_vendor_user(f"{n}@vendor.example", n.title(), "director", AT) for n in ("ada", "dina")
        ]
        self.directors = [vendor_actor(user) for user in directors]


class Tiers(RuleBasedStateMachine):
    """One partner, whose people come and go, in a program in which people decide, or not."""

    world: World
    taken: Counter = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.travel = time_machine.travel(AT, tick=False)
        self.clock = self.travel.start()
        self.at = AT
        cache.clear()

    def teardown(self) -> None:
        self.travel.stop()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # Steps

    @rule(track=st.sampled_from(["sales", "platform"]))
    def someone_is_certified(self, track: str) -> None:
        n, partner = Contact.objects.count(), self.world.partner
        person = save(Contact(partner=partner, name=f"P {n}", email=f"p{n}@x.example", created_at=self.at))
        certify(person, self.world.tracks[track], self.at.date())

    @rule(n=st.integers(0, 3))
    def someone_leaves(self, n: int) -> None:
        held = list(Certification.objects.filter(revoked_on=None).order_by("pk"))
        if held:
            certification = held[n % len(held)]
            revoke_certification(
                by=SYSTEM, certification=certification, reason_code="left_company", at=self.at
            )

    @rule(days=st.sampled_from([1, 8, 31, 61, 91]))
    def days_pass(self, days: int) -> None:
        self.at += days * DAY
        self.clock.move_to(self.at)
        self.a_night_passes()

    def a_night_passes(self) -> None:
        end_what_is_over(self.at.date(), self.at)
        nightly(self.at.date(), self.at)
        send_due_reminders(at=self.at)

    @rule()
    def the_sweep_comes_and_equals_a_full_run(self) -> None:
        sweep(self.at)
        assert actions.recalculate(by=SYSTEM, as_of=self.at.date(), at=self.at).differed == 0

    @rule(by_decision=st.booleans(), sellers=st.integers(1, 2))
    def a_new_version_comes_into_force(self, by_decision: bool, sellers: int) -> None:
        made = decided_content() if by_decision else content()
        made["tiers"]["gold"]["requirements"]["certified_people_sales"]["threshold"] = sellers
        put_in_force(make_draft(made), self.at)

    @rule(grant=st.booleans(), appeal=st.sampled_from([None, True, False]))
    def a_rise_comes_up_and_is_decided(self, grant: bool, appeal: bool | None) -> None:
        """Everything that Gold asks for is there, in a version in which people decide about it."""
        self.a_new_version_comes_into_force(by_decision=True, sellers=2)
        for _ in range(2):
            self.someone_is_certified("sales")
        self.a_night_passes()
        self.it_is_decided(grant, appeal)

    @rule(grant=st.booleans(), appeal=st.sampled_from([None, True, False]))
    def a_fall_comes_up_and_is_decided(self, grant: bool, appeal: bool | None) -> None:
        """Everybody leaves, and the grace period runs out."""
        while Certification.objects.filter(revoked_on=None).exists():
            self.someone_leaves(0)
        for days in (1, 31, 61):
            self.days_pass(days)
        self.it_is_decided(grant, appeal)

    def it_is_decided(self, grant: bool, appeal: bool | None) -> None:
        self.what_waits_is_decided(grant, 0, 20)
        if appeal is not None:
            self.the_partner_appeals()
            self.an_appeal_is_answered(appeal, 1)

    @rule(tier=st.sampled_from(TIERS), days=st.sampled_from([5, 40]), who=st.integers(0, 1))
    def a_tier_is_given(self, tier: str, days: int, who: int) -> None:
        self.attempt(
            "override", actions.override_tier, by=self.world.directors[who], partner=self.world.partner,
            tier=Tier.objects.get(program_version__state="active", code=tier), reason="Because",
            expires_on=self.day(days), at=self.at,
        )  # fmt: skip

    @rule(who=st.integers(0, 1))
    def a_given_tier_is_ended(self, who: int) -> None:
        for override in Override.objects.open():
            self.attempt(
                "end", actions.end_override, by=self.world.directors[who], override=override, at=self.at
            )

    @rule(n=st.integers(0, 3), days=st.sampled_from([5, 40]))
    def a_requirement_is_waived(self, n: int, days: int) -> None:
        needs = list(
            Requirement.objects.filter(tier__program_version__state="active").order_by("tier__rank", "key")
        )
        self.attempt(
            "waive", actions.waive_requirement, by=self.world.directors[0], partner=self.world.partner,
            requirement=needs[n % len(needs)], reason="Because", expires_on=self.day(days), at=self.at,
        )  # fmt: skip

    @rule()
    def a_waiver_is_ended(self) -> None:
        for waiver in Waiver.objects.open()[:1]:
            self.attempt(
                "end waiver", actions.end_waiver, by=self.world.directors[0], waiver=waiver, at=self.at
            )

    @rule(grant=st.booleans(), who=st.integers(0, 1), days=st.sampled_from([20, 100]))
    def what_waits_is_decided(self, grant: bool, who: int, days: int) -> None:
        by = self.world.directors[who]
        for proposal in Proposal.objects.waiting():
            if grant:
                self.attempt("grant", actions.grant_proposal, by=by, proposal=proposal, at=self.at)
            else:
                self.attempt(
                    "decline", actions.decline_proposal, by=by, proposal=proposal, answer="No", at=self.at,
                    until=self.day(days),
                )  # fmt: skip

    @rule()
    def the_partner_appeals(self) -> None:
        for one in appealable(self.world.partner, self.at.date())[:1]:
            self.attempt(
                "appeal", actions.file_tier_appeal, by=self.world.priya, partner=self.world.partner,
                subject_id=one.subject_id, grounds="We disagree.", at=self.at,
            )  # fmt: skip

    @rule(uphold=st.booleans(), who=st.integers(0, 1))
    def an_appeal_is_answered(self, uphold: bool, who: int) -> None:
        by = self.world.directors[who]
        for appeal in TierAppeal.objects.waiting()[:1]:
            is_own = appeal.first_decided_by_id == by.user_id
            if uphold:
                done = self.attempt(
                    "uphold", actions.uphold_tier_appeal, by=by, appeal=appeal, until=self.day(50), at=self.at
                )
            else:
                done = self.attempt(
                    "dismiss", actions.dismiss_tier_appeal, by=by, appeal=appeal, answer="No", at=self.at
                )
            assert not (done and is_own)

    def day(self, days: int) -> Any:
        return (self.at + days * DAY).date()

    def attempt(self, name: str, action: Any, **given: Any) -> bool:
        """Whether it was done; what is refused changes nothing."""
        try:
            with transaction.atomic():
                action(**given)
        except REFUSED:
            self.taken[f"{name} refused"] += 1
            return False
        self.taken[name] += 1
        return True

    # What holds

    @invariant()
    def there_is_one_standing_on_each_day(self) -> None:
        held = self.held()
        for before, after in zip(held, held[1:], strict=False):
            assert before.ends_on is not None
            assert before.ends_on <= after.starts_on

    @invariant()
    def a_tier_falls_only_when_its_grace_period_is_over(self) -> None:
        lowered = Event.objects.filter(type="tier.lowered").count()
        assert Grace.objects.filter(outcome=rules.LOWERED).count() == lowered
        for grace in Grace.objects.filter(outcome=rules.LOWERED):
            assert grace.closed_on is not None
            assert grace.closed_on >= grace.ends_on
        held = self.held()
        pairs = [(a, b) for a, b in zip(held, held[1:], strict=False) if a.ends_on == b.starts_on]
        assert sum(after.tier.rank < before.tier.rank for before, after in pairs) <= lowered

    @invariant()
    def each_standing_began_with_one_event(self) -> None:
        began = Event.objects.filter(type__in=("tier.awarded", "tier.carried_over")).count()
        began += Event.objects.filter(type="tier.lowered").exclude(data__to=None).count()
        assert Standing.objects.count() == began

    @invariant()
    def each_change_is_told_by_one_letter(self) -> None:
        expected = Counter(event.type for event in Event.objects.filter(type__in=TOLD) if is_told(event))
        written = Counter(Mail.objects.filter(letter__in=TOLD).values_list("letter", flat=True))
        assert written == expected

    @invariant()
    def each_reminder_is_sent_once_and_while_it_matters(self) -> None:
        sent = Reminder.objects.filter(state="sent")
        assert (
            len(set(sent.values_list("subject_id", "recipient", "occasion_on", "offset_days")))
            == sent.count()
        )
        closed = Grace.objects.exclude(closed_on=None).values_list("pk", flat=True)
        assert not Reminder.objects.filter(subject_id__in=list(closed), state="planned").exists()

    @invariant()
    def the_partner_says_its_tier(self) -> None:
        self.world.partner.refresh_from_db()
        held = Standing.objects.open().select_related("tier").first()
        assert self.world.partner.tier_code == (held.tier.code if held else "")

    @invariant()
    def what_is_given_is_held(self) -> None:
        held = Standing.objects.open().select_related("tier").first()
        for override in Override.objects.open().select_related("tier"):
            assert held is not None
            assert held.tier.rank >= override.tier.rank
            assert not Grace.objects.open().exists()

    def held(self) -> list[Standing]:
        """The standings that held on a day at least, in their order."""
        found = Standing.objects.visible_history().select_related("tier")
        return sorted(found, key=lambda standing: standing.starts_on)
