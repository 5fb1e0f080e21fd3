"""The letter of a decision before it is made: it is what is sent afterwards, and asking for it changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from core import mail
from core.clock import now, today
from core.models import Mail
from deals.models import Deal
from events.models import Event
from tests.deals import factories as make

DAY = timedelta(days=1)


def facts_of(move: str) -> dict[str, Any]:
    """What a decision takes."""
    by_then = (today() + 10 * DAY).isoformat()
    return {
        "approve": {"days": 30, "comment": "Well done."},
        "approve_with_conditions": {
            "days": 30, "conditions": ["A letter of intent."], "conditions_until": by_then,
        },
        "ask_for_more": {"question": "Who decides?", "fields": ["contact"]},
        "reject": {"reason": "not_eligible", "comment": "Try again in May."},
    }[move]  # fmt: skip


@pytest.fixture
def at():
    return now() - DAY


@pytest.fixture
def submitted(program, northgate, brannoc, at):
    return make.submitted(northgate, at, brannoc, expected_close_on=today() + 100 * DAY)


def post(client, deal, verb, body):
    path = f"/api/v1/deals/{deal.pk}/{verb}/"
    return client.post(path, json.dumps(body), content_type="application/json", headers={"If-Match": "*"})


def preview(client, deal, move, **facts):
    return post(client, deal, "preview-letter", {"move": move, **facts})


def flat(text):
    return " ".join(text.split())


def stored():
    return [
        list(Deal.objects.values_list("pk", "version", "state")),
        Event.objects.count(),
        Mail.objects.count(),
    ]


@pytest.mark.parametrize("move", ["approve", "approve_with_conditions", "ask_for_more", "reject"])
def test_the_letter_that_is_shown_is_the_one_that_is_sent(move, dirk, priya, api_of, submitted):
    desk, facts = api_of(dirk), facts_of(move)
    before = stored()

    shown = preview(desk, submitted, move, **facts)

    assert shown.status_code == 200, shown.content
    assert stored() == before
    assert post(desk, submitted, move.replace("_", "-"), facts).status_code == 200
    subject, text, _html = mail.render(Mail.objects.exclude(letter="deal.submitted").get())
    assert subject == shown.json()["subject"]
    assert [words for words in shown.json()["paragraphs"] if flat(words) not in flat(text)] == []


def test_a_repeat_names_an_earlier_one_of_the_same_partner_only(
    dirk, api_of, submitted, northgate, albion, at
):
    own, foreign = (make.submitted(partner, at, customer_name="Other") for partner in (northgate, albion))

    answers = [
        preview(api_of(dirk), submitted, "mark_duplicate", duplicate_of=str(deal.pk))
        for deal in (own, foreign, submitted)
    ]

    assert [answer.status_code for answer in answers] == [200, 400, 400]
    assert own.number in "".join(answers[0].json()["paragraphs"])


def test_a_refusal_without_a_reason_that_exists_is_no_letter(dirk, api_of, submitted):
    asked = [{}, {"reason": "no_such_reason"}]

    assert [preview(api_of(dirk), submitted, "reject", **facts).status_code for facts in asked] == [400, 400]


def test_what_is_decided_has_no_letter_to_come(dirk, api_of, northgate, brannoc, at, program):
    answer = preview(api_of(dirk), make.approved(northgate, at, brannoc), "reject", reason="not_eligible")

    assert (answer.status_code, answer.json()["code"]) == (409, "closed_move")


def test_partners_and_readers_ask_in_vain(vera, sam, northgate, api_of, submitted):
    reader, seller = api_of(vera), api_of(sam, northgate)
    before = stored()

    assert [preview(who, submitted, "approve").status_code for who in (reader, seller)] == [403, 403]
    assert stored() == before
