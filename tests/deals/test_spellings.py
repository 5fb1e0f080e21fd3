"""However a customer is typed, it is one customer: a rival's registration is seen beside the first, and refused."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import Conflict
from deals import actions
from deals.models import Protection
from deals.querysets import customers_like
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


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_customer_that_is_spelt_otherwise_is_never_protected_twice(
    northgate, albion, brannoc, at, spelling
):
    make.approved(northgate, at, brannoc)

    rival = make.submitted(albion, at, **SPELLINGS[spelling])

    assert (rival.state, rival.organization) == ("submitted", None)
    assert rival.conflict_verdict in ("hard", "review")
    assert customers_like(rival)[0] == brannoc
    actions.link_customer(by=SYSTEM, deal=rival, organization=brannoc, at=at)
    with pytest.raises(Conflict, match="Another partner is protected"):
        actions.approve_deal(by=SYSTEM, deal=rival, at=at)
    assert Protection.objects.running().count() == 1


def test_another_customer_is_free(northgate, albion, brannoc, at):
    make.approved(northgate, at, brannoc)

    other = make.submitted(albion, at, customer_name="Larkhill Community Hospital", customer_city="Boise")

    assert other.conflict_verdict == "clear"
