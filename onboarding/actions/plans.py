"""What can be done with an onboarding plan and its tasks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Permission
from core import mail
from core.actors import SYSTEM, Actor
from core.clock import day, end_of
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from metrics.actions import touch
from onboarding import rules
from onboarding.models import OnboardingPlan, OnboardingTask, OnboardingTemplate, TemplateTask
from partners.actions import activate_partner
from partners.models import CategoryMapping, Partner
from partners.rules import ONBOARDING

FURTHEST_DUE = timedelta(days=5 * 366)


@transaction.atomic
def start_plan(
    *, by: Actor, partner: Partner, at: datetime, template: OnboardingTemplate | None = None
) -> OnboardingPlan:
    """Start a partner's plan from a template (None: the one that fits its primary category).

    Raises ValidationError (no template), Conflict (a plan is running).
    """
    by.must(Permission.ONBOARDING_EDIT, on=partner)
    return begin_plan(by=by, partner=partner, at=at, template=template)


def begin_plan(
    *, by: Actor, partner: Partner, at: datetime, template: OnboardingTemplate | None = None
) -> OnboardingPlan:
    """As `start_plan`, for the approval of an application, which has asked for its own permission."""
    template = template or fitting_template(partner)
    if partner.onboarding_plans.running().exists():
        raise Conflict(_("This partner has a running onboarding plan already."), code="plan_runs")
    steps = list(template.tasks.all())
    start = day(at)
    plan = save(
        OnboardingPlan(
            partner=partner,
            template_code=template.code,
            template_name=template.name,
            started_on=start,
            moved_at=at,
            due_on=start + timedelta(days=max((step.due_days for step in steps), default=0)),
            created_at=at,
        )
    )
    tasks = {step.code: _task_of(plan, step, start, at) for step in steps}
    for step in steps:
        tasks[step.code].depends_on.set(tasks[code] for code in step.depends_on)
    record("onboarding.started", plan, by=by, at=at, partner=partner,
           data={"template": template.name, "tasks": len(tasks)})  # fmt: skip
    for admin in Membership.objects.current().filter(partner=partner, role="partner_admin"):
        announce(plan, admin, at)
    return plan


def fitting_template(partner: Partner) -> OnboardingTemplate:
    """The template of the partner's primary category, of its parent, of a counterpart; else the general one.

    Raises ValidationError where the program has none.
    """
    primary = partner.category_assignments.filter(is_primary=True, valid_until=None).first()
    offered = {
        t.category.code if t.category else "": t
        for t in OnboardingTemplate.objects.active().select_related("category")
    }
    code = ""
    if primary:
        category = primary.category
        counterparts = CategoryMapping.objects.filter(source_category=category).order_by("created_at")
        codes = list(counterparts.values_list("target_category__code", flat=True))
        parent = category.parent.code if category.parent else ""
        code = rules.template_for(category.code, parent, codes, offered)
    if code not in offered:
        raise ValidationError({"template": _("The program has no onboarding template for this partner.")})
    return offered[code]


def _task_of(plan: OnboardingPlan, step: TemplateTask, start: date, at: datetime) -> OnboardingTask:
    due_on = start + timedelta(days=step.due_days)
    return save(
        OnboardingTask(
            plan=plan,
            code=step.code,
            title=step.title,
            stage=step.stage,
            side=step.side,
            due_on=due_on,
            due_at=end_of(due_on),
            completed_by=step.completed_by,
            position=step.position,
            created_at=at,
        )
    )


def announce(plan: OnboardingPlan, admin: Membership, at: datetime) -> None:
    """Tell a partner admin, once, what there is to do."""
    key = f"onboarding.started:{plan.id}:{admin.user_id}"
    mail.send("onboarding.started", at=at, to_user=admin.user, key=key, plan=plan.id)


@transaction.atomic
def complete_task(*, by: Actor, task: OnboardingTask, at: datetime, note: str = "") -> OnboardingTask:
    """Tick a task of one's own side; the vendor ticks a partner's with a note. The last one completes the plan.

    Raises PermissionDenied (the other side's task), ValidationError (a note is needed), Conflict (an earlier task is
    to do, or the task or its plan is closed).
    """
    _must_do(by, task, note)
    plan, task = _locked(task)
    if earlier := task.depends_on.filter(state=rules.TO_DO).first():
        raise Conflict(_("“%(task)s” comes first.") % {"task": earlier.title}, code="task_waits")
    return _close(by, plan, task, "complete", at, note=note)


@transaction.atomic
def complete_by_fact(*, partner_id: UUID, fact: str, at: datetime) -> list[OnboardingTask]:
    """Something happened that ticks tasks by itself, whatever else is still to do. Returns the tasks."""
    running = OnboardingTask.objects.todo().in_running_plans()
    waiting = running.filter(plan__partner=partner_id, completed_by=fact)
    return [_close(SYSTEM, *_locked(task), "complete", at, fact=fact) for task in waiting]


@transaction.atomic
def skip_task(*, by: Actor, task: OnboardingTask, reason: str, at: datetime) -> OnboardingTask:
    """The vendor says that a task is not needed, and why. Raises ValidationError, Conflict."""
    by.must(Permission.ONBOARDING_EDIT, on=task)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this is skipped.")})
    return _close(by, *_locked(task), "skip", at, note=reason)


@transaction.atomic
def reopen_task(*, by: Actor, task: OnboardingTask, at: datetime) -> OnboardingTask:
    """Take a tick back. Raises Conflict where a later task is done, or a fact ticked it (only the vendor may)."""
    _must_do(by, task, note=None)
    if task.state == rules.SKIPPED or task.closed_itself:
        by.must(Permission.ONBOARDING_EDIT)
    plan, task = _locked(task)
    if later := task.unlocks.filter(state=rules.DONE).first():
        raise Conflict(
            _("“%(task)s” was done after it. Take that back first.") % {"task": later.title}, code="task_used"
        )
    task = _move(by, task, "reopen", at, closed_at=None, closed_by_id=None, note="")
    _note_movement(plan, at)
    return task


@transaction.atomic
def add_task(
    *,
    by: Actor,
    plan: OnboardingPlan,
    title: str,
    stage: str,
    side: str,
    due_on: date,
    at: datetime,
    is_required: bool = True,
    depends_on: list[OnboardingTask] | None = None,
) -> OnboardingTask:
    """Add a task of the vendor's own to a running plan. Raises ValidationError, Conflict."""
    by.must(Permission.ONBOARDING_EDIT, on=plan)
    plan = _running(lock(plan))
    earlier = depends_on or []
    _require_due(plan, due_on)
    if any(task.plan_id != plan.id for task in earlier):
        raise ValidationError({"depends_on": _("Choose tasks of this plan.")})
    last = plan.tasks.aggregate(last=Max("position"))["last"] or 0
    task = save(
        OnboardingTask(
            plan=plan,
            title=title,
            stage=stage,
            side=side,
            due_on=due_on,
            due_at=end_of(due_on),
            is_required=is_required,
            position=last + 1,
            created_at=at,
        )
    )
    task.depends_on.set(earlier)
    record("onboarding.task_added", task, by=by, at=at, partner=plan.partner, data=_told(task))
    _note_movement(plan, at)
    return task


