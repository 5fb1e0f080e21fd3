"""What can be done with certifications and learning plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.querysets import reason
from core.actors import SYSTEM, Actor
from core.clock import day
from core.csv_lists import ADDED, KNOWN, REFUSED, Report
from core.errors import Conflict
from core.models import Vendor
from core.saving import lock, save
from enablement import rules
from enablement.imports import Given, Outcome, read_rows
from enablement.models import Certificate, Certification, LearningPlan, Track
from events.actions import record
from files.actions import attach
from metrics.actions import touch
from partners.models import Contact, Partner

BATCH = 200


@transaction.atomic
def record_certification(
    *,
    by: Actor,
    contact: Contact,
    track: Track,
    passed_on: date,
    at: datetime,
    expires_on: date | None = None,
    score: int | None = None,
    evidence: str = "",
    upload: Any = None,
    source: str = rules.MANUAL,
) -> Certification:
    """Record that a person passed a track; without `expires_on` the track's months of validity count, from the end of
    the one that it renews where it is passed within the window before (`expiry_of`).

    It counts for the person's primary partner, which may be another than the contact's.
    Raises ValidationError: a day in the future or after the person left, a retired track, the same one twice.
    """
    by.must(Permission.CERTIFICATION_RECORD, on=contact)
    _require_day(contact, track, passed_on, day(at))
    certification = Certification(
        certificate=save(Certificate(user=contact.user, created_at=at)),
        contact=contact,
        track=track,
        passed_on=passed_on,
        counts_from=passed_on,
        expires_on=expires_on or expiry_of(contact, track, passed_on)[0],
        score=score,
        evidence=evidence,
        source=source,
        recorded_by_id=by.user_id,
        created_at=at,
    )
    if certification.expires_on <= day(at):
        certification.expiry_noted_on = certification.expires_on  # history: nobody is told of an old expiry
    save(certification)
    if upload:
        attach(
            by=by, kind="certification", subject=certification, partner=contact.partner, upload=upload, at=at
        )
    data = {"track": track.code, "expires_on": certification.expires_on, "source": source}
    _note("certification.awarded", certification, by, at, data)
    here = contact.user and Contact.objects.primary_of(contact.user)
    if here and here != contact:
        return _move(certification, here, passed_on, at)
    return certification


def expiry_of(contact: Contact, track: Track, passed_on: date) -> tuple[date, Certification | None]:
    """When a certification passed on a day would end, and the one whose days it goes on from, if it renews one."""
    held = Certification.objects.renewable_by(contact, track, passed_on)
    anew = rules.expiry(passed_on, track.validity_months)
    if held is None:
        return anew, None
    ends = rules.expiry(
        passed_on, track.validity_months, renews=held.expires_on, window_days=track.recertification_days
    )
    return ends, held if ends != anew else None


def _require_day(contact: Contact, track: Track, passed_on: date, today: date) -> None:
    if passed_on > today:
        raise ValidationError({"passed_on": _("This day lies in the future.")})
    if passed_on.year < 2000:
        raise ValidationError({"passed_on": _("This day is too long ago.")})
    if contact.left_on and passed_on >= contact.left_on:
        raise ValidationError({"contact": _("This person had left the partner by then.")})
    if not track.is_active:
        raise ValidationError({"track": _("This track is no longer in use.")})
    elsewhere = Certification.objects.of_person(contact).exclude(contact=contact)
    if elsewhere.filter(track=track, passed_on=passed_on).exists():
        raise ValidationError(_("This person has this certification of this day already."))


@transaction.atomic
def revoke_certification(
    *, by: Actor, certification: Certification, reason_code: str, at: datetime, comment: str = ""
) -> Certification:
    """From today the certification no longer counts. Raises ValidationError (reason), Conflict (revoked already)."""
    by.must(Permission.CERTIFICATION_RECORD, on=certification)
    code = reason("certification_revocation", reason_code)
    if code.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a comment.")})
    certification = lock(certification)
    if certification.revoked_on:
        raise Conflict(_("This certification is revoked already."), code="closed_move")
    if certification.counts_until:
        raise Conflict(
            _("It no longer counts for this partner. Revoke it where it counts."), code="closed_move"
        )
    certification.revoked_on = day(at)
    certification.revocation_reason, certification.revocation_comment = code.code, comment.strip()
    save(certification)
    data = {"track": certification.track.code, "reason": code.code}
    _note("certification.revoked", certification, by, at, data)
    return certification


# For whom they count --------------------------------------------------------------------------------------------


@transaction.atomic
def settle(*, user: User, at: datetime) -> int:
    """Let a person's certifications count from today for its primary partner, and for no other; returns how many moved.

    Those that have ended stay where they counted. Without a primary partner nothing moves.
    """
    here = Contact.objects.primary_of(user)
    if here is None:
        return 0
    Certificate.objects.filter(user=None, certifications__contact__user=user).update(user=user)
    elsewhere = Certification.objects.placed().filter(certificate__user=user, revoked_on=None)
    found = elsewhere.filter(expires_on__gt=day(at)).exclude(contact=here)
    for certification in found.select_related("track", "contact__partner"):
        _move(certification, here, day(at), at)
    return len(found)


def _move(certification: Certification, here: Contact, on: date, at: datetime) -> Certification:
    """End it at one partner on a day and begin it at the other; the partner before keeps what was, to its day."""
    again = {
        field: getattr(certification, field)
        for field in ("certificate", "track", "passed_on", "expires_on", "score", "evidence", "source",
                      "recorded_by", "expiry_noted_on")
    }  # fmt: skip
    fresh = lock(certification)
    if fresh.counts_until:
        return fresh
    fresh.counts_until = max(on, fresh.counts_from)
    save(fresh)
    _note("certification.departed", fresh, SYSTEM, at, {"track": certification.track.code})
    if not _is_held(here, certification):
        moved = Certification(contact=here, counts_from=fresh.counts_until, created_at=at, **again)
        save(moved)
        data = {"track": moved.track.code, "expires_on": moved.expires_on}
        _note("certification.arrived", moved, SYSTEM, at, data)
    return fresh


def _is_held(here: Contact, certification: Certification) -> bool:
    """Whether the same pass was recorded at both partners before they were known to be of one person."""
    same = Certification.objects.placed().filter(contact=here, track=certification.track_id)
    return same.filter(passed_on=certification.passed_on).exists()


# What a person shows --------------------------------------------------------------------------------------------


@transaction.atomic
def show_certificate(*, by: Actor, certificate: Certificate, at: datetime) -> Certificate:
    """The person lets everybody who has the code see it. Raises PermissionDenied for another's, Conflict (shown)."""
    certificate = _own(by, certificate)
    if certificate.shown_since:
        raise Conflict(_("It is shown already."), code="closed_move")
    certificate.shown_since = at
    save(certificate)
    record("certificate.shown", certificate, by=by, at=at)
    return certificate


