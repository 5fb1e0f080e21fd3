"""The vendor's own people, and how people of partners come in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from accounts.actions import INVITATION, accept_invitation, add_user, invite, start_membership
from accounts.models import Invitation, Membership, User
from core import links
from core.actors import SYSTEM, Actor
from core.models import ActionLink
from partners.models import Partner
from prm.demo import names
from prm.demo.stage import PASSWORD, Stage


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Few rounds for the demo's one known password; Django hashes it anew at the first sign-in."""
    rounds = PBKDF2PasswordHasher.iterations
    PBKDF2PasswordHasher.iterations = 1000
    try:
        yield
    finally:
        PBKDF2PasswordHasher.iterations = rounds


def hire_staff(stage: Stage) -> None:
    """The vendor's people, one at least per role, six PSMs."""
    at = datetime.combine(stage.start - timedelta(days=60), time(9), tzinfo=UTC)
    for name, role in names.STAFF:
        email = f"{name.split()[0].casefold()}@corvane.example"
        zone = "America/New_York" if role != "psm" else "UTC"
        user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=at, time_zone=zone)
        start_membership(by=SYSTEM, user=user, partner=None, role=role, at=at)


def person_name(stage: Stage, country: str) -> str:
    given, family = stage.rng.choice(names.GIVEN[country]), stage.rng.choice(names.FAMILY[country])
    return f"{given} {family}"


def address(name: str, domain: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    local = ".".join("".join(c for c in word if c.isascii() and c.isalnum()) for word in plain.split())
    return f"{local}@{domain}.example"


def join(stage: Stage, at: datetime, invitation: Invitation) -> Membership:
    """The invited person follows the link of its letter."""
    link = ActionLink.objects.filter(purpose=INVITATION, subject_id=invitation.pk).latest("created_at")
    return accept_invitation(token=links.token(link), name=invitation.name, password=PASSWORD, at=at)


def bring_colleague(
    stage: Stage, at: datetime, by: Actor, partner: Partner, role: str, domain: str
) -> User | None:
    """A partner admin invites a colleague, who joins the next day; None where the name is taken."""
    name = person_name(stage, str(partner.country))
    email = address(name, domain)
    if User.objects.filter(email=email).exists() or partner.contacts.filter(email=email).exists():
        return None
    invitation = invite(by=by, partner=partner, email=email, name=name, role=role, at=at)
    return join(stage, min(at + timedelta(hours=20), stage.end), invitation).user
