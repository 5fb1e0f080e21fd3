"""What accounts hear: sign-ins and password changes of the log-in library become events."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from core.actors import ANONYMOUS, Actor
from core.clock import now
from events.actions import record


@receiver(user_logged_in)
def signed_in(sender: Any, user: Any, **rest: Any) -> None:
    record("user.signed_in", user, by=_oneself(user), at=now())


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **rest: Any) -> None:
    from accounts.models import User

    address = str(credentials.get("email") or credentials.get("username") or "").casefold()
    if user := User.objects.filter(email=address).first():
        record("user.sign_in_failed", user, by=ANONYMOUS, at=now())


@receiver([password_changed, password_reset, password_set])
def password_was_changed(sender: Any, user: Any, **rest: Any) -> None:
    record("user.password_changed", user, by=_oneself(user), at=now())


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def second_factor_was_changed(sender: Any, user: Any, authenticator: Any, **rest: Any) -> None:
    data = {"change": authenticator.type}
    record("user.second_factor_changed", user, by=_oneself(user), at=now(), data=data)


def _oneself(user: Any) -> Actor:
    return Actor(kind="user", label=user.email, user_id=user.pk)
