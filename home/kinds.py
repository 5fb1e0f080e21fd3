"""What can wait for somebody: one entry per kind, each naming the queryset it reads and the move that it asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from compliance.models import GateRecord
from core.actors import Actor
from core.clock import day
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money
from deals import amending
from deals.models import Amendment, Appeal, ConflictCase, Deal, Extension, Implementation, Transfer
from deals.rules import AGREED
from enablement.models import Certification
from home.queue import Kind
from leads.models import Lead
from onboarding.models import Application, OnboardingPlan, OnboardingTask
from outcomes.models import ValueContribution
from reviews.models import Commitment, Review
from tiers.models import Grace, Position, ProgramVersion, Proposal, Standing, TierAppeal
from tiers.wording import name_of

EXPIRING_DAYS = 30
REVIEW_DAYS = 7  # a review is prepared in the week before it, its minutes are written within two days
MINUTES_DAYS = 2
PROMISE_DAYS = 7
CONTRIBUTION_DAYS = 14
PROPOSAL_DAYS = 7  # a partner that has earned a tier waits a week at most


# Applications ---------------------------------------------------------------------------------------------------


def applications_to_decide(actor: Actor, at: datetime) -> Any:
    return Application.objects.visible_to(actor).awaiting(actor)


def applications_to_score(actor: Actor, at: datetime) -> Any:
    """For those who score and do not decide: what they have not scored yet."""
    if actor.may(P.APPLICATION_DECIDE):
        return Application.objects.none()
    open_ones = Application.objects.visible_to(actor).awaiting_decision()
    return open_ones.exclude(scores__scorer=actor.user_id)


def taken_or_free(actor: Actor) -> Q:
    return Q(reviewer=actor.user_id) | Q(reviewer=None)


def applicant(application: Application) -> tuple[str, str]:
    return application.legal_name, _("Applicant, %(country)s") % {"country": application.country.name}


def came_in(application: Application) -> str:
    return _("Came in on %(day)s") % {"day": say_day(application.confirmed_at, "near")}


# Onboarding -----------------------------------------------------------------------------------------------------


def tasks_of_ours(actor: Actor, at: datetime) -> Any:
    return OnboardingTask.objects.visible_to(actor).awaiting(actor)


def stalled_plans(actor: Actor, at: datetime) -> Any:
    stalled = OnboardingPlan.objects.visible_to(actor).stalled(at, stall_days())
    return stalled.annotate(stalled_at=F("moved_at") + timedelta(days=stall_days()))


def stall_days() -> int:
    return int(setting("onboarding.stall_days"))


# Deals ----------------------------------------------------------------------------------------------------------


def deals_to_decide(actor: Actor, at: datetime) -> Any:
    return Deal.objects.visible_to(actor).awaiting_decision()


def decisions_of(actor: Actor) -> Q:
    """Those given to me, and of my partners what is given to nobody; what is escalated is every superior's own."""
    own = Q(assigned_to=actor.user_id) | Q(assigned_to=None, partner__psm=actor.user_id)
    is_superior = {"director", "deal_desk"} & set(actor.roles)
    return own | Q(escalated_at__isnull=False) if is_superior else own


def time_to_give(actor: Actor, at: datetime) -> Any:
    """Partners that ask for a longer protection, or for a renewal."""
    return Extension.objects.awaiting(actor)


def conditions_to_tick_off(actor: Actor, at: datetime) -> Any:
    """Approvals under conditions of which the partner says that one is met."""
    return Deal.objects.visible_to(actor).with_answered_conditions()


def changes_to_answer(actor: Actor, at: datetime) -> Any:
    """Partners that ask to change what was approved."""
    return Amendment.objects.awaiting(actor)


def transfers_to_go_on(actor: Actor, at: datetime) -> Any:
    """Transfers that a holder has asked for, and those to which both partners have agreed."""
    return Transfer.objects.awaiting(actor)


def appeals_to_decide(actor: Actor, at: datetime) -> Any:
    """Appeals against what someone else decided."""
    return Appeal.objects.awaiting(actor)


