"""What is remembered of tracks, certifications and learning plans."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Coded
from core.models import Record, as_choices
from enablement import rules
from enablement.querysets import CertificationQuerySet, LearningPlanQuerySet
from partners.models import Contact, Partner


class Track(Coded):
    """Something people are certified in, and for how long a certification holds."""

    audience = models.CharField(_("audience"), max_length=10, choices=as_choices(*rules.AUDIENCES))
    is_basic = models.BooleanField(_("basic certification"), default=False)
    validity_months = models.PositiveSmallIntegerField(_("months of validity"))


class Certification(Record):
    """One person's certification in one track, passed on one day. It counts for the person's partner."""

    tenant = "contact__partner_id"
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="certifications", verbose_name=_("person")
    )
    track = models.ForeignKey(Track, models.PROTECT, related_name="certifications", verbose_name=_("track"))
    passed_on = models.DateField(_("passed on"))
    expires_on = models.DateField(_("expires on"))
    score = models.PositiveSmallIntegerField(
        _("score"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    source = models.CharField(
        max_length=8, choices=as_choices(rules.MANUAL, rules.IMPORT), default=rules.MANUAL
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_on = models.DateField(null=True, blank=True)
    revocation_reason = models.CharField(max_length=40, blank=True)
    revocation_comment = models.CharField(max_length=500, blank=True)
    expiry_noted_on = models.DateField(null=True, blank=True, editable=False)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        ordering = ["-passed_on", "-id"]
        indexes = [
            models.Index(fields=["contact", "expires_on"], name="certification_contact"),
            models.Index(fields=["expires_on", "id"], name="certification_expiry"),
            models.Index(fields=["passed_on", "id"], name="certification_passed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "track", "passed_on"],
                name="one_certification_per_person_track_and_day",
                violation_error_message=_("This person has this certification of this day already."),
            ),
            models.CheckConstraint(
                name="certification_expires_after_it_is_passed",
                condition=Q(expires_on__gt=F("passed_on")),
                violation_error_message=_("A certification expires after the day on which it was passed."),
            ),
            models.CheckConstraint(
                name="revoked_certification_has_reason",
                condition=Q(revoked_on=None) | ~Q(revocation_reason=""),
                violation_error_message=_("A revocation needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.track}"

    @property
    def dates(self) -> rules.Dates:
        return rules.Dates(self.passed_on, self.expires_on, self.revoked_on, self.contact.left_on)

    def state(self, on: date, expiring_days: int) -> str:
        return rules.state(self.dates, on, expiring_days)

    def is_renewed(self) -> bool:
        """Whether the person holds a later one in the same track."""
        later = Certification.objects.filter(contact=self.contact_id, track=self.track_id, revoked_on=None)
        return later.filter(expires_on__gt=self.expires_on).exists()

    def get_absolute_url(self) -> str:
        return f"/manage/certifications/{self.pk}/"


class LearningPlan(Record):
    """A partner's commitment to learning, signed by one of its people, good for a year."""

    tenant = "partner_id"
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="learning_plans")
    signed_by = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    signed_on = models.DateField(_("signed on"))
    expires_on = models.DateField()
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    objects = LearningPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "signed_on"],
                name="one_learning_plan_per_day",
                violation_error_message=_("A learning plan was signed on this day already."),
            ),
            models.CheckConstraint(
                name="learning_plan_expires_after_it_is_signed", condition=Q(expires_on__gt=F("signed_on"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.signed_on)

    def get_absolute_url(self) -> str:
        return f"/manage/partners/{self.partner_id}/"
