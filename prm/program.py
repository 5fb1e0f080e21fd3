"""The program file's sections in the order in which they are loaded, and the loading itself."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from accounts.roles import Permission
from catalog.program import SECTIONS as CATALOG
from compliance.program import SECTIONS as COMPLIANCE
from core.actors import Actor
from core.models import Vendor
from core.program_file import Loading, Section, read
from deals.program import SECTIONS as DEALS
from enablement.program import SECTIONS as ENABLEMENT
from events.actions import record
from leads.program import SECTIONS as LEADS
from onboarding.program import SECTIONS as ONBOARDING
from partners.program import SECTIONS as PARTNERS
from reviews.program import SECTIONS as REVIEWS
from tiers.program import SECTIONS as TIERS

SECTIONS: tuple[Section, ...] = (
    *CATALOG,
    *PARTNERS,
    *TIERS,
    *COMPLIANCE,
    *ENABLEMENT,
    *ONBOARDING,
    *DEALS,
    *LEADS,
    *REVIEWS,
)


@transaction.atomic
def load_program(
    *,
    by: Actor,
    path: Path | str,
    at: datetime,
    activate: bool = False,
    since: date | None = None,
    dry_run: bool = False,
) -> list[str]:
    """Make the database say what the file says; returns a sentence for each difference.

    A dry run does the same and takes it back. `activate` puts each tier program's first version in force where
    none is, as one that has held `since` a day (today unless said).
    Raises ProgramFileError with every problem of the file; then, as after any error, nothing has changed.
    """
    by.must(Permission.SETTINGS_EDIT)
    program = read(path, SECTIONS)
    changes = list(
        program.load(SECTIONS, Loading(by=by, at=at, program=program, activate=activate, since=since))
    )
    if dry_run:
        transaction.set_rollback(True)
    elif changes:
        record("program.loaded", Vendor.current(), by=by, at=at, data={"changes": len(changes)})
    return changes