def cases_to_decide(actor: Actor, at: datetime) -> Any:
    """Conflict cases; never one to decide of which the actor decided a side."""
    return ConflictCase.objects.awaiting(actor)


def cases_of_mine(actor: Actor) -> Q:
    return Q(mediator=actor.user_id) | Q(mediator=None)


def sides_of(case: ConflictCase) -> tuple[str, str]:
    return case.number, str(case.get_kind_display())  # type: ignore[attr-defined]


def wins_to_book(actor: Actor, at: datetime) -> Any:
    """Won deals that do not count yet; a win is to be booked within so many days."""
    waiting = Deal.objects.visible_to(actor).awaiting_booking()
    return waiting.annotate(book_by=F("closed_at") + timedelta(days=setting("deal.book_days")))


def go_lives_to_confirm(actor: Actor, at: datetime) -> Any:
    """Those whose customer did not answer in time: a manager may attach the signed acceptance."""
    return Implementation.objects.awaiting(actor)


def claim(deal: Deal) -> str:
    parts = [deal.customer_name]
    if deal.amount:
        parts.append(money(deal.amount))
    return ", ".join(parts) + "." + _conflict(deal)


def _conflict(deal: Deal) -> str:
    if not deal.conflict_verdict:
        return ""
    if deal.conflict_verdict == "clear":
        return " " + _("No conflict")
    return " " + _("Conflict score %(score)s") % {"score": f"{deal.conflict_score:.0f}"}


# Leads ----------------------------------------------------------------------------------------------------------


def leads_to_route(actor: Actor, at: datetime) -> Any:
    """Those that nobody has and nobody is asked about."""
    return Lead.objects.visible_to(actor).needing_routing()


def entered_or_free(actor: Actor) -> Q:
    return Q(owner=actor.user_id) | Q(owner=None)


def what_of(lead: Lead) -> tuple[str, str]:
    return lead.customer_name, _("Lead, %(country)s") % {"country": lead.country.name}


def why_unrouted(lead: Lead) -> str:
    if lead.state == "returned":
        return _("Given back by its partner")
    return _("No partner has it, none is asked. Score %(n)s") % {"n": lead.score}


# What runs out --------------------------------------------------------------------------------------------------


def certifications_running_out(actor: Actor, at: datetime) -> Any:
    """Those that end within 30 days and that the person has not renewed."""
    on = day(at)
    held = (
        Certification.objects.visible_to(actor)
        .counting(on)
        .filter(expires_on__lte=on + timedelta(days=EXPIRING_DAYS))
    )
    later = Certification.objects.filter(
        contact=OuterRef("contact"),
        track=OuterRef("track"),
        revoked_on=None,
        expires_on__gt=OuterRef("expires_on"),
    )
    return held.filter(~Exists(later))


def gates_running_out(actor: Actor, at: datetime) -> Any:
    """Those that end within 30 days and of which no later record stands."""
    on = day(at)
    held = (
        GateRecord.objects.visible_to(actor)
        .counting(on)
        .filter(valid_until__lte=on + timedelta(days=EXPIRING_DAYS))
    )
    later = GateRecord.objects.filter(
        partner=OuterRef("partner"),
        gate=OuterRef("gate"),
        revoked_on=None,
        valid_until__gt=OuterRef("valid_until"),
    )
    return held.filter(~Exists(later))


# Tiers ----------------------------------------------------------------------------------------------------------


def graces(actor: Actor, at: datetime) -> Any:
    return Grace.objects.visible_to(actor).open()


def tiers_at_risk(actor: Actor, at: datetime) -> Any:
    """Partners that lose their tier within 30 days if nothing new happens, each with the name of that tier."""
    soon = Position.objects.visible_to(actor).filter(at_risk_on__lte=day(at) + timedelta(days=EXPIRING_DAYS))
    held = Standing.objects.open().filter(partner=OuterRef("partner"), program=OuterRef("program"))
    return soon.annotate(held_name=Subquery(held.values("tier__name")[:1]))


