"""The parts of a version that every way in reads alike: the program file, a version as YAML, the API."""

from core.program_file import Bool, Integer, MoneyRange, Nullable, OneOf, Record, Text
from tiers import rules

KINDS = ("service", "money", "access", "training", "support")
COLOURS = ("platinum", "gold", "silver", "authorized")
SETTINGS = Record(
    evaluation_window=OneOf(*rules.YEARS),
    downgrade_grace_days=Integer(highest=730),
    notice_days=Integer(highest=730),
    upgrade_policy=OneOf(*rules.POLICIES),
    downgrade_policy=OneOf(*rules.POLICIES),
    margin_policy=OneOf(*rules.MARGIN_POLICIES),
    gates_required=Bool,
    benefits_inherited=Bool,
    gross_margin_percent=Integer(highest=100),
    co_marketing_budget=Nullable(MoneyRange),
)
BENEFIT = Record(
    name=Text(120),
    kind=OneOf(*KINDS),
    frequency=Nullable(OneOf(*rules.PERIODS)),
    feature=Nullable(OneOf(*rules.FEATURES)),
)
VALUES = Record(quantity=Nullable(Integer(lowest=1)), hours=Nullable(Integer(lowest=1)))
GROUP = Record(name=Text(120), rule=OneOf(*rules.GROUP_RULES), n=Nullable(Integer(lowest=1, highest=50)))