def _require_due(plan: OnboardingPlan, due_on: date) -> None:
    """Raise ValidationError for a day before the plan's start or beyond what anybody plans."""
    if due_on < plan.started_on:
        raise ValidationError({"due_on": _("This day is before the plan started.")})
    if due_on > plan.started_on + FURTHEST_DUE:
        raise ValidationError({"due_on": _("This day is more than five years away.")})


@transaction.atomic
def move_task(*, by: Actor, task: OnboardingTask, due_on: date, at: datetime) -> OnboardingTask:
    """Give a task another day. Raises ValidationError, Conflict."""
    by.must(Permission.ONBOARDING_EDIT, on=task)
    plan, task = _locked(task)
    if task.is_closed:
        raise Conflict(_("This task is closed."), code="closed_move")
    _require_due(plan, due_on)
    before, task.due_on, task.due_at = task.due_on, due_on, end_of(due_on)
    save(task)
    data = {**_told(task), "from": before, "to": due_on}
    record("onboarding.task_moved", task, by=by, at=at, partner=plan.partner, data=data)
    return task


@transaction.atomic
def cancel_plan(*, by: Actor, plan: OnboardingPlan, at: datetime) -> OnboardingPlan:
    """End a plan that will not be completed. Raises Conflict."""
    by.must(Permission.ONBOARDING_EDIT, on=plan)
    return _close_plan(by, lock(plan), "cancel", at, {})