@transaction.atomic
def hide_certificate(*, by: Actor, certificate: Certificate, at: datetime) -> Certificate:
    """The person takes its consent back: nobody sees it from now on. Raises PermissionDenied, Conflict (not shown)."""
    certificate = _own(by, certificate)
    if certificate.shown_since is None:
        raise Conflict(_("It is not shown."), code="closed_move")
    certificate.shown_since = None
    save(certificate)
    record("certificate.hidden", certificate, by=by, at=at)
    return certificate


def _own(by: Actor, certificate: Certificate) -> Certificate:
    if by.user_id is None or by.user_id != certificate.user_id or by.viewing_as:
        raise PermissionDenied(_("Only the person itself decides who sees its certificate."))
    return lock(certificate)


# The end --------------------------------------------------------------------------------------------------------


def expire_certifications(*, at: datetime) -> int:
    """Tell, once each, of the certifications that have run out by today; returns how many."""
    told = 0
    while batch := list(Certification.objects.lapsed(day(at)).values_list("pk", flat=True)[:BATCH]):
        told += _expire(batch, at)
    return told


@transaction.atomic
def _expire(ids: list[UUID], at: datetime) -> int:
    told = 0
    for certification in Certification.objects.filter(pk__in=ids).select_related("track", "contact__partner"):
        fresh = lock(certification)
        if fresh.expiry_noted_on is None:
            fresh.expiry_noted_on = day(at)
            save(fresh)
            data = {"track": certification.track.code, "expires_on": fresh.expires_on}
            _note("certification.expired", fresh, SYSTEM, at, data)
            told += 1
    return told


