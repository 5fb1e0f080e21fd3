"""Who of a partner works on a deal besides the person who registered it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.roles import Permission
from core.actors import Actor
from core.saving import lock, save
from deals.models import Deal
from events.actions import record


@transaction.atomic
def name_people(*, by: Actor, deal: Deal, people: Iterable[User], at: datetime) -> Deal:
    """Name exactly these colleagues on a deal: they are written to, and see it where sellers see only their own.

    Whoever registered the deal may name them, and who holds DEAL_SHARE. Raises ValidationError (someone is not of
    the partner).
    """
    by.must(may_name(by, deal), on=deal)
    deal, people = lock(deal), list(people)
    own = Membership.objects.current().filter(partner=deal.partner_id, user__in=people).values("user")
    if User.objects.filter(pk__in=own).count() != len({user.pk for user in people}):
        raise ValidationError({"people": _("Choose people who sign in for this partner.")})
    before = set(deal.people.values_list("pk", flat=True))
    if before != {user.pk for user in people}:
        deal.people.set(people)
        save(deal)
        data = {"people": sorted(str(user.pk) for user in people)}
        record("deal.people_named", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


def may_name(by: Actor, deal: Deal) -> Permission:
    """The permission that naming people on this deal needs of this actor."""
    is_own = by.user_id is not None and by.user_id == deal.submitted_by_id
    return Permission.DEAL_EDIT if is_own else Permission.DEAL_SHARE
