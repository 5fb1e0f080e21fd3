"""What can be done in onboarding: with applications, and with plans and their tasks."""

from onboarding.actions.applications import (
    approve_application,
    assign_application,
    confirm_application,
    expire_application,
    link_organization,
    reject_application,
    resend_confirmation,
    score_application,
    submit_application,
    withdraw_application,
)
from onboarding.actions.plans import (
    add_task,
    cancel_plan,
    complete_by_fact,
    complete_task,
    move_task,
    reopen_task,
    skip_task,
    start_plan,
)

__all__ = [
    "add_task",
    "approve_application",
    "assign_application",
    "cancel_plan",
    "complete_by_fact",
    "complete_task",
    "confirm_application",
    "expire_application",
    "link_organization",
    "move_task",
    "reject_application",
    "reopen_task",
    "resend_confirmation",
    "score_application",
    "skip_task",
    "start_plan",
    "submit_application",
    "withdraw_application",
]
