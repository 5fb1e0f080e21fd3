"""How a row is checked before it is written: in the words that people read, with no more questions than needed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import next_number
from core.saving import validate
from deals.models import Deal
from partners.models import Organization
from tests.deals.factories import draft


def test_a_country_that_is_none_is_refused():
    with pytest.raises(ValidationError) as refused:
        Organization(name="St. Elsewhere", country="XX").clean_fields()
    assert "country" in refused.value.message_dict
    Organization(name="St. Elsewhere", country="DE").clean_fields()


def test_numbers_are_given_out_one_after_the_other_from_the_first_on(db):
    assert [next_number("X"), next_number("X"), next_number("Y")] == ["X-1001", "X-1002", "Y-1001"]


def test_what_may_be_there_once_is_refused_in_its_own_words_and_asked_for_once(northgate, at):
    draft(northgate, at, external_ref="CRM-1")
    draft(northgate, at)
    second = Deal(
        partner=northgate, number="D-1", customer_name="St. Elsewhere", currency="USD", external_ref="CRM-1"
    )
    with pytest.raises(ValidationError, match="There is a registration with this reference already"):
        validate(second)

    second.external_ref = ""
    with CaptureQueriesContext(connection) as asked:
        validate(second)
    assert len(asked) == 1, asked.captured_queries
