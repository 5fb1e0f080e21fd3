"""Adapters of the log-in library: no public sign-up, letters through our mail, secrets encrypted at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest

from core.clock import now
from core.mail import send


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; letters are rows, rendered (with a fresh token) only when sent."""

    LETTERS = {
        "account/email/password_reset_key": "account.password_reset",
        "account/email/unknown_account": "account.unknown",
        "account/email/password_changed": "account.password_changed",
        "account/email/password_reset": "account.password_changed",
        "mfa/email/totp_activated": "account.second_factor_changed",
        "mfa/email/totp_deactivated": "account.second_factor_changed",
        "mfa/email/recovery_codes_generated": "account.second_factor_changed",
        "mfa/email/webauthn_added": "account.second_factor_changed",
        "mfa/email/webauthn_removed": "account.second_factor_changed",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        from accounts.models import User

        if name := self.LETTERS.get(template_prefix):
            user = User.objects.filter(email=email.casefold()).first()
            send(name, at=now(), to_user=user, to_address="" if user else email)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A change of password or second factor is told to its person, always."""
        self.send_mail(template_prefix, email or user.email, context or {})


class MFAAdapter(DefaultMFAAdapter):
    """Seeds and recovery codes are encrypted with keys of their own; the first key encrypts, all decrypt."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    from base64 import urlsafe_b64encode
    from hashlib import sha256

    return MultiFernet(
        [Fernet(urlsafe_b64encode(sha256(key.encode()).digest())) for key in settings.MFA_KEYS]
    )