def tier_changes_to_decide(actor: Actor, at: datetime) -> Any:
    """Rises and falls of tiers that wait for a person's decision, each due in a week."""
    waiting = Proposal.objects.awaiting(actor)
    return waiting.annotate(decide_by=F("created_at") + timedelta(days=PROPOSAL_DAYS))


def tier_changes_of_mine(actor: Actor, at: datetime) -> Any:
    """For a manager who does not decide: what waits about the own partners."""
    if actor.may(P.TIER_DECIDE):
        return Proposal.objects.none()
    waiting = Proposal.objects.visible_to(actor).waiting()
    return waiting.annotate(decide_by=F("created_at") + timedelta(days=PROPOSAL_DAYS))


def tier_appeals_to_decide(actor: Actor, at: datetime) -> Any:
    """Appeals about tiers against what someone else decided."""
    return TierAppeal.objects.awaiting(actor)


def versions_to_review(actor: Actor, at: datetime) -> Any:
    """Drafts of tier programs that were handed in, for who publishes and had no part in them; each due in a week."""
    waiting = ProgramVersion.objects.awaiting(actor)
    return waiting.annotate(review_by=F("changed_at") + timedelta(days=PROPOSAL_DAYS))


def drafter_of(version: ProgramVersion) -> tuple[str, str]:
    name = version.drafted_by.name if version.drafted_by else _("the system")
    return version.program.name, _("Drafted by %(name)s") % {"name": name}


def change_of_tier(proposal: Proposal) -> str:
    if proposal.kind == "rise":
        return _("What %(tier)s asks for is met; it needs a decision") % {"tier": proposal.to_tier}
    return _("The grace period of %(tier)s has ended") % {"tier": proposal.from_tier}


def title_of_change(proposal: Proposal) -> str:
    rise = _("Decide the rise to %(tier)s") % {"tier": proposal.to_tier}
    return (
        rise if proposal.kind == "rise" else _("Decide the fall from %(tier)s") % {"tier": proposal.from_tier}
    )


def what_is_missing(grace: Grace) -> str:
    return _("Missing: %(what)s") % {"what": ", ".join(name_of(metric) for metric in grace.missing)}


# Outcomes -------------------------------------------------------------------------------------------------------


def contributions_to_verify(actor: Actor, at: datetime) -> Any:
    """Contributions that somebody else recorded: they count once they are verified, each due in two weeks."""
    waiting = ValueContribution.objects.awaiting(actor)
    return waiting.annotate(verify_by=F("created_at") + timedelta(days=CONTRIBUTION_DAYS))


# Reviews --------------------------------------------------------------------------------------------------------


def reviews_to_prepare(actor: Actor, at: datetime) -> Any:
    return Review.objects.visible_to(actor).upcoming(at, REVIEW_DAYS)


def minutes_to_write(actor: Actor, at: datetime) -> Any:
    waiting = Review.objects.visible_to(actor).awaiting_minutes(at)
    return waiting.annotate(write_by=F("starts_at") + timedelta(days=MINUTES_DAYS))


def minutes_to_sign(actor: Actor, at: datetime) -> Any:
    return Review.objects.visible_to(actor).awaiting_signature(actor)


def promises_of_ours(actor: Actor, at: datetime) -> Any:
    return Commitment.objects.awaiting(actor).filter(due_on__lte=day(at) + timedelta(days=PROMISE_DAYS))


