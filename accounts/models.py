"""Who you are: people, their memberships, invitations and API keys."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import LABELS, LOOKS_AFTER_PARTNERS, PARTNER_ROLES, ROLES, VENDOR_ROLES
from core.ids import uuid7
from core.models import Record, validate_zone
from core.scoping import INTERNAL, ScopedQuerySet, Tenant
from core.text import normal


def partner_model() -> Any:
    """The model of partners, which lies above this app and is named by string alone."""
    return apps.get_model("partners", "Partner")


ROLE_CHOICES = [(role, LABELS[role]) for role in ROLES]


class UserQuerySet(ScopedQuerySet):
    def of_vendor(self) -> UserQuerySet:
        return self.filter(memberships__partner=None, memberships__ended_at=None).distinct()

    def holding(self, role: str) -> UserQuerySet:
        return self.filter(memberships__role=role, memberships__ended_at=None, is_active=True).distinct()

    def with_permission(self, permission: str) -> UserQuerySet:
        """The vendor's people whose role holds a permission."""
        roles = [role for role, held in VENDOR_ROLES.items() if permission in held]
        current = Q(memberships__role__in=roles, memberships__ended_at=None)
        return self.filter(current, is_active=True).distinct()

    def looking_after_partners(self) -> UserQuerySet:
        """Those to whom a partner or an application can be given."""
        current = Q(memberships__role__in=LOOKS_AFTER_PARTNERS, memberships__ended_at=None)
        return self.filter(current, is_active=True).distinct()

    def admins_of(self, partner_id: Any) -> UserQuerySet:
        """Those who look after a partner's side of the program."""
        admin = Q(
            memberships__partner=partner_id, memberships__role="partner_admin", memberships__ended_at=None
        )
        return self.filter(admin, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().casefold())

    def create_superuser(self, email: str, password: str, **extra: Any) -> User:
        """For `manage.py createsuperuser`: the first administrator of an installation."""
        from accounts.actions import create_administrator

        return create_administrator(email=email, password=password, name=extra.get("name") or email)


class OfColleagues(Tenant):
    """People: the vendor sees all; a partner sees those who belong to it, and itself."""

    def q(self, actor: Any) -> Q:
        if actor.is_vendor:
            return Q()
        own = Membership.objects.filter(partner__in=actor.partner_ids or (), ended_at=None).values("user")
        return Q(pk__in=own) | Q(pk=actor.user_id)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    tenant: ClassVar[Tenant] = OfColleagues()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    email = models.EmailField(
        unique=True, error_messages={"unique": _("This address has an account already.")}
    )
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    is_active = models.BooleanField(default=True)
    theme = models.CharField(
        max_length=6, default="auto", choices=[(t, t) for t in ("auto", "light", "dark")]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().casefold()

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(w[0] for w in words[:1] + words[1:][-1:]).upper()

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name else ""

    def get_full_name(self) -> str:
        return self.name

    # Django's own admin asks these; the roles table answers.
    @property
    def is_staff(self) -> bool:
        return self.is_superuser

    @property
    def is_superuser(self) -> bool:
        return self.is_active and self.memberships.filter(role="administrator", ended_at=None).exists()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_superuser

    @property
    def search_text(self) -> str:
        return normal(f"{self.name} {self.email}")


class MembershipQuerySet(ScopedQuerySet):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at=None, user__is_active=True)

    def at_partners_of(self, user: Any) -> MembershipQuerySet:
        """A person's memberships at partners that have not ended, the oldest first."""
        return self.filter(user=user, partner__isnull=False, ended_at=None).order_by("created_at", "pk")


class Membership(Record):
    """A person's role on the vendor's side (no partner) or at one partner."""

    tenant = "partner_id"
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    # Of several partners the one for which the person's certifications count.
    is_primary = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partner"],
                condition=Q(ended_at=None) & Q(partner__isnull=False),
                name="one_membership_per_partner",
                violation_error_message=_("This person belongs to this partner already."),
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ended_at=None) & Q(partner__isnull=True),
                name="one_vendor_role_each",
                violation_error_message=_("This person has this role already."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None, is_primary=True),
                name="one_primary_partner",
                violation_error_message=_("This person has another primary partner."),
            ),
            models.CheckConstraint(
                name="primary_membership_is_of_a_partner",
                condition=Q(is_primary=False) | Q(partner__isnull=False),
                violation_error_message=_("Only a partner is somebody's primary partner."),
            ),
            models.CheckConstraint(
                name="role_fits_side",
                condition=Q(partner__isnull=True, role__in=list(VENDOR_ROLES))
                | Q(partner__isnull=False, role__in=list(PARTNER_ROLES)),
                violation_error_message=_("This role belongs to the other side."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"


class Invitation(Record):
    """An offer of a membership to an e-mail address; its link's token is never stored."""

    OPEN, ACCEPTED, REVOKED = "open", "accepted", "revoked"
    tenant = "partner_id"
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    email = models.EmailField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    state = models.CharField(max_length=10, default=OPEN, choices=[(s, s) for s in (OPEN, ACCEPTED, REVOKED)])
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "email"],
                condition=Q(state="open"),
                name="one_open_invitation",
                violation_error_message=_("This address has an open invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"


class ApiKey(Record):
    """A key for an integration: shown once, stored as a hash."""

    tenant = "partner_id"
    user = models.ForeignKey(User, models.PROTECT, related_name="api_keys")
    partner = models.ForeignKey(
        "partners.Partner", models.PROTECT, null=True, blank=True, related_name="api_keys"
    )
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField(default=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PortalView(Record):
    """A vendor's person looking at the portal as one partner: read-only, for at most an hour."""

    tenant = INTERNAL
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} as {self.partner}"
