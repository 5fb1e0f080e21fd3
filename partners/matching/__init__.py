"""Whether two records of a customer mean the same one: words read, keys to find by, evidence weighed. Pure."""

from partners.matching.evidence import POSSIBLE, THRESHOLD, Evidence, weigh
from partners.matching.names import Customer
from partners.matching.profile import Likeness, Profile, likeness

__all__ = ["POSSIBLE", "THRESHOLD", "Customer", "Evidence", "Likeness", "Profile", "likeness", "weigh"]
