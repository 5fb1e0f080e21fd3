"""The partner's lifecycle and vocabulary. Dormant and at risk are figures, not states."""

from core.lifecycle import Lifecycle

ONBOARDING, ACTIVE, SUSPENDED, TERMINATED = "onboarding", "active", "suspended", "terminated"
STATES = (ONBOARDING, ACTIVE, SUSPENDED, TERMINATED)

# Suspended: the portal is read-only, keys are refused, protections keep running.
# Terminated: log-ins closed, protections released, history kept.
LIFECYCLE = Lifecycle(
    {
        "activate": ("onboarding", ACTIVE),
        "suspend": ("active", SUSPENDED),
        "resume": ("suspended", ACTIVE),
        "terminate": ("onboarding active suspended", TERMINATED),
    }
)
NEEDS_REASON = {"suspend": "partner_suspension", "terminate": "partner_termination"}

# Domains that prove nothing about who someone works for.
SHARED_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com yahoo.co.jp icloud.com me.com aol.com gmx.de "
    "gmx.net web.de t-online.de orange.fr free.fr laposte.net libero.it proton.me protonmail.com mail.com zoho.com "
    "btinternet.com bigpond.com rogers.com shaw.ca docomo.ne.jp nifty.com qq.com 163.com yandex.ru mail.ru".split()
)

KINDS = (
    "vendor", "hospital_system", "idn", "amc", "health_authority", "government", "ehr_vendor", "integrator", "cloud",
    "device", "distributor", "reseller", "consultancy", "cro", "association", "standards_body", "investor", "other",
)  # fmt: skip
SCHEMES = ("npi", "ccn", "ods", "duns", "lei", "company_number", "vat", "abn", "corporate_number")


def domain_of(address: str) -> str:
    """The registrable part of a web or mail address that can identify a company; "" for shared mail."""
    host = address.strip().casefold().rpartition("@")[2]
    host = host.partition("//")[2] or host
    host = host.partition("/")[0].partition(":")[0].removeprefix("www.").rstrip(".")
    return "" if host in SHARED_MAIL or "." not in host else host