def _note(event: str, certification: Certification, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    partner = certification.contact.partner
    touch(partner.id, at=at)
    record(event, certification, by=by, at=at, partner=partner, data=data)


class _TakenBack(Exception):
    """Ends the transaction of a dry run, or of a list that one bad line stops."""


def import_certifications(
    *, by: Actor, text: str, at: datetime, dry_run: bool = False, all_or_nothing: bool = False
) -> Report:
    """Record a CSV list: email, track, passed_on and, if wanted, partner, expires_on, score, evidence.

    A line that is there already (person, track, day) is known, so the same list twice changes nothing. Bad lines are
    reported with their line and reason; the others are recorded, unless `all_or_nothing` asks for all or none.
    Raises ValidationError where the text is no such list.
    """
    by.must(Permission.CERTIFICATION_RECORD)
    rows = list(read_rows(text))
    report = Report(saved=True)
    try:
        with transaction.atomic():
            report.outcomes = list(_record_rows(by, rows, at))
            if dry_run or (all_or_nothing and report.refused):
                raise _TakenBack
            data = {"added": report.added, "known": report.known, "refused": report.refused}
            record("certifications.imported", Vendor.current(), by=by, at=at, data=data)
    except _TakenBack:
        report.saved = False
    return report


def _record_rows(by: Actor, rows: list[Given | Outcome], at: datetime) -> Iterable[Outcome]:
    people = _people(by, {row.email for row in rows if isinstance(row, Given)})
    tracks = {track.code: track for track in Track.objects.active()}
    known = set(
        Certification.objects.filter(contact__in=[c for found in people.values() for c in found]).values_list(
            "contact", "track__code", "passed_on"
        )
    )
    for row in rows:
        yield row if isinstance(row, Outcome) else _record_row(by, row, people, tracks, known, at)


def _people(by: Actor, emails: set[str]) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    contacts = Contact.objects.visible_to(by).filter(email__in=emails).select_related("partner")
    for contact in contacts.order_by("left_on", "id"):
        found.setdefault(contact.email, []).append(contact)
    return found


def _record_row(
    by: Actor,
    row: Given,
    people: dict[str, list[Contact]],
    tracks: dict[str, Track],
    known: set[tuple[UUID, str, date]],
    at: datetime,
) -> Outcome:
    try:
        contact, track = _person(row, people.get(row.email, [])), tracks.get(row.track)
        if track is None:
            raise ValidationError(_("There is no track “%(track)s”.") % {"track": row.track})
        if (contact.id, track.code, row.passed_on) in known:
            return Outcome(row.line, row.email, row.track, KNOWN)
        with transaction.atomic():
            record_certification(
                by=by, contact=contact, track=track, passed_on=row.passed_on, expires_on=row.expires_on,
                score=row.score, evidence=row.evidence, source=rules.IMPORT, at=at,
            )  # fmt: skip
        known.add((contact.id, track.code, row.passed_on))
    except (ValidationError, Conflict) as error:
        words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return Outcome(row.line, row.email, row.track, REFUSED, words)
    return Outcome(row.line, row.email, row.track, ADDED)


def _person(row: Given, found: list[Contact]) -> Contact:
    """The one person meant: where the address is known at several partners, the line names one of them."""
    if row.partner:
        found = [c for c in found if c.partner.name.casefold() == row.partner.casefold()]
    there = [c for c in found if c.left_on is None or row.passed_on < c.left_on]
    if not there:
        raise ValidationError(_("Nobody with this address is known at a partner."))
    if len({c.partner_id for c in there}) > 1:
        raise ValidationError(
            _("This address is known at several partners; name one in the column “partner”.")
        )
    return there[0]


@transaction.atomic
def sign_learning_plan(
    *,
    by: Actor,
    partner: Partner,
    signed_by: Contact,
    at: datetime,
    signed_on: date | None = None,
    evidence: str = "",
) -> LearningPlan:
    """A partner commits itself to learning for a year. Signed by one of its people, today or on an earlier day.

    Raises ValidationError: someone who is not (or no longer) the partner's, a day in the future, the same day twice.
    """
    by.must(Permission.LEARNING_PLAN_SIGN, on=partner)
    signed_on = signed_on or day(at)
    if signed_by.partner_id != partner.pk or (signed_by.left_on and signed_by.left_on <= signed_on):
        raise ValidationError({"signed_by": _("Someone who works for the partner signs.")})
    if signed_on > day(at) or signed_on.year < 2000:
        raise ValidationError({"signed_on": _("Enter the day of the signature, today or earlier.")})
    plan = LearningPlan(
        partner=partner,
        signed_by=signed_by,
        signed_on=signed_on,
        expires_on=rules.months_after(signed_on, rules.PLAN_MONTHS),
        evidence=evidence,
        created_at=at,
    )
    save(plan)
    touch(partner.pk, at=at)
    record("learning_plan.signed", plan, by=by, at=at, partner=partner, data={"expires_on": plan.expires_on})
    return plan
