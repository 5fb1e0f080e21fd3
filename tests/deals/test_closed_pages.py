"""Every page of a move of a registration, where the move is closed: it is refused with the reason, nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import PARTNER_ROLES, VENDOR_ROLES
from core.actors import SYSTEM
from core.clock import now, today
from core.models import Mail
from core.pages import MovePage
from deals import actions, urls
from deals.credit import FULFILLED, SOURCED
from deals.models import Amendment, Appeal, Booking, Deal, Extension, Protection, Stage, Transfer
from events.models import Event
from tests.deals import factories as make
from tests.deals.test_credit_doors import line
from tests.factories import make_partner_user, make_vendor_user

DAY = timedelta(days=1)
OF_A_DEAL = "deals/<uuid:pk>/"
NEVER_CLOSED = {
    "note-deal": "colleagues may note something on what is decided too",
    "attach-to-deal": "files may be kept whatever the state",
    "name-people": "who is written to may change whatever the state",
}
# Its form offers what can be ticked off: where there is nothing, that is said as a mistake of the input.
SAYS_SO = {"meet-conditions": 400}


def pages():
    """Name and side of each move's page."""
    return [
        (entry.name, side)
        for side, entries in (("workspace", urls.workspace), ("portal", urls.portal))
        for entry in entries
        if str(entry.pattern).startswith(OF_A_DEAL)
        and issubclass(entry.callback.view_class, MovePage)
        and entry.name not in NEVER_CLOSED
    ]


def page_of(name, side):
    return next(entry for entry in getattr(urls, side) if entry.name == name)


def path_of(name, side, deal):
    start = "manage" if side == "workspace" else "portal"
    return f"/{start}/{page_of(name, side).pattern}".replace("<uuid:pk>", str(deal.pk))


def body_of(name, deal, other):
    """What the form of each page takes, so that it is the move that is refused and not the input."""
    money = {"amount_0": "USD", "amount_1": "1,200.00"}
    close = (today() + 90 * DAY).isoformat()
    return {
        "withdraw-deal": {"reason": "no_opportunity"},
        "report-loss": {"reason": "price"},
        "report-win": {"won_on": deal.day_of(now()).isoformat(), "reference": "PO 1"},
        "update-stage": {"stage": Stage.objects.get(code="qualified").pk},
        "request-extension": {"evidence": "A call.", "activity_on": today().isoformat()},
        "request-renewal": {"evidence": "A call.", "activity_on": today().isoformat()},
        "request-amendment": {"products": [p.pk for p in deal.products.all()], "expected_close_on": close,
                              "reason": "More.", "contact": "Helen", **money},
        "report-go-live": {"product": deal.products.get().pk, "went_live_on": deal.day_of(now()).isoformat(),
                           "contact_name": "Helen Marsh", "contact_email": "helen@brannoc.example"},
        "decide-deal": {"move": "reject", "reason": "not_eligible"},
        "revoke-deal": {"reason": "inaccurate"},
        "reopen-deal": {"reason": "customer_came_back"},
        "miss-conditions": {"reason": "cannot_be_met"},
        "propose-transfer": {"receiver": other.pk, "reason": "They are on site."},
        "request-transfer": {"wish": "Anybody", "reason": "Too far."},
        "book-deal": {"booked_on": today().isoformat(), **money},
        "set-credit": {"reason": "agreed", **line(SOURCED, 0, deal.partner_id, 100),
                       **line(FULFILLED, 0, "direct", 100)},
        "link-customer": {"organization": deal.organization_id},
        "add-customer": {"name": "Other", "country": "US", "kind": "hospital_system"},
        "file-appeal": {"grounds": "We were first."},
        "open-case": {"direct": "Our own sale", "summary": "Two want it."},
        "edit-deal": {"customer_name": "Other"},
        "deal-margin": {"percent": "12", "reason": "A strategic customer."},
    }.get(name, {})  # fmt: skip


def stored():
    counted = [
        model.objects.count() for model in (Amendment, Appeal, Booking, Extension, Transfer, Event, Mail)
    ]
    rows = [list(model.objects.order_by("pk").values()) for model in (Deal, Protection)]
    return counted, rows


@pytest.fixture
def at():
    return now() - DAY


@pytest.fixture
def someone(northgate, browser_of, at):
    """Somebody who may make the move, on either side."""

    def signed_in(name, side):
        may = page_of(name, side).callback.view_class.permission
        roles = VENDOR_ROLES if side == "workspace" else PARTNER_ROLES
        role = next(role for role, permissions in roles.items() if may in permissions)
        if side == "workspace":
            return browser_of(make_vendor_user("who@vendor.example", "Who", role, at))
        return browser_of(make_partner_user("who@northgate.example", "Who", northgate, role, at))

    return signed_in


def facts():
    return {"expected_close_on": today() + 100 * DAY}


def closed(partner, organization, at):
    """Withdrawn: from there no move leads anywhere."""
    deal = make.submitted(partner, at, organization, **facts())
    return actions.withdraw_deal(by=SYSTEM, deal=deal, reason="no_opportunity", at=at)


@pytest.mark.parametrize(("name", "side"), pages())
def test_a_closed_move_is_refused_with_the_reason_and_changes_nothing(
    name, side, someone, northgate, albion, brannoc, at
):
    deal = closed(northgate, brannoc, at)
    browser, body = someone(name, side), body_of(name, deal, albion)
    before = stored()

    answer = browser.post(path_of(name, side, deal), body)

    assert answer.status_code == SAYS_SO.get(name, 409), answer.content.decode()[-3000:]
    assert stored() == before


OPEN = {
    "discard-deal": (make.draft, "discarded"),
    "withdraw-deal": (make.submitted, "withdrawn"),
    "start-review": (make.submitted, "in_review"),
    "decide-deal": (make.submitted, "rejected"),
    "revoke-deal": (make.approved, "revoked"),
    "report-win": (make.approved, "won"),
    "report-loss": (make.approved, "lost"),
    "reopen-deal": (make.won, "approved"),
}


@pytest.mark.parametrize("name", OPEN)
def test_the_same_request_works_where_the_move_is_open(name, someone, northgate, albion, at):
    begin, after = OPEN[name]
    deal = begin(northgate, at, **facts())

    answer = someone(name, "workspace").post(path_of(name, "workspace", deal), body_of(name, deal, albion))

    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert Deal.objects.get(pk=deal.pk).state == after
