"""What can be done with customers' answers and partners' contributions."""

from outcomes.actions.answers import record_answer, withdraw_answer
from outcomes.actions.contributions import decline_contribution, record_contribution, verify_contribution
from outcomes.actions.imports import import_answers, import_contributions

__all__ = [
    "decline_contribution",
    "import_answers",
    "import_contributions",
    "record_answer",
    "record_contribution",
    "verify_contribution",
    "withdraw_answer",
]
