"""The pages and endpoints that people wait for most, and how many times the limit each may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HotPath:
    """A path, the demo role that asks for it, and the most that its p95 may be, as a multiple of the limit's."""

    path: str
    role: str
    most: float


LIMIT = HotPath("/manage/profile/", "psm", 1)
PATHS = [
    HotPath("/manage/", "psm", 8),
    HotPath("/manage/partners/", "psm", 8),
    HotPath("/manage/deals/", "psm", 8),
    HotPath("/manage/search/?q=health", "psm", 8),
    HotPath("/portal/", "partner_admin", 8),
    HotPath("/portal/deals/", "partner_admin", 8),
    HotPath("/api/v1/deals/", "psm", 8),
    HotPath("/api/v1/partners/", "psm", 8),
]
