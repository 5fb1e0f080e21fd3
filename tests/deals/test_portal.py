"""The partner's pages of deals: what it can do, and what it never learns."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import links
from core.actors import SYSTEM
from core.clock import now, today
from core.models import ActionLink
from deals import actions, rules
from deals.models import Deal, DealType, Implementation, Stage
from deals.tasks import release_lapsed
from tests.deals import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def at():
    """Yesterday: pages read the clock."""
    return now() - DAY


def soon(**changes):
    return {"expected_close_on": today() + 100 * DAY, **changes}


def filled(**changes):
    return {
        "customer_name": "Larkhill Community Hospital", "customer_country": "US", "customer_city": "Boise",
        "products": [str(make.facts()["products"][0].pk)], "amount_0": "USD", "amount_1": "310,000",
        "expected_close_on": (today() + 90 * DAY).isoformat(), "what_it_did": "Met the CNO.", "no_patient_data": "on",
        **changes,
    }  # fmt: skip


def test_a_seller_registers_a_deal(sam, browser_of, northgate):
    browser = browser_of(sam)
    page = browser.get("/portal/deals/new/")
    assert page.status_code == 200
    assert "Protected for 90 days" in page.content.decode()
    answer = browser.post("/portal/deals/new/", filled())
    deal = Deal.objects.get()
    assert answer["Location"] == deal.portal_url
    assert (deal.state, deal.source, deal.submitted_by) == ("submitted", "portal", sam)
    assert browser.get(deal.portal_url).status_code == 200


def test_six_questions_stand_open_the_customer_with_its_place_and_the_rest_is_folded_away(
    sam, browser_of, northgate
):
    page = browser_of(sam).get("/portal/deals/new/")
    open_ones = [
        name for group in page.context["fieldsets"] if not group.get("optional") for name in group["fields"]
    ]
    assert [name for name in open_ones if name not in ("documents", "no_patient_data")] == [
        "customer_name", "customer_city", "customer_country", "products", "amount", "expected_close_on", "what_it_did",
    ]  # fmt: skip
    form = page.context["form"]
    folded = [
        name for group in page.context["fieldsets"] if group.get("optional") for name in group["fields"]
    ]
    shown = {name for name, field in form.fields.items() if not field.widget.is_hidden}
    assert set(open_ones) | set(folded) == shown
    assert not any(form.fields[name].required for name in folded)


def test_a_registration_without_a_city_is_complete(sam, browser_of, northgate):
    browser_of(sam).post("/portal/deals/new/", filled(customer_city=""))
    assert Deal.objects.get().state == "submitted"


def test_the_sales_channel_is_chosen_and_shown(sam, browser_of, northgate, indirect):
    browser = browser_of(sam)
    browser.post("/portal/deals/new/", filled(channel=str(indirect.pk)))
    deal = Deal.objects.get()
    assert deal.channel == indirect
    assert indirect.name in browser.get(deal.portal_url).content.decode()


def test_a_draft_keeps_its_sales_channel_through_the_form(sam, browser_of, northgate, indirect, at):
    draft = make.draft(northgate, at, **soon(channel=indirect))
    page = browser_of(sam).get(f"{draft.portal_url}edit/").content.decode()
    assert f'value="{indirect.pk}" selected' in page


def test_the_draft_is_kept_while_typing_and_then_registered(sam, browser_of, northgate):
    browser, key = browser_of(sam), uuid4()
    url = f"/portal/deals/drafts/{key}/"
    assert browser.post(url, {"customer_name": ""}).content == b""
    assert browser.post(
        url, {"customer_name": "Larkhill", "amount_0": "USD", "amount_1": "lots"}
    ).content.startswith(b"Draft saved")
    assert browser.post(url, {"customer_name": "Larkhill", "customer_city": "Boise"}).status_code == 200
    draft = Deal.objects.get()
    assert (draft.pk, draft.state, draft.customer_city) == (key, "draft", "Boise")
    assert browser.get(f"{draft.portal_url}edit/").status_code == 200
    browser.post("/portal/deals/new/", filled(draft=str(key)))
    assert [(d.pk, d.state) for d in Deal.objects.all()] == [(key, "submitted")]
    assert browser.post(url, {"customer_name": "Too late"}).status_code == 409


def test_another_partners_draft_cannot_be_touched(rhys, browser_of, northgate, albion, at):
    draft = make.draft(northgate, at, **soon())
    browser = browser_of(rhys)
    assert browser.post(f"/portal/deals/drafts/{draft.pk}/", {"customer_name": "Mine"}).status_code == 404
    assert browser.get(f"{draft.portal_url}edit/").status_code == 404
    answer = browser.post("/portal/deals/new/", filled(draft=str(draft.pk)))
    assert answer.status_code in (400, 404, 409)
    draft.refresh_from_db()
    assert (draft.partner, draft.state) == (northgate, "draft")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"customer_name": ""}, "required"),
        ({"customer_name": "x" * 201}, "at most 200"),
        ({"customer_name": "a\x00b"}, "Null characters"),
        ({"customer_country": "ZZ"}, "valid choice"),
        ({"products": []}, "required"),
        ({"products": ["nonsense"]}, "valid"),
        ({"amount_1": ""}, "required"),
        ({"amount_1": "-5"}, "above zero"),
        ({"amount_1": "9" * 20}, "too large"),
        ({"amount_0": "XXX"}, "valid choice"),
        ({"expected_close_on": "2020-01-01"}, "in the past"),
        ({"expected_close_on": "soon"}, "valid date"),
        ({"what_it_did": "   "}, "required"),
        ({"no_patient_data": ""}, "required"),
        ({"draft": "nonsense"}, "valid UUID"),
        ({"organization": str(uuid4())}, "valid choice"),
    ],
)
def test_wrong_input_is_answered_at_the_field(sam, browser_of, northgate, change, words):
    answer = browser_of(sam).post("/portal/deals/new/", filled(**change))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Deal.objects.exists()


def test_the_picker_offers_only_what_the_partner_may_know(sam, browser_of, northgate, brannoc, larkhill):
    browser = browser_of(sam)
    offered = browser.get("/portal/deals/customers/?customer_name=larkhill").content.decode()
    assert larkhill.name in offered
    known = browser.get("/portal/deals/customers/?customer_name=brannoc").content.decode()
    unknown = browser.get("/portal/deals/customers/?customer_name=zzzzz").content.decode()
    assert known == unknown
    picked = browser.get(f"/portal/deals/customers/?organization={brannoc.pk}").content.decode()
    missing = browser.get(f"/portal/deals/customers/?organization={uuid4()}").content.decode()
    assert picked == missing
    assert (
        "Not registered by you before"
        in browser.get(f"/portal/deals/customers/?organization={larkhill.pk}").content.decode()
    )


def test_an_unknown_organization_cannot_be_chosen_by_its_id(sam, browser_of, northgate, brannoc):
    answer = browser_of(sam).post("/portal/deals/new/", filled(organization=str(brannoc.pk)))
    assert answer.status_code == 400
    assert not Deal.objects.exists()


def test_the_pre_check_tells_the_own_earlier_registrations(sam, browser_of, northgate, albion, at):
    mine = make.submitted(northgate, at, **soon())
    other = make.submitted(albion, at, **soon())
    page = browser_of(sam).get("/portal/deals/customers/?customer_name=brannoc").content.decode()
    assert mine.number in page
    assert other.number not in page


@pytest.mark.parametrize("field", sorted(set(rules.FIELDS) - {"organization", "external_ref"}))
def test_whatever_a_partner_fills_in_can_be_asked_about_and_has_its_field(
    sam, browser_of, northgate, at, field
):
    deal = make.submitted(northgate, at, **soon())
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Sure?", fields=[field], at=at)
    form = browser_of(sam).get(f"{deal.portal_url}edit/").context["form"]
    assert list(form.fields) == [field]
    assert str(rules.FIELD_LABELS[field])


def test_a_question_about_type_channel_and_consent_is_answered_in_the_portal(
    sam, browser_of, northgate, indirect, at
):
    deal = make.submitted(northgate, at, **soon(contact="Helen Marsh"))
    asked = ["type", "channel", "contact_agreed", "help_wanted", "procurement_route", "no_patient_data"]
    actions.ask_for_more(by=SYSTEM, deal=deal, question="How?", fields=asked, at=at)
    resale = DealType.objects.get(code="resale")
    data = {
        "type": str(resale.pk), "channel": str(indirect.pk), "contact_agreed": "on", "help_wanted": "co_sell",
        "procurement_route": "tender",
    }  # fmt: skip
    browser, url = browser_of(sam), f"{deal.portal_url}edit/"
    assert browser.post(url, data).status_code == 400  # the declaration was asked for anew
    assert browser.post(url, {**data, "no_patient_data": "on"}).status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.type, deal.channel, deal.contact_agreed) == ("submitted", resale, indirect, True)
    assert (deal.help_wanted, deal.procurement_route) == ("co_sell", "tender")


def test_a_question_is_answered_with_the_asked_fields_alone(sam, browser_of, northgate, at):
    deal = make.submitted(northgate, at, **soon())
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who decides?", fields=["what_it_did"], at=at)
    browser = browser_of(sam)
    assert "Who decides?" in browser.get(deal.portal_url).content.decode()
    page = browser.get(f"{deal.portal_url}edit/").content.decode()
    assert 'name="what_it_did"' in page
    assert 'name="customer_name"' not in page
    answer = browser.post(f"{deal.portal_url}edit/", {"what_it_did": "The CMIO.", "customer_name": "Sneaky"})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.state, deal.what_it_did, deal.customer_name == "Sneaky") == ("submitted", "The CMIO.", False)


def test_a_locked_registration_cannot_be_edited(sam, browser_of, northgate, at):
    deal = make.submitted(northgate, at, **soon())
    assert browser_of(sam).get(f"{deal.portal_url}edit/").status_code == 409


def test_the_registration_page_shows_the_clock_and_the_stages(sam, browser_of, northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc, **soon())
    page = browser_of(sam).get(deal.portal_url).content.decode()
    assert "Protected for you until" in page
    assert "What was decided" in page
    assert "Prospect" in page


def test_a_refusal_is_explained_without_naming_anyone(sam, browser_of, northgate, albion, tomas, at, brannoc):
    make.approved(albion, at - DAY, brannoc, customer_name="Secret Spelling of Brannoc", **soon())
    deal = make.submitted(northgate, at, brannoc, **soon())
    browser = browser_of(sam)
    before = browser.get(deal.portal_url).content.decode()
    assert "What we may show you" not in before
    actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
    page = browser.get(deal.portal_url).content.decode()
    assert "Another partner is protected on this customer until" in page
    assert "What we may show you" in page
    for secret in ("Albion", "Secret Spelling", "Tomas"):
        assert secret not in page


def test_another_partners_deal_does_not_exist(rhys, browser_of, northgate, albion, at, brannoc):
    deal = make.approved(northgate, at, brannoc, **soon())
    browser = browser_of(rhys)
    assert deal.number not in browser.get("/portal/deals/").content.decode()
    for path in (
        "",
        "edit/",
        "withdraw/",
        "update-stage/",
        "report-win/",
        "report-loss/",
        "report-go-live/",
        "discard/",
    ):
        assert browser.get(f"{deal.portal_url}{path}").status_code == 404, path
        assert browser.post(f"{deal.portal_url}{path}", {}).status_code in (404, 405), path


def test_a_link_of_the_vendor_tells_the_partner_nothing(sam, browser_of, northgate, at, brannoc):
    deal = make.submitted(northgate, at, **soon())
    browser = browser_of(sam)
    before = browser.get(deal.portal_url).content.decode()
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    after = browser.get(deal.portal_url).content.decode()
    assert strip(before) == strip(after)


def strip(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line.casefold()]


def test_a_viewer_reads_and_registers_nothing(browser_of, northgate, at):
    from tests.factories import make_partner_user

    viewer = make_partner_user("vic@northgate.example", "Vic Hale", northgate, "partner_viewer", at)
    deal = make.submitted(northgate, at, **soon())
    browser = browser_of(viewer)
    assert browser.get(deal.portal_url).status_code == 200
    assert browser.get("/portal/deals/new/").status_code == 403
    assert browser.post("/portal/deals/new/", filled()).status_code == 403
    assert browser.post(f"/portal/deals/drafts/{uuid4()}/", {"customer_name": "X"}).status_code == 403
    assert browser.get("/portal/deals/customers/?customer_name=xx").status_code == 403


def test_a_partner_updates_wins_and_reports_a_go_live(sam, browser_of, northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc, **soon())
    browser = browser_of(sam)
    stage = Stage.objects.get(code="committed")
    assert (
        browser.post(f"{deal.portal_url}update-stage/", {"stage": str(stage.pk)})["Location"]
        == deal.portal_url
    )
    assert (
        browser.post(f"{deal.portal_url}report-win/", {"won_on": deal.day_of(now()).isoformat()}).status_code
        == 400
    )
    order = SimpleUploadedFile("order.pdf", make.PDF)
    assert (
        browser.post(
            f"{deal.portal_url}report-win/", {"won_on": deal.day_of(now()).isoformat(), "evidence": order}
        ).status_code
        == 302
    )
    page = browser.get(deal.portal_url).content.decode()
    assert "order.pdf" in page
    data = {
        "product": str(deal.products.get().pk),
        "went_live_on": deal.day_of(now()).isoformat(),
        "contact_name": "Helen Marsh",
        "contact_email": "helen@brannoc.example",
    }
    assert browser.post(f"{deal.portal_url}report-go-live/", data).status_code == 302
    go_live = Implementation.objects.get()
    assert browser.get(f"/portal/implementations/{go_live.pk}/accept/").status_code == 404
    assert browser.post(f"/portal/implementations/{go_live.pk}/withdraw/", {}).status_code == 302
    assert browser.get(deal.portal_url).status_code == 200


def test_a_loss_a_withdrawal_and_a_discarded_draft(sam, browser_of, northgate, at):
    browser = browser_of(sam)
    lost = make.approved(northgate, at, customer_name="First", **soon())
    taken_back = make.submitted(northgate, at, customer_name="Second", **soon())
    draft = make.draft(northgate, at, customer_name="Third", **soon())
    assert browser.post(f"{lost.portal_url}report-loss/", {"reason": "price"}).status_code == 302
    assert browser.post(f"{taken_back.portal_url}withdraw/", {"reason": "no_opportunity"}).status_code == 302
    assert browser.post(f"{draft.portal_url}discard/", {}).status_code == 302
    assert set(Deal.objects.values_list("state", flat=True)) == {"lost", "withdrawn", "discarded"}


# The customer's answer


@pytest.fixture
def asked(northgate, at, brannoc):
    return make.reported(northgate, at, organization=brannoc, **soon())


def address(implementation):
    return f"/confirm/{links.token(ActionLink.objects.get(subject_id=implementation.pk))}/"


def test_opening_the_link_uses_nothing_up(client, asked):
    url = address(asked)
    for _time in range(2):
        page = client.get(url)
        assert page.status_code == 200
        assert "Triage" in page.content.decode()
    assert Implementation.objects.get().state == "reported"


def test_the_customer_confirms_once(client, asked):
    url = address(asked)
    assert client.post(url, {"answer": "confirm"})["Location"] == "/confirm/thanks/"
    assert client.get("/confirm/thanks/").status_code == 200
    assert Implementation.objects.get().state == "accepted"
    assert client.get(url).status_code == 409
    assert client.post(url, {"answer": "decline"}).status_code == 409


def test_the_customer_says_that_it_is_not_right(client, asked):
    assert client.post(address(asked), {"answer": "decline", "note": "Only a pilot."}).status_code == 302
    found = Implementation.objects.get()
    assert (found.state, found.note) == ("declined", "Only a pilot.")


@pytest.mark.parametrize("data", [{}, {"answer": "perhaps"}, {"answer": "decline", "note": "x" * 401}])
def test_an_answer_that_is_none_changes_nothing(client, asked, data):
    assert client.post(address(asked), data).status_code == 400
    assert Implementation.objects.get().state == "reported"


@pytest.mark.parametrize("token", ["x", "a.b", "AAAAAAAAAAAAAAAAAAAAAA.AAAA", "é", "%00"])
def test_a_link_that_is_none_gets_one_answer(client, db, token):
    assert client.get(f"/confirm/{token}/").status_code in (404, 409)


def test_a_partner_cannot_confirm_its_own_go_live(sam, browser_of, asked):
    page = browser_of(sam).get(asked.deal.portal_url).content.decode()
    assert "/confirm/" not in page


# Registering again


def came_to_nothing(partner, at, how, organization):
    """An own registration that lapsed, was refused, was taken back, or ended longer ago than can be renewed."""
    deal = make.submitted(partner, at, organization, external_ref="CRM-9", contact="Helen Marsh", **soon())
    if how == "lapsed":
        actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)
        release_lapsed()
    elif how == "rejected":
        actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", comment="No", at=at)
    elif how == "withdrawn":
        actions.withdraw_deal(by=SYSTEM, deal=deal, reason="entered_in_error", at=at)
    else:
        actions.approve_deal(by=SYSTEM, deal=deal, at=at, days=5)
        release_lapsed()
    return Deal.objects.get(pk=deal.pk)


@pytest.mark.parametrize("how", ["lapsed", "rejected", "withdrawn", "expired"])
def test_what_came_to_nothing_is_registered_again_from_what_it_said(sam, browser_of, northgate, brannoc, how):
    old = came_to_nothing(northgate, now() - 80 * DAY, how, brannoc)
    assert old.state == how
    browser, url = browser_of(sam), f"/portal/deals/new/?again={old.pk}"
    assert url in browser.get(old.portal_url).content.decode()

    form = browser.get(url).context["form"].initial
    assert (form["customer_name"], form["contact"], form["amount"]) == (
        old.customer_name, "Helen Marsh", old.amount
    )  # fmt: skip
    assert (form["external_ref"], form["no_patient_data"], form["draft"] != old.pk) == ("", False, True)
    answer = browser.post(url, filled(customer_name=old.customer_name))
    new = Deal.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == new.portal_url
    assert (new.external_ref, Deal.objects.get(pk=old.pk).state) == ("", how)


def test_an_expected_close_that_has_passed_is_asked_for_anew(sam, browser_of, northgate, at):
    old = make.submitted(northgate, at - 200 * DAY, expected_close_on=today() - 100 * DAY)
    actions.withdraw_deal(by=SYSTEM, deal=old, reason="entered_in_error", at=at)
    page = browser_of(sam).get(f"/portal/deals/new/?again={old.pk}")
    assert page.context["form"].initial["expected_close_on"] is None


def test_what_can_still_be_renewed_is_not_registered_again(sam, browser_of, northgate, brannoc):
    old = make.approved(northgate, now() - 8 * DAY, brannoc, days=5, **soon())
    release_lapsed()
    page = browser_of(sam).get(old.portal_url).content.decode()
    assert "request-renewal" in page
    assert "?again=" not in page


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-7000-8000-000000000000", "foreign"])
def test_nobody_registers_another_partners_deal_again(sam, browser_of, northgate, albion, at, key):
    theirs = make.submitted(albion, at, **soon())
    key = theirs.pk if key == "foreign" else key
    assert browser_of(sam).get(f"/portal/deals/new/?again={key}").status_code == 404
