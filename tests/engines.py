"""Which tests run on one engine alone. Whatever is not named here runs on SQLite and on PostgreSQL.

PostgreSQL tries again what it could answer otherwise: queries, locks, constraints, actions, figures, the API, races.
What speaks of something else is marked `sqlite`: tests without a database, and the kinds of files below. A page carries
querysets and actions that have tests of their own; on PostgreSQL tests/tenancy opens each of them, reads each list
with one and three rows and through all its filters, and tests/bad_input sends each form.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ON_SQLITE_ALONE = (
    # rules, words and the files that a program is read from
    "*/test_rules.py",
    "*/test_letters.py",
    "*/test_previews.py",
    "programs/*",
    # pages
    "*/test_workspace.py",
    "*/test_portal.py",
    "*/test_pages.py",
    "*/test_*_pages.py",
    "*/test_*doors.py",
    "*/test_public.py",
)
DATABASE = {"db", "transactional_db", "world"}


def is_of_one_engine(item: pytest.Item) -> bool:
    """Whether PostgreSQL has nothing to add to what SQLite says of this test."""
    if item.get_closest_marker("postgres"):
        return False
    name = str(item.path.relative_to(HERE))
    return not uses_a_database(item) or (
        not name.startswith("tenancy/") and any(fnmatch(name, kind) for kind in ON_SQLITE_ALONE)
    )


def uses_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE)
