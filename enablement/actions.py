"""What can be done with certifications and learning plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

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
from enablement.models import Certification, LearningPlan, Track
from events.actions import record
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
    source: str = rules.MANUAL,
) -> Certification:
    """Record that a person passed a track; without `expires_on` the track's months of validity count.

    Raises ValidationError: a day in the future or after the person left, a retired track, the same one twice.
    """
    by.must(Permission.CERTIFICATION_RECORD, on=contact)
    _require_day(contact, track, passed_on, day(at))
    certification = Certification(
        contact=contact,
        track=track,
        passed_on=passed_on,
        expires_on=expires_on or rules.months_after(passed_on, track.validity_months),
        score=score,
        evidence=evidence,
        source=source,
        recorded_by_id=by.user_id,
        created_at=at,
    )
    if certification.expires_on <= day(at):
        certification.expiry_noted_on = certification.expires_on  # history: nobody is told of an old expiry
    save(certification)
    data = {"track": track.code, "expires_on": certification.expires_on, "source": source}
    _note("certification.awarded", certification, by, at, data)
    return certification


def _require_day(contact: Contact, track: Track, passed_on: date, today: date) -> None:
    if passed_on > today:
        raise ValidationError({"passed_on": _("This day lies in the future.")})
    if passed_on.year < 2000:
        raise ValidationError({"passed_on": _("This day is too long ago.")})
    if contact.left_on and passed_on >= contact.left_on:
        raise ValidationError({"contact": _("This person had left the partner by then.")})
    if not track.is_active:
        raise ValidationError({"track": _("This track is no longer in use.")})


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
    certification.revoked_on = day(at)
    certification.revocation_reason, certification.revocation_comment = code.code, comment.strip()
    save(certification)
    data = {"track": certification.track.code, "reason": code.code}
    _note("certification.revoked", certification, by, at, data)
    return certification


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
