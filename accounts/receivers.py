"""What accounts hear: sign-ins and password changes of the log-in library become events."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from core.actors import ANONYMOUS, Actor
from core.clock import now
from events.actions import record


@receiver(user_logged_in)
def signed_in(sender: Any, user: Any, **rest: Any) -> None:
    record("user.signed_in", user, by=Actor(kind="user", label=user.email, user_id=user.pk), at=now())


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **rest: Any) -> None:
    from accounts.models import User

    address = str(credentials.get("email") or credentials.get("username") or "").casefold()
    if user := User.objects.filter(email=address).first():
        record("user.sign_in_failed", user, by=ANONYMOUS, at=now())