def _must_do(by: Actor, task: OnboardingTask, note: str | None) -> None:
    """Each side works on its own tasks; the vendor on the partner's too, saying how it knows (None: not asked)."""
    by.must(Permission.ONBOARDING_DO, on=task)
    if by.is_system or by.is_vendor == (task.side == rules.VENDOR_SIDE):
        return
    if not by.is_vendor:
        raise PermissionDenied(_("This task is not yours to do."))
    by.must(Permission.ONBOARDING_EDIT)
    if note is not None and not note.strip():
        raise ValidationError({"note": _("This is the partner's task: note how you know that it is done.")})


def _locked(task: OnboardingTask) -> tuple[OnboardingPlan, OnboardingTask]:
    """The running plan and the task, fresh: the plan first, so that its last two tasks close one after the other."""
    plan = _running(lock(OnboardingPlan(pk=task.plan_id)))
    return plan, lock(task)


def _running(plan: OnboardingPlan) -> OnboardingPlan:
    if plan.state != rules.RUNNING:
        raise Conflict(_("This plan has ended."), code="closed_move")
    return plan


EVENT_OF_MOVE = {
    "complete": "onboarding.task_done",
    "skip": "onboarding.task_skipped",
    "reopen": "onboarding.task_reopened",
}


def _close(
    by: Actor,
    plan: OnboardingPlan,
    task: OnboardingTask,
    move: str,
    at: datetime,
    note: str = "",
    fact: str = "",
) -> OnboardingTask:
    data = {"fact": fact} if fact else {}
    task = _move(by, task, move, at, data, closed_at=at, closed_by_id=by.user_id, note=note)
    _note_movement(plan, at)
    _follow_progress(plan, at)
    return task


def _follow_progress(plan: OnboardingPlan, at: datetime) -> None:
    """Once all is done but the first value, the partner is active: only then can it register its first deal."""
    open_ones = plan.tasks.todo().filter(is_required=True)
    if not open_ones.exclude(stage=rules.FIRST_VALUE).exists() and plan.partner.state == ONBOARDING:
        activate_partner(by=SYSTEM, partner=plan.partner, because="onboarding_complete", at=at)
    if not open_ones.exists():
        _complete(plan, at)


def _move(
    by: Actor, task: OnboardingTask, move: str, at: datetime, data: dict[str, Any] | None = None, **facts: Any
) -> OnboardingTask:
    task.state = rules.TASK.after(task.state, move)
    for name, value in facts.items():
        setattr(task, name, value)
    save(task)
    data = {**_told(task), **(data or {})}
    record(EVENT_OF_MOVE[move], task, by=by, at=at, partner=task.plan.partner, data=data)
    return task


def _told(task: OnboardingTask) -> dict[str, Any]:
    """What an event says of a task; the title only where it is the program's, not someone's own words."""
    return {"task": task.code, "title": task.title if task.code else "", "side": task.side}


def _note_movement(plan: OnboardingPlan, at: datetime) -> None:
    plan.moved_at = at
    save(plan)


def _complete(plan: OnboardingPlan, at: datetime) -> None:
    """All required tasks are closed."""
    _close_plan(SYSTEM, plan, "complete", at, {"days": (day(at) - plan.started_on).days})
    touch(plan.partner_id, at=at)


def _close_plan(
    by: Actor, plan: OnboardingPlan, move: str, at: datetime, data: dict[str, Any]
) -> OnboardingPlan:
    plan.state = rules.PLAN.after(plan.state, move)
    plan.ended_on = day(at)
    save(plan)
    name = "onboarding.completed" if move == "complete" else "onboarding.cancelled"
    record(name, plan, by=by, at=at, partner=plan.partner, data=data)
    return plan
