"""However a customer is typed, it is one customer: a rival's registration is seen beside the first, and refused."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import Conflict
from deals import actions
from deals.models import Protection
from tests.deals import factories as make

NAME = "St. Brannoc’s Regional Medical Center"
WIDE = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in NAME)
SPELLINGS = {
    "in capitals": {"customer_name": NAME.upper()},
    "in small letters": {"customer_name": NAME.lower()},
    "in wide letters": {"customer_name": WIDE},
    "with many blanks": {"customer_name": f"  {NAME.replace(' ', '   ')} "},
    "with a straight apostrophe": {"customer_name": NAME.replace("’", "'")},
    "without marks": {"customer_name": NAME.replace("’", "").replace(".", "")},
    "as a corporation": {"customer_name": f"{NAME}, Inc."},
    "as a company": {"customer_name": f"{NAME} GmbH"},
    "in British English": {"customer_name": NAME.replace("Center", "Centre")},
    "by its web address": {"customer_name": "Brannoc campus", "customer_website": "https://www.StBrannocs.example/about"},
}  # fmt: skip

# Words that are more than spelling: here it is the vendor who is shown the organization, and links it.
OTHER_WORDS = ("as a corporation", "as a company", "in British English")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_customer_that_is_spelt_otherwise_is_never_protected_twice(
    northgate, albion, brannoc, dirk, browser_of, at, spelling
):
    make.approved(northgate, at, brannoc)

    rival = make.submitted(albion, at, **SPELLINGS[spelling])

    assert (rival.state, rival.organization) == ("submitted", None)
    assert spelling in OTHER_WORDS or rival.conflict_verdict in ("hard", "review")
    page = browser_of(dirk).get(f"{rival.get_absolute_url()}link-customer/").content.decode()
    assert str(brannoc.pk) in page
    actions.link_customer(by=SYSTEM, deal=rival, organization=brannoc, at=at)
    with pytest.raises(Conflict, match="Another partner is protected"):
        actions.approve_deal(by=SYSTEM, deal=rival, at=at)
    assert Protection.objects.running().count() == 1


def test_another_customer_is_free(northgate, albion, brannoc, at):
    make.approved(northgate, at, brannoc)

    other = make.submitted(albion, at, customer_name="Larkhill Community Hospital", customer_city="Boise")

    assert other.conflict_verdict == "clear"