KINDS: list[Kind] = [
    Kind(
        "application", "applications", "user-plus", _lazy("Decide"), P.APPLICATION_DECIDE,
        applications_to_decide, due="due_at", since=lambda a: a.confirmed_at,
        partner="", who=applicant, mine=taken_or_free,
        title=lambda a: _("Decide application %(number)s") % {"number": a.number},
        reason=came_in, url=lambda a: a.get_absolute_url(),
    ),
    Kind(
        "application_score", "applications", "user-plus", _lazy("Score"), P.APPLICATION_SCORE,
        applications_to_score, due="due_at", since=lambda a: a.confirmed_at,
        partner="", who=applicant, mine=lambda actor: Q(),
        title=lambda a: _("Score application %(number)s") % {"number": a.number},
        reason=came_in, url=lambda a: a.get_absolute_url(),
    ),
    Kind(
        "onboarding_task", "onboarding", "checklist", _lazy("Do"), P.ONBOARDING_DO,
        tasks_of_ours, due="due_at", since=lambda t: t.created_at, partner="plan__partner",
        title=lambda t: t.title,
        reason=lambda t: _("Onboarding, %(stage)s") % {"stage": t.get_stage_display()},
        url=lambda t: t.get_absolute_url(),
    ),
    Kind(
        "stalled_onboarding", "onboarding", "player-pause", _lazy("Nudge"), P.ONBOARDING_EDIT,
        stalled_plans, due="stalled_at", since=lambda p: p.moved_at,
        title=lambda p: _("Nudge stalled onboarding"),
        reason=lambda p: _("No movement since %(day)s") % {"day": say_day(p.moved_at, "near")},
        url=lambda p: p.get_absolute_url(),
    ),
    Kind(
        "deal_decision", "deals", "briefcase", _lazy("Decide"), P.DEAL_DECIDE,
        deals_to_decide, due="due_at", since=lambda d: d.submitted_at,
        title=lambda d: _decide(d), mine=decisions_of,
        reason=claim, url=lambda d: f"{d.get_absolute_url()}decide/",
    ),
    Kind(
        "extension", "deals", "hourglass-high", _lazy("Answer"), P.DEAL_DECIDE,
        time_to_give, due="due_at", since=lambda e: e.created_at, partner="deal__partner", with_=("deal",),
        title=lambda e: _("More time for %(number)s?") % {"number": e.deal.number},
        reason=lambda e: _("%(customer)s, protected until %(day)s") % {
            "customer": e.deal.customer_name, "day": say_day(e.deal.protected_until, "near")},
        url=lambda e: e.decide_url,
    ),
    Kind(
        "conditions", "deals", "checklist", _lazy("Look"), P.DEAL_DECIDE,
        conditions_to_tick_off, due="protected_until", since=lambda d: d.decided_at,
        title=lambda d: _("Are the conditions of %(number)s met?") % {"number": d.number},
        reason=lambda d: _("%(customer)s, the partner has answered") % {"customer": d.customer_name},
        url=lambda d: f"{d.get_absolute_url()}meet-conditions/",
    ),
    Kind(
        "amendment", "deals", "pencil", _lazy("Answer"), P.DEAL_DECIDE,
        changes_to_answer, due="due_at", since=lambda a: a.created_at, partner="deal__partner", with_=("deal",),
        title=lambda a: _("Change %(number)s?") % {"number": a.deal.number},
        reason=lambda a: _("%(customer)s: %(what)s") % {
            "customer": a.deal.customer_name, "what": amending.listed(a.changes)},
        url=lambda a: a.decide_url,
    ),
    Kind(
        "transfer", "deals", "arrow-right", _lazy("Go on"), P.DEAL_DECIDE,
        transfers_to_go_on, due="due_at", since=lambda t: t.changed_at, partner="deal__partner", with_=("deal",),
        title=lambda t: _("Transfer of %(number)s") % {"number": t.deal.number},
        reason=lambda t: _("Both partners agree") if t.state == AGREED else _("The holder asks for it"),
        url=lambda t: t.get_absolute_url(),
    ),
    Kind(
        "appeal", "deals", "scale", _lazy("Answer"), P.DEAL_DECIDE,
        appeals_to_decide, due="due_at", since=lambda a: a.created_at, partner="deal__partner",
        title=lambda a: _("Answer the appeal about %(number)s") % {"number": a.deal.number},
        reason=lambda a: _("%(customer)s, decided by someone else") % {"customer": a.deal.customer_name},
        url=lambda a: a.decide_url,
    ),
    Kind(
        "conflict_case", "deals", "scale", _lazy("Open"), P.CASE_DECIDE,
        cases_to_decide, due="due_at", since=lambda c: c.created_at, partner="", who=sides_of, mine=cases_of_mine,
        with_=("organization",),
        title=lambda c: _("Settle the conflict case %(number)s") % {"number": c.number},
        reason=lambda c: ", ".join(filter(None, [
            c.organization.name if c.organization else "", str(c.get_state_display())])),
        url=lambda c: c.get_absolute_url(),
    ),
    Kind(
        "booking", "deals", "receipt", _lazy("Book"), P.DEAL_BOOK,
        wins_to_book, due="book_by", since=lambda d: d.closed_at,
        title=lambda d: _("Book the win %(number)s") % {"number": d.number},
        reason=lambda d: _("%(claim)s It counts once it is booked") % {"claim": _won(d)},
        url=lambda d: f"{d.get_absolute_url()}book/",
    ),
    Kind(
        "go_live", "deals", "rosette-discount-check", _lazy("Confirm"), P.IMPLEMENTATION_CONFIRM,
        go_lives_to_confirm, due="due_at", since=lambda i: i.created_at, partner="deal__partner", with_=("product",),
        title=lambda i: _("Confirm the go-live at %(customer)s") % {"customer": i.deal.customer_name},
        reason=lambda i: _("%(product)s, live since %(day)s") % {
            "product": i.product.name, "day": say_day(i.went_live_on, "near")},
        url=lambda i: f"/manage/implementations/{i.pk}/accept/",
    ),
    Kind(
        "lead_routing", "leads", "target", _lazy("Route"), P.LEAD_ROUTE,
        leads_to_route, due="due_at", since=lambda lead: lead.changed_at,
        partner="", who=what_of, mine=entered_or_free,
        title=lambda lead: _("Find a partner for %(number)s") % {"number": lead.number},
        reason=why_unrouted, url=lambda lead: lead.get_absolute_url(),
    ),
    Kind(
        "certification_expiry", "certifications", "certificate", _lazy("Plan"), P.CERTIFICATION_RECORD,
        certifications_running_out, due="expires_on", since=lambda c: c.expires_on - timedelta(days=EXPIRING_DAYS),
        partner="contact__partner", with_=("track",),
        title=lambda c: _("Renew %(track)s") % {"track": c.track.name},
        reason=lambda c: _("%(person)s, it ends on %(day)s") % {
            "person": c.contact.name, "day": say_day(c.expires_on, "near")},
        url=lambda c: c.get_absolute_url(),
    ),
    Kind(
        "gate_expiry", "compliance", "shield-check", _lazy("Renew"), P.GATE_RECORD,
        gates_running_out, due="valid_until", since=lambda g: g.valid_until - timedelta(days=EXPIRING_DAYS),
        with_=("gate",),
        title=lambda g: _("Renew %(gate)s") % {"gate": g.gate.name},
        reason=lambda g: _("Valid until %(day)s") % {"day": say_day(g.valid_until, "near")},
        url=lambda g: g.get_absolute_url(),
    ),
    Kind(
        "tier_proposal", "tiers", "gavel", _lazy("Decide"), P.TIER_DECIDE,
        tier_changes_to_decide, due="decide_by", since=lambda p: p.created_at, mine=lambda actor: Q(),
        with_=("from_tier", "to_tier"), title=title_of_change, reason=change_of_tier, url=lambda p: p.decide_url,
    ),
    Kind(
        "tier_proposal_seen", "tiers", "gavel", _lazy("Look"), P.PARTNER_EDIT,
        tier_changes_of_mine, due="decide_by", since=lambda p: p.created_at, with_=("from_tier", "to_tier"),
        title=lambda p: _("Waits for a director: %(what)s") % {"what": title_of_change(p)},
        reason=change_of_tier, url=lambda p: p.get_absolute_url(),
    ),
    Kind(
        "tier_appeal", "tiers", "scale", _lazy("Answer"), P.TIER_DECIDE,
        tier_appeals_to_decide, due="due_at", since=lambda a: a.created_at, mine=lambda actor: Q(), with_=("tier",),
        title=lambda a: _("Answer the appeal about %(tier)s") % {"tier": a.tier},
        reason=lambda a: _("A decision about the tier, made by someone else"), url=lambda a: a.decide_url,
    ),
    Kind(
        "program_version", "tiers", "stairs-up", _lazy("Review"), P.TIER_PUBLISH,
        versions_to_review, due="review_by", since=lambda v: v.changed_at, partner="", who=drafter_of,
        mine=lambda actor: Q(), with_=("program", "drafted_by"),
        title=lambda v: _("Review %(version)s") % {"version": v},
        reason=lambda v: _("A second person approves it before partners are told"),
        url=lambda v: v.get_absolute_url(),
    ),
    Kind(
        "tier_grace", "tiers", "hourglass-high", _lazy("Look"), P.PARTNER_EDIT,
        graces, due="ends_on", since=lambda g: g.starts_on, with_=("standing__tier",),
        title=lambda g: _("%(tier)s ends unless it is won back") % {"tier": g.standing.tier.name},
        reason=what_is_missing, url=lambda g: g.get_absolute_url(),
    ),
    Kind(
        "tier_risk", "tiers", "clock-exclamation", _lazy("Look"), P.PARTNER_EDIT,
        tiers_at_risk, due="at_risk_on", since=lambda p: p.at_risk_on - timedelta(days=EXPIRING_DAYS),
        with_=("program",), title=lambda p: _("%(tier)s is at risk") % {"tier": p.held_name},
        reason=lambda p: _("%(metric)s falls short then") % {"metric": name_of(p.at_risk_metric)},
        url=lambda p: f"/manage/partners/{p.partner_id}/tier/?program={p.program.code}",
    ),
    Kind(
        "contribution", "outcomes", "heart-handshake", _lazy("Verify"), P.CONTRIBUTION_VERIFY,
        contributions_to_verify, due="verify_by", since=lambda c: c.created_at,
        title=lambda c: _("Verify: %(title)s") % {"title": c.title},
        reason=lambda c: _("%(kind)s; it counts once you have looked at it") % {"kind": c.get_kind_display()},
        url=lambda c: c.get_absolute_url(),
    ),
    Kind(
        "review_ahead", "reviews", "calendar-event", _lazy("Prepare"), P.REVIEW_HOLD,
        reviews_to_prepare, due="starts_at", since=lambda r: r.starts_at - timedelta(days=REVIEW_DAYS),
        title=lambda r: _("Prepare the %(review)s") % {"review": r},
        reason=lambda r: _("%(n)s points on the agenda") % {"n": len(r.agenda)},
        url=lambda r: r.get_absolute_url(),
    ),
    Kind(
        "review_minutes", "reviews", "notes", _lazy("Write"), P.REVIEW_HOLD,
        minutes_to_write, due="write_by", since=lambda r: r.starts_at,
        title=lambda r: _("Write the minutes of the %(review)s") % {"review": r},
        reason=lambda r: _("It was on %(day)s") % {"day": say_day(r.on, "near")},
        url=lambda r: r.get_absolute_url(),
    ),
    Kind(
        "review_signature", "reviews", "circle-check", _lazy("Sign"), P.REVIEW_SIGN,
        minutes_to_sign, due="sign_by", since=lambda r: r.held_at,
        title=lambda r: _("Sign the %(review)s off") % {"review": r},
        reason=lambda r: _("Held on %(day)s") % {"day": say_day(r.held_on, "near")},
        url=lambda r: r.get_absolute_url(),
    ),
    Kind(
        "commitment", "reviews", "checklist", _lazy("Do"), P.COMMITMENT_EDIT,
        promises_of_ours, due="due_on", since=lambda c: c.created_at, partner="review__partner",
        title=lambda c: c.text,
        reason=lambda c: _("Promised in the %(review)s") % {"review": c.review},
        url=lambda c: c.get_absolute_url(),
    ),
]  # fmt: skip


def _decide(deal: Deal) -> str:
    words = (
        _("Decide registration %(number)s, escalated")
        if deal.is_escalated
        else _("Decide registration %(number)s")
    )
    return words % {"number": deal.number}


def _won(deal: Deal) -> str:
    return _("%(customer)s, %(amount)s.") % {"customer": deal.customer_name, "amount": money(deal.amount)}
