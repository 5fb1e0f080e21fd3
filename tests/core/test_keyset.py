"""Paging: every row once, forwards and backwards, with equal and with empty keys."""

import pytest
from django.core.exceptions import ValidationError

from core import keyset
from partners.models import Organization, Partner
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(program):
    found = ["Same"] * 5 + ["Alpha", "Beta", "Zulu", "Ärzte", "Same"]
    for name in found:
        factories.make_organization(name)
    return found


@pytest.mark.parametrize("ordering", ["name", "-name", "created_at", "-city"])
@pytest.mark.parametrize("size", [1, 3, 10, 11])
def test_each_row_comes_once(names, ordering, size):
    seen, cursor, pages = [], "", 0
    while True:
        page = keyset.page(Organization.objects.all(), ordering, size=size, cursor=cursor)
        seen += [row.pk for row in page.rows]
        pages += 1
        if not page.older:
            break
        cursor = page.older
    assert len(seen) == len(set(seen)) == len(names)
    assert pages == -(-len(names) // size)


def test_back_leads_to_where_one_came_from(names):
    first = keyset.page(Organization.objects.all(), "name", size=4)
    second = keyset.page(Organization.objects.all(), "name", size=4, cursor=first.older)
    back = keyset.page(Organization.objects.all(), "name", size=4, cursor=second.newer)
    assert [r.pk for r in back.rows] == [r.pk for r in first.rows]
    assert (first.newer, back.newer) == ("", "")


def test_empty_keys_come_last(northgate, albion):
    Partner.objects.filter(pk=northgate.pk).update(tier_rank=2)
    page = keyset.page(Partner.objects.all(), "tier_rank", size=1)
    rest = keyset.page(Partner.objects.all(), "tier_rank", size=1, cursor=page.older)
    assert (page.rows, rest.rows) == ([northgate], [albion])


@pytest.mark.parametrize("cursor", ["x", "cD1ub3RhZGF0ZQ==", "\x00", "a:b:c"])
def test_a_forged_cursor_is_refused(names, cursor):
    with pytest.raises(ValidationError):
        keyset.page(Organization.objects.all(), "name", cursor=cursor)


def test_a_cursor_is_bound_to_its_list(names):
    cursor = keyset.page(Organization.objects.all(), "name", size=2, bound_to="a").older
    with pytest.raises(ValidationError):
        keyset.page(Organization.objects.all(), "name", cursor=cursor, bound_to="b")
