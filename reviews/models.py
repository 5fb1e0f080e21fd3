"""Reviews of a partner's quarter, who attends, and what both sides promise each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record, as_choices, validate_zone
from core.scoping import SHARED
from core.text import normal, require_storable_tree
from reviews import rules
from reviews.querysets import CommitmentQuerySet, ReviewQuerySet

MOST_POINTS = 30


def validate_quarter(value: str) -> None:
    try:
        rules.Quarter.parse(value)
    except ValueError:
        raise ValidationError(_("Enter a quarter such as 2026Q4.")) from None


def validate_agenda(value: Any) -> None:
    """A list of at most thirty short points."""
    is_list = isinstance(value, list) and len(value) <= MOST_POINTS
    if not is_list or not all(isinstance(point, str) and 0 < len(point.strip()) <= 200 for point in value):
        raise ValidationError(_("Enter at most 30 points of at most 200 characters each."))
    require_storable_tree(value)


class ReviewTemplate(Record):
    """What the program says of reviews: what they talk about. One row."""

    tenant = SHARED
    code = models.SlugField(max_length=40, unique=True, default="quarterly")
    agenda = models.JSONField(default=list, validators=[validate_agenda])
    source = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.code

    @classmethod
    def current(cls) -> ReviewTemplate:
        """The one row, or an unsaved one with the defaults."""
        return cls.objects.first() or cls()


class Review(Record):
    """The review of one partner in one quarter."""

    tenant = "partner_id"
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="reviews")
    quarter = models.CharField(max_length=6, validators=[validate_quarter])
    state = models.CharField(max_length=12, choices=as_choices(*rules.STATES), default=rules.SCHEDULED)
    starts_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    on = models.DateField(editable=False)
    length_minutes = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(15), MaxValueValidator(480)]
    )
    agenda = models.JSONField(default=list, blank=True, validators=[validate_agenda])
    minutes = models.TextField(blank=True, max_length=20_000, validators=[MaxLengthValidator(20_000)])
    held_on = models.DateField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    sign_by = models.DateField(null=True, blank=True)
    # The figures that were on the table; evaluations never change.
    evaluation = models.ForeignKey(
        "tiers.Evaluation", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    signed_by_vendor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_by_partner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    vendor_signed_at = models.DateTimeField(null=True, blank=True)
    partner_signed_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    is_proposed = models.BooleanField(default=False)
    search_text = models.TextField(blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-quarter", "on"]
        indexes = [
            models.Index(fields=["state", "starts_at"], name="review_state"),
            models.Index(fields=["on", "id"], name="review_on"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "quarter"],
                name="one_review_per_quarter",
                violation_error_message=_("This partner has a review in this quarter already."),
            ),
            models.CheckConstraint(
                name="held_review_has_day",
                condition=Q(state__in=["held", "signed_off"], held_on__isnull=False, held_at__isnull=False)
                | (~Q(state__in=["held", "signed_off"]) & Q(held_on=None, held_at=None)),
                violation_error_message=_("A review that was held knows when, and only such a one."),
            ),
            models.CheckConstraint(
                name="signed_off_by_both",
                condition=~Q(state="signed_off")
                | Q(signed_by_vendor__isnull=False, signed_by_partner__isnull=False),
                violation_error_message=_("Both sides sign a review off."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("%(quarter)s review") % {"quarter": self.quarter_name})

    @property
    def quarter_name(self) -> str:
        return rules.Quarter.parse(self.quarter).name

    @property
    def local_start(self) -> Any:
        """The start on the clock of the review's own zone."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone))

    @property
    def ends_at(self) -> Any:
        return self.starts_at + timedelta(minutes=self.length_minutes)

    @property
    def due_at(self) -> Any:
        """When it waits for somebody: its start, or once held the end of the day by which it is to be signed."""
        return self.sign_by if self.state == rules.HELD else self.starts_at

    def clean(self) -> None:
        super().clean()
        try:
            self.on = self.local_start.date()
        except (AttributeError, KeyError, ValueError, OverflowError):
            return  # the field itself says what is wrong with the instant or the zone
        quarter = rules.Quarter.parse(self.quarter).name if self.quarter else ""
        self.search_text = normal(f"{self.partner.name} {quarter} {self.quarter}")

    def get_absolute_url(self) -> str:
        return f"/manage/reviews/{self.pk}/"


class Attendee(Record):
    """One who is asked to a review: someone of the vendor, or a contact of the partner."""

    tenant = "review__partner_id"
    review = models.ForeignKey(Review, models.CASCADE, related_name="attendees")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey("partners.Contact", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "user"], name="one_seat_per_user"),
            models.UniqueConstraint(fields=["review", "contact"], name="one_seat_per_contact"),
            models.CheckConstraint(
                name="attendee_is_one_person",
                condition=Q(user__isnull=False, contact=None) | Q(user=None, contact__isnull=False),
                violation_error_message=_("An attendee is either of the vendor or of the partner."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        person = self.user or self.contact
        return person.name if person else ""

    @property
    def side(self) -> str:
        return rules.VENDOR if self.user_id else rules.PARTNER


class Commitment(Record):
    """What one side promised the other at a review. Open ones come first at the next."""

    tenant = "review__partner_id"
    review = models.ForeignKey(Review, models.PROTECT, related_name="commitments")
    side = models.CharField(max_length=8, choices=as_choices(*rules.SIDES))
    text = models.CharField(max_length=200)
    measure = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=as_choices(*rules.COMMITMENT_STATES), default=rules.TO_DO)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="commitment_due")]
        constraints = [
            models.CheckConstraint(
                name="closed_commitment_has_instant",
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                violation_error_message=_("A commitment that is closed knows when, and only such a one."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def done_at(self) -> Any:
        return self.closed_at if self.state == rules.DONE else None

    def get_absolute_url(self) -> str:
        return f"/manage/reviews/{self.review_id}/#commitment-{self.pk}"
