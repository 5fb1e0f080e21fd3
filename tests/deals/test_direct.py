"""Direct sales: what they hold is compared with registrations, and nothing is decided by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import SYSTEM
from core.errors import Conflict
from core.money import Money
from deals import actions, conflict, direct
from deals.models import BlockedAccount, ConflictCandidate, DirectAccount, DirectOpportunity, SegmentPolicy
from events.models import Event
from partners.actions import add_organization
from partners.models import Organization
from tests.deals import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def opportunity(organization, at, days_ago: int = 10, **facts) -> DirectOpportunity:
    facts = {"title": "Imaging", "first_activity_on": at.date() - timedelta(days=days_ago), **facts}
    return actions.record_opportunity(by=SYSTEM, organization=organization, at=at, **facts)


def found_by(deal) -> list[ConflictCandidate]:
    return list(deal.conflict_checks.newest_first().first().candidates.all())


# What is compared


def test_an_opportunity_on_the_customer_is_a_conflict(northgate, at, brannoc):
    one = opportunity(brannoc, at, expected_close_on=make.date(2027, 3, 15))
    deal = make.submitted(northgate, at, brannoc)
    [found] = found_by(deal)
    assert (found.kind, found.verdict, found.other) == (conflict.DIRECT_OPPORTUNITY, conflict.HARD, one)
    assert (found.prevails, found.precedence) == (conflict.THEIRS, conflict.EARLIER)


def test_an_opportunity_is_found_for_a_typed_customer_too(northgate, at, brannoc):
    opportunity(brannoc, at)
    deal = make.submitted(northgate, at)
    assert [found.kind for found in found_by(deal)] == [conflict.DIRECT_OPPORTUNITY]


def test_an_opportunity_in_which_nothing_happened_lately_counts_no_more(northgate, at, brannoc):
    opportunity(brannoc, at, days_ago=61)
    assert not found_by(make.submitted(northgate, at, brannoc))
    opportunity(brannoc, at, days_ago=300, last_activity_on=at.date() - timedelta(days=60))
    assert found_by(make.submitted(northgate, at, brannoc, customer_name="Again"))


def test_a_closed_opportunity_is_no_conflict(northgate, at, brannoc):
    opportunity(brannoc, at, state=direct.LOST)
    assert not found_by(make.submitted(northgate, at, brannoc))


@pytest.mark.parametrize(
    ("record", "kind"),
    [(actions.approve_direct_account, conflict.DIRECT_ACCOUNT), (actions.block_account, conflict.BLOCKED)],
)
def test_an_account_of_direct_sales_or_a_blocked_one_is_a_hard_conflict(northgate, at, brannoc, record, kind):
    record(by=SYSTEM, organization=brannoc, reason="Key account", at=at)
    [found] = found_by(make.submitted(northgate, at, brannoc))
    assert (found.kind, found.verdict, found.prevails) == (kind, conflict.HARD, conflict.THEIRS)


def test_what_has_ended_is_no_conflict(northgate, at, brannoc):
    account = actions.approve_direct_account(by=SYSTEM, organization=brannoc, reason="Key account", at=at)
    actions.end_direct_account(by=SYSTEM, account=account, at=at)
    block = actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    actions.unblock_account(by=SYSTEM, account=block, at=at)
    assert not found_by(make.submitted(northgate, at, brannoc))
    with pytest.raises(Conflict):
        actions.unblock_account(by=SYSTEM, account=block, at=at)


def policy(mode: str, **facts) -> SegmentPolicy:
    return SegmentPolicy.objects.create(code=mode, name=mode, definition="A rule.", mode=mode, **facts)


def test_a_segment_that_direct_sales_serve_alone_is_a_conflict(northgate, at, brannoc):
    policy(direct.DIRECT_ONLY, kinds=[brannoc.kind])
    [found] = found_by(make.submitted(northgate, at, brannoc))
    assert (found.kind, found.snapshot["title"]) == (conflict.DIRECT_ACCOUNT, direct.DIRECT_ONLY)


def test_where_partners_lead_the_list_of_direct_accounts_does_not_count(northgate, at, brannoc):
    policy(direct.PARTNER_LED)
    actions.approve_direct_account(by=SYSTEM, organization=brannoc, reason="Key account", at=at)
    assert not found_by(make.submitted(northgate, at, brannoc))


def test_the_first_policy_that_fits_decides():
    lines = [
        direct.Policy("a", frozenset({"idn"}), frozenset(), direct.DIRECT_ONLY),
        direct.Policy("b", frozenset(), frozenset({"uk"}), direct.PARTNER_LED),
        direct.Policy("c", frozenset(), frozenset(), direct.SHARED),
    ]
    assert direct.policy_for(lines, "idn", "uk").code == "a"
    assert direct.policy_for(lines, "hospital", "uk").code == "b"
    assert direct.policy_for(lines, "hospital", "us").code == "c"
    assert direct.policy_for(lines[:2], "hospital", "us") is None


def test_what_direct_sales_won_is_theirs_however_long_ago(northgate, at, brannoc, ada, sam, browser_of):
    opportunity(brannoc, at, days_ago=900, state=direct.WON)
    deal = make.submitted(northgate, at, brannoc)
    [found] = found_by(deal)
    assert (found.kind, found.prevails, found.precedence) == (
        conflict.WON_CUSTOMER, conflict.THEIRS, conflict.EXISTING,
    )  # fmt: skip
    assert "Won by our own sales" in browser_of(ada).get(deal.decide_url).content.decode()
    deal = actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
    told = browser_of(sam).get(deal.portal_url).content.decode()
    assert "own customer" in told and "another partner" not in told.split("What we may show you")[0]


# Blocked accounts


@pytest.mark.parametrize("conflicts_seen", [True, False])
def test_nobody_is_approved_on_a_blocked_account(northgate, at, brannoc, conflicts_seen):
    actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    deal = make.submitted(northgate, at, brannoc)
    with pytest.raises(Conflict, match="Nobody may register") as refused:
        actions.approve_deal(by=SYSTEM, deal=deal, at=at, conflicts_seen=conflicts_seen)
    assert refused.value.code == "blocked"


def test_a_block_reaches_what_lies_below_it_and_ends_when_it_is_lifted(northgate, at, brannoc):
    ward = add_organization(by=SYSTEM, at=at, origin="test", name="Quarry Ward", country="US", parent=brannoc)
    block = actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    deal = make.submitted(northgate, at, ward, customer_name="Quarry Ward")
    with pytest.raises(Conflict, match="Nobody may register"):
        actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    actions.unblock_account(by=SYSTEM, account=block, at=at)
    assert actions.approve_deal(by=SYSTEM, deal=deal, at=at).state == "approved"


@pytest.mark.parametrize("includes_below", [True, False])
def test_a_block_below_the_customer_stops_only_a_claim_to_all_below(northgate, at, brannoc, includes_below):
    ward = add_organization(by=SYSTEM, at=at, origin="test", name="Quarry Ward", country="US", parent=brannoc)
    actions.block_account(by=SYSTEM, organization=ward, reason="Sanctions", at=at)
    claims = {"includes_below": includes_below, "scope_reason": "One contract" if includes_below else ""}
    deal = make.submitted(northgate, at, brannoc, **claims)
    if includes_below:
        with pytest.raises(Conflict, match="Nobody may register"):
            actions.approve_deal(by=SYSTEM, deal=deal, at=at, conflicts_seen=True)
    else:
        assert actions.approve_deal(by=SYSTEM, deal=deal, at=at, conflicts_seen=True).state == "approved"


def test_a_blocked_account_is_refused_by_page_api_and_with_many_others(
    ada, northgate, at, brannoc, browser_of, api_of
):
    actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    deal = make.submitted(northgate, at, brannoc)
    browser = browser_of(ada)
    page = browser.get(deal.decide_url)
    assert page.context["form"].initial["move"] == "reject"
    tried = browser.post(deal.decide_url, {"move": "approve", "days": "90", "version": deal.version})
    api, path = api_of(ada), f"/api/v1/deals/{deal.pk}/"
    match = {"If-Match": api.get(path)["ETag"]}
    answered = api.post(f"{path}approve/", "{}", content_type="application/json", headers=match)
    [outcome] = actions.approve_deals(by=SYSTEM, choices=[(deal, deal.version)], at=at)
    deal.refresh_from_db()
    assert (tried.status_code, answered.status_code, outcome.code) == (409, 409, "blocked")
    assert answered.json()["code"] == "blocked"
    assert deal.state == "submitted"


# The list is confirmed


def test_a_line_says_when_it_was_last_confirmed_and_whether_that_is_old(
    northgate, at, brannoc, ada, browser_of, api_of
):
    actions.approve_direct_account(by=SYSTEM, organization=brannoc, reason="Key account", at=at - 91 * DAY)
    deal = make.submitted(northgate, at, brannoc)
    browser, api = browser_of(ada), api_of(ada)
    path = f"/api/v1/conflict-checks/?deal={deal.pk}"
    [old] = api.get(path).json()["results"][0]["candidates"]
    assert old["confirmed_on"] == (at - 91 * DAY).date().isoformat()
    assert "That is old" in browser.get(deal.decide_url).content.decode()
    assert "Old: confirm it" in browser.get("/manage/direct/accounts/").content.decode()

    confirmed = api.post("/api/v1/direct-accounts/refresh/", "{}", content_type="application/json")
    actions.recheck_conflicts(by=SYSTEM, deal=deal, at=at)

    assert confirmed.json() == {"confirmed": 1}
    page = browser.get(deal.decide_url).content.decode()
    assert "The list confirmed it last on" in page and "That is old" not in page
    assert "Old: confirm it" not in browser.get("/manage/direct/accounts/").content.decode()


def test_whoever_may_confirm_the_list_is_reminded_once_a_quarter_while_it_is_old(at, brannoc, ada, maya):
    def told(on):
        actions.remind_of_old_accounts(at=on)
        return [user.notifications.filter(kind="direct_accounts.old").count() for user in (ada, maya)]

    actions.approve_direct_account(by=SYSTEM, organization=brannoc, reason="Key account", at=at - 90 * DAY)
    assert told(at) == [0, 0]
    assert told(at + DAY) == told(at + 2 * DAY) == [1, 0]
    assert told(at + 60 * DAY) == [2, 0]
    actions.refresh_direct_accounts(by=SYSTEM, at=at + 60 * DAY)
    assert told(at + 149 * DAY) == [2, 0]


def test_partners_read_who_serves_whom(northgate, sam, browser_of):
    policy(direct.DIRECT_ONLY)
    browser = browser_of(sam)
    assert "/portal/rules/segments/" in browser.get("/portal/rules/").content.decode()
    page = browser.get("/portal/rules/segments/").content.decode()
    assert "Direct sales alone" in page and "/manage/direct/" not in page


# What is told


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_new_opportunity_looks_again_at_open_registrations(northgate, at, brannoc, is_linked):
    deal = make.submitted(northgate, at - DAY, brannoc if is_linked else None)
    opportunity(brannoc, at, expected_close_on=make.date(2027, 3, 15))
    deal.refresh_from_db()
    told = Event.objects.filter(type="deal.conflict_found", subject_id=deal.pk)
    assert deal.state == "submitted"
    assert found_by(deal)
    assert told.exists() == (deal.conflict_verdict == conflict.HARD)


def test_what_ends_is_looked_at_again_in_the_registrations_that_it_touched(northgate, at, brannoc):
    """Whether linked to the account, typed, or alike to it by name alone."""
    twin = add_organization(
        by=SYSTEM, at=at, origin="test", name=brannoc.name, country="US", city=brannoc.city
    )
    end = {
        actions.block_account: lambda one: actions.unblock_account(by=SYSTEM, account=one, at=at),
        actions.approve_direct_account: lambda one: actions.end_direct_account(by=SYSTEM, account=one, at=at),
    }
    for begin, finish in end.items():
        one = begin(by=SYSTEM, organization=brannoc, reason="Key account", at=at)
        deals = [make.submitted(northgate, at, on) for on in (brannoc, None, twin)]
        touched = [any(found.other == one for found in found_by(deal)) for deal in deals]
        finish(one)
        still = [any(found.other == one for found in found_by(deal)) for deal in deals]
        assert (touched, still) == ([True] * 3, [False] * 3)


def test_a_closed_opportunity_is_looked_at_again_in_what_it_touched(northgate, at, brannoc):
    twin = add_organization(
        by=SYSTEM, at=at, origin="test", name=brannoc.name, country="US", city=brannoc.city
    )
    one = opportunity(brannoc, at)
    deals = [make.submitted(northgate, at, on) for on in (brannoc, twin)]
    assert all(any(found.other == one for found in found_by(deal)) for deal in deals)
    actions.change_opportunity(by=SYSTEM, opportunity=one, state=direct.LOST, at=at)
    assert not any(found.other == one for deal in deals for found in found_by(deal))


def test_a_protection_stays_when_an_account_is_blocked_and_its_manager_hears_of_it(northgate, at, brannoc):
    deal = make.approved(northgate, at - DAY, brannoc)
    actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    deal.refresh_from_db()
    assert (deal.state, deal.conflict_verdict) == ("approved", conflict.HARD)
    assert Event.objects.get(type="deal.conflict_found").data["kinds"] == [conflict.BLOCKED]
    assert northgate.psm.notifications.filter(kind="deal.conflict_found").exists()


def test_a_partner_never_reads_who_is_meant(northgate, at, brannoc, ada, sam, api_of, browser_of):
    opportunity(brannoc, at, title="Cunning plan", owner="Dora Hale")
    deal = make.submitted(northgate, at, brannoc)
    actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
    page = browser_of(sam).get(deal.portal_url).content.decode()
    api = api_of(sam, northgate)
    check = api.get(f"/api/v1/conflict-checks/?deal={deal.pk}").content.decode()
    assert "business" in page and "direct_opportunity" in check
    for secret in ("Cunning plan", "Dora Hale", "O-1001"):
        assert secret not in page + check
    assert "Cunning plan" in api_of(ada).get("/api/v1/direct-opportunities/").content.decode()
    assert api.get("/api/v1/direct-opportunities/").status_code == 403
    assert api.get("/api/v1/segment-policies/").status_code == 200


def test_only_those_who_may_edit_direct_sales(northgate, at, brannoc, maya, sam, acting):
    for person in (maya, sam):
        with pytest.raises(PermissionDenied):
            actions.block_account(by=acting(person), organization=brannoc, reason="x", at=at)


# Lists

OPPORTUNITIES = "reference,title,customer,country,city,first_activity_on,state,value,currency,products\n"
LINE = "C1,Imaging,{name},US,Brannoc Falls,2026-10-01,open,1200.00,USD,triage\n"


def test_a_list_read_twice_changes_nothing(northgate, at, brannoc):
    text = OPPORTUNITIES + LINE.format(name="St. Brannocs Regional Medical Ctr")
    first = actions.import_direct_list(by=SYSTEM, kind="opportunities", text=text, at=at)
    again = actions.import_direct_list(by=SYSTEM, kind="opportunities", text=text, at=at)
    assert (first.added, again.known, again.added) == (1, 1, 0)
    one = DirectOpportunity.objects.get()
    assert (one.organization, one.amount_minor) == (brannoc, 120_000)
    assert [product.code for product in one.products.all()] == ["triage"]


def test_a_changed_line_brings_the_opportunity_up_to_date(northgate, at, brannoc):
    line = LINE.format(name=brannoc.name)
    actions.import_direct_list(by=SYSTEM, kind="opportunities", text=OPPORTUNITIES + line, at=at)
    won = OPPORTUNITIES + line.replace("open", "won")
    report = actions.import_direct_list(by=SYSTEM, kind="opportunities", text=won, at=at)
    assert (report.added, DirectOpportunity.objects.get().state) == (1, direct.WON)


def test_a_dry_run_writes_nothing(northgate, at):
    before = Organization.objects.count()
    text = "customer,country,reason\nQuarry Clinic,US,Key account\n"
    report = actions.import_direct_list(by=SYSTEM, kind="accounts", text=text, at=at, dry_run=True)
    assert (report.saved, report.added) == (False, 1)
    assert (DirectAccount.objects.count(), Organization.objects.count()) == (0, before)


def test_a_repeated_account_is_confirmed(northgate, at):
    text = "customer,country,reason\nQuarry Clinic,US,Key account\n"
    actions.import_direct_list(by=SYSTEM, kind="accounts", text=text, at=at)
    actions.import_direct_list(by=SYSTEM, kind="accounts", text=text, at=at + timedelta(days=90))
    assert DirectAccount.objects.get().refreshed_on == (at + timedelta(days=90)).date()


def test_bad_lines_are_told_with_their_reason_and_the_others_recorded(northgate, at):
    text = "customer,country,reason\nQuarry Clinic,US,Sanctions\n,US,x\nElmwell,ZZ,x\n=cmd(),US,x\nShort,US\n"
    report = actions.import_direct_list(by=SYSTEM, kind="blocked", text=text, at=at)
    assert (report.added, report.refused) == (1, 4)
    assert [outcome.line for outcome in report.outcomes if outcome.reason] == [3, 4, 5, 6]
    assert BlockedAccount.objects.count() == 1


@pytest.mark.parametrize("text", ["", "customer,country\nA,US\n", "customer,country,reason,else\nA,US,x,y\n"])
def test_what_is_no_such_list_is_refused(northgate, at, text):
    with pytest.raises(ValidationError):
        actions.import_direct_list(by=SYSTEM, kind="blocked", text=text, at=at)


# Pages


def test_the_deal_desk_works_by_page(ada, browser_of, northgate, at, brannoc):
    browser = browser_of(ada)
    base = "/manage/direct/"
    posted = browser.post(
        f"{base}opportunities/new/",
        {"customer": brannoc.name, "country": "US", "city": brannoc.city, "which": str(brannoc.pk),
         "title": "Imaging", "first_activity_on": "2026-10-01", "products": [], "amount_0": "EUR",
         "amount_1": "1,200.00"},
    )  # fmt: skip
    one = DirectOpportunity.objects.get()
    assert (posted.status_code, posted["Location"], one.organization) == (
        302,
        one.get_absolute_url(),
        brannoc,
    )
    assert "Imaging" in browser.get(f"{base}opportunities/").content.decode()
    assert browser.get(one.get_absolute_url()).status_code == 200
    changed = {"title": "Imaging", "first_activity_on": "2026-10-01", "state": "won"}
    assert one.amount == Money(120_000, "EUR")
    assert browser.get(f"{one.get_absolute_url()}change/").context["form"]["amount"].initial == one.amount
    assert browser.post(f"{one.get_absolute_url()}change/", changed).status_code == 302
    rows = {"rows": "customer,country,reason\nQuarry Clinic,US,Key account\n"}
    assert "Would be recorded" in browser.post(f"{base}accounts/import/", rows).content.decode()
    assert not DirectAccount.objects.exists()
    browser.post(f"{base}accounts/import/", {**rows, "confirm": "1"})
    account = DirectAccount.objects.get()
    assert browser.post(f"{base}accounts/refresh/", {}).status_code == 302
    assert browser.post(f"{base}accounts/{account.pk}/end/", {}).status_code == 302
    assert browser.get(f"{base}policies/").status_code == 200


@pytest.mark.parametrize("where", ["blocked", "accounts"])
def test_a_typed_customer_is_never_taken_for_one_that_we_know_without_being_asked(
    ada, browser_of, northgate, at, brannoc, where
):
    browser, path = browser_of(ada), f"/manage/direct/{where}/new/"
    typed = {"customer": brannoc.name, "country": "US", "city": brannoc.city, "reason": "Sanctions"}
    model = {"blocked": BlockedAccount, "accounts": DirectAccount}[where]

    asked = browser.post(path, typed)
    assert (asked.status_code, model.objects.count()) == (400, 0)
    offered = asked.context["form"].fields["which"].choices
    assert [key for key, _word in offered] == [str(brannoc.pk), "new"]

    chosen = browser.post(path, {**typed, "which": str(brannoc.pk)}, follow=True)
    assert model.objects.get().organization == brannoc
    assert "(Brannoc Falls, United States of America) is" in chosen.content.decode()

    browser.post(path, {**typed, "which": "new"})
    assert model.objects.exclude(organization=brannoc).get().organization.name == brannoc.name

    browser.post(path, {**typed, "customer": "Quarry Clinic", "city": "Selby"})
    assert model.objects.filter(organization__name="Quarry Clinic").exists()


def test_a_conflict_with_direct_sales_stands_on_the_decision_page(ada, browser_of, northgate, at, brannoc):
    one = opportunity(brannoc, at, owner="Dora Hale")
    deal = make.submitted(northgate, at, brannoc)
    page = browser_of(ada).get(deal.decide_url).content.decode()
    assert one.get_absolute_url() in page and "Dora Hale" in page
