"""Signing in with an e-mail address; who is deactivated is nobody at the next request."""

from allauth.account.auth_backends import AuthenticationBackend


class ActiveUserBackend(AuthenticationBackend):
    """allauth's backend: password log-in by address; `get_user` refuses the inactive."""
