"""Who sees what: the actor decides the rows."""

from accounts.actors import partner_actor, vendor_actor
from partners.models import Partner


def test_a_psm_sees_her_own_and_unassigned_partners_only(maya, northgate, albion):
    visible = Partner.objects.visible_to(vendor_actor(maya))
    assert northgate in visible
    assert albion not in visible


def test_a_director_of_all_partners_sees_both(ada, northgate, albion):
    assert set(Partner.objects.visible_to(vendor_actor(ada))) == {northgate, albion}


def test_a_partner_sees_itself_alone(priya, northgate, albion):
    assert list(Partner.objects.visible_to(partner_actor(priya))) == [northgate]
