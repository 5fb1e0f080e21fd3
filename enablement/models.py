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
from core.scoping import own_user
from enablement import codes, rules
from enablement.querysets import CertificateQuerySet, CertificationQuerySet, LearningPlanQuerySet
from partners.models import Contact, Partner


class Track(Coded):
    """Something people are certified in, and for how long a certification holds."""

    audience = models.CharField(_("audience"), max_length=10, choices=as_choices(*rules.AUDIENCES))
    is_basic = models.BooleanField(_("basic certification"), default=False)
    validity_months = models.PositiveSmallIntegerField(_("months of validity"))
    level = models.CharField(
        _("level"), max_length=12, choices=as_choices(*rules.LEVELS), default=rules.LEVELS[0]
    )
    recertification_days = models.PositiveSmallIntegerField(_("days before its end to renew in"), default=0)


class Certificate(Record):
    """What a person shows of one pass, wherever it counts. Its code opens the public page, by the person's consent."""

    tenant = own_user("user_id")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    code = models.CharField(max_length=26, unique=True, default=codes.new, editable=False)
    shown_since = models.DateTimeField(null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="shown_certificate_has_person",
                condition=Q(shown_since=None) | Q(user__isnull=False),
                violation_error_message=_("Only a person with an account can show a certificate."),
            )
        ]

    def __str__(self) -> str:
        return codes.grouped(self.code)

    def get_absolute_url(self) -> str:
        return f"/portal/certificates/{self.pk}/"

    @property
    def grouped_code(self) -> str:
        return codes.grouped(self.code)

    @property
    def latest(self) -> Certification:
        """The row at the partner where it counts now, or counted last. Among rows that were fetched with it."""
        return max(self.certifications.all(), key=lambda row: (row.counts_from, row.created_at))

    def state(self, on: date) -> str:
        """valid, expired or revoked: a certificate is its person's, wherever it counts."""
        row = self.latest
        return rules.state(rules.Dates(row.passed_on, row.expires_on, row.revoked_on), on, 0).replace(
            rules.EXPIRING, rules.VALID
        )

    @property
    def public_url(self) -> str:
        return f"{settings.BASE_URL}/verify/{self.code}/"


class Certification(Record):
    """One person's certification in one track, at the partner for which it counts, from a day to a day.

    Of one certificate one row counts at a time: where the person names another partner as its primary one, the row ends
    and another begins there. The partner is the contact's, in every question and for every day.
    """

    tenant = "contact__partner_id"
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="certifications", editable=False
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="certifications", verbose_name=_("person")
    )
    track = models.ForeignKey(Track, models.PROTECT, related_name="certifications", verbose_name=_("track"))
    passed_on = models.DateField(_("passed on"))
    expires_on = models.DateField(_("expires on"))
    # The first day on which it counts for this partner, and the first on which it no longer does.
    counts_from = models.DateField(editable=False)
    counts_until = models.DateField(null=True, blank=True, editable=False)
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
            models.Index(
                fields=["revoked_on"], condition=Q(revoked_on__isnull=False), name="certification_revoked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "track", "passed_on"],
                condition=Q(counts_until=None),
                name="one_certification_per_person_track_and_day",
                violation_error_message=_("This person has this certification of this day already."),
            ),
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(counts_until=None),
                name="certificate_counts_at_one_partner",
                violation_error_message=_("A certification counts for one partner at a time."),
            ),
            models.CheckConstraint(
                name="certification_counts_once_it_is_passed",
                condition=Q(counts_from__gte=F("passed_on"))
                & (Q(counts_until=None) | Q(counts_until__gte=F("counts_from"))),
                violation_error_message=_(
                    "A certification counts from the day on which it was passed, or later."
                ),
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
        gone = [day for day in (self.contact.left_on, self.counts_until) if day]
        return rules.Dates(self.counts_from, self.expires_on, self.revoked_on, min(gone, default=None))

    def state(self, on: date, expiring_days: int) -> str:
        return rules.state(self.dates, on, expiring_days)

    def is_renewed(self) -> bool:
        """Whether the person holds a later one in the same track."""
        later = Certification.objects.of_person(self.contact).filter(track=self.track_id, revoked_on=None)
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
        indexes = [
            models.Index(fields=["signed_on"], name="learning_plan_signed"),
            models.Index(fields=["expires_on"], name="learning_plan_expiry"),
        ]
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
