"""The vendor's pages of onboarding: the plans, one plan, and the moves of its tasks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core import clock
from core.actors import Actor
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import Fetching, FormPage, MovePage, RecordPage
from core.tables import Column
from core.templatetags.ui import day, days_left
from onboarding import actions, filters, forms, rules
from onboarding.models import STAGE_LABELS, OnboardingPlan, OnboardingTask
from partners.models import Partner

CRUMB = {"label": gettext_lazy("Onboarding"), "url": "/manage/onboarding/"}


def progress(plan: Any) -> dict[str, Any]:
    """The bar of a list: required tasks that are closed."""
    return {
        "value": plan.n_closed,
        "maximum": plan.n_required or 1,
        "tone": "good" if plan.n_closed == plan.n_required else "accent",
        "label": _("%(done)s of %(all)s done") % {"done": plan.n_closed, "all": plan.n_required},
    }


class PlanList(ListPage):
    """Every partner on its way to being active."""

    permission = P.PARTNER_VIEW
    name = "onboarding"
    title = gettext_lazy("Onboarding")
    queryset = OnboardingPlan.objects.select_related("partner__psm")
    filterset_class = filters.PlanFilters
    default_sort = "due_on"
    columns = [
        Column("partner", gettext_lazy("Partner"), lambda p: {"name": p.partner.name, "monogram_id": p.partner_id},
               cell="name", export=lambda p: p.partner.name),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("plan", gettext_lazy("Plan"), "template_name", optional=True),
        Column("progress", gettext_lazy("Progress"), progress, cell="progress",
               export=lambda p: rules.readiness(p.n_closed, p.n_required)),
        Column("done", gettext_lazy("Done"), lambda p: f"{p.n_closed}/{p.n_required}", align="right"),
        Column("overdue", gettext_lazy("Overdue"), "n_overdue", cell="number", align="right"),
        Column("psm", gettext_lazy("Manager"), "partner.psm.name", cell="person"),
        Column("moved", gettext_lazy("Last step"), "moved_at", cell="instant", sort="moved_at", optional=True),
        Column("due", gettext_lazy("Due"), "due_on", cell="date", align="right", sort="due_on"),
    ]  # fmt: skip
    views = [
        ("running", gettext_lazy("Running"), "state=running"),
        ("mine", gettext_lazy("Mine"), "state=running&is_mine=true"),
        ("stalled", gettext_lazy("Stalled"), "is_stalled=true"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty = {
        "icon": "checklist",
        "title": gettext_lazy("Nobody is being onboarded"),
        "text": gettext_lazy("A plan starts when an application is approved."),
        "action": {"label": gettext_lazy("See applications"), "url": "/manage/applications/"},
    }

    def get_queryset(self) -> Any:
        return super().get_queryset().with_progress(clock.day(self.at))

    def row_url(self, row: OnboardingPlan) -> str:
        return row.get_absolute_url()

    def view_count(self, key: str) -> int | None:
        plans = OnboardingPlan.objects.visible_to(self.actor)
        counted = {
            "running": plans.running(),
            "mine": plans.running().filter(partner__psm=self.actor.user_id),
            "stalled": plans.stalled(self.at, setting("onboarding.stall_days")),
        }.get(key)
        return None if counted is None else counted[:10_001].count()


def stages(plan: OnboardingPlan, actor: Actor, today: Any) -> list[dict[str, Any]]:
    """The tasks by stage, each with what this actor may do and why not."""
    tasks = list(plan.tasks.prefetch_related("depends_on").select_related("closed_by"))
    by_stage: dict[str, list[dict[str, Any]]] = {}
    for task in tasks:
        by_stage.setdefault(task.stage, []).append(task_row(task, plan, actor, today))
    return [
        {
            "title": STAGE_LABELS[stage],
            "rows": by_stage[stage],
            "done": sum(row["is_closed"] for row in by_stage[stage]),
        }
        for stage in rules.STAGES
        if stage in by_stage
    ]


def task_row(task: OnboardingTask, plan: OnboardingPlan, actor: Actor, today: Any) -> dict[str, Any]:
    """One task as both sides see it."""
    earlier = [t.title for t in task.depends_on.all() if not t.is_closed]
    is_ours = actor.is_vendor == (task.side == rules.VENDOR_SIDE)
    may = plan.state == rules.RUNNING and actor.may(P.ONBOARDING_DO)
    may_edit = plan.state == rules.RUNNING and actor.may(P.ONBOARDING_EDIT)
    is_open = task.state == rules.TO_DO
    return {
        "task": task,
        "state": "late" if task.is_late(today) else task.state,
        "is_closed": task.is_closed,
        "waits_for": earlier if is_open else [],
        "is_ours": is_ours,
        "may_tick": is_open and may and not earlier and (is_ours or may_edit),
        "needs_note": not is_ours,
        "may_reopen": task.is_closed and may and (may_edit or (is_ours and not task.closed_itself
                                                               and task.state == rules.DONE)),
        "may_edit": is_open and may_edit,
        "by_itself": bool(task.completed_by) and is_open,
        "when": closed_words(task) if task.is_closed else due_words(task, today),
    }  # fmt: skip


def due_words(task: OnboardingTask, today: Any) -> str:
    if task.is_late(today):
        return days_left((task.due_on - today).days)
    return _("by %(day)s") % {"day": day(task.due_on, "near")}


def closed_words(task: OnboardingTask) -> str:
    on = day(task.closed_at, "near")
    return _("skipped %(day)s") % {"day": on} if task.state == rules.SKIPPED else on


class PlanRecord(RecordPage):
    """One plan: what each side does, in order, and what is late."""

    permission = P.PARTNER_VIEW
    queryset = OnboardingPlan.objects.select_related("partner__psm")
    template_name = "onboarding/workspace/plan.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().with_progress(clock.day(self.at))

    def facts(self, record: Any) -> dict[str, Any]:
        today = clock.day(self.at)
        return {
            "title": record.partner.name,
            "crumbs": [CRUMB, {"label": record.partner.name}],
            "partner": {"id": record.partner_id, "name": record.partner.name},
            "state": record.state,
            "facts_line": [
                record.template_name,
                {"label": _("the partner's page"), "url": record.partner.get_absolute_url()},
            ],
            "key_facts": key_facts(record, today),
            "stages": stages(record, self.actor, today),
            "actions": self.moves(record),
            "timeline": timeline.about(record, *record.tasks.all(), actor=self.actor),
        }

    def moves(self, record: OnboardingPlan) -> list[dict[str, Any]]:
        if record.state != rules.RUNNING or not self.actor.may(P.ONBOARDING_EDIT):
            return []
        base = record.get_absolute_url()
        return [
            {"label": _("Add a task"), "url": f"{base}add-task/", "icon": "plus", "primary": True},
            {"label": _("End this plan"), "url": f"{base}cancel/", "icon": "circle-minus", "more": True},
        ]


def key_facts(plan: Any, today: Any) -> list[dict[str, Any]]:
    left = (plan.due_on - today).days
    ended = {"label": _("Ended"), "value": day(plan.ended_on)}
    due = {
        "label": _("Due"),
        "value": day(plan.due_on),
        "note": days_left(left),
        "tone": "bad" if left < 0 else "",
    }
    return [
        {
            "label": _("Done"),
            "value": _("%(done)s of %(all)s") % {"done": plan.n_closed, "all": plan.n_required},
        },
        {"label": _("Overdue"), "value": plan.n_overdue, "tone": "bad" if plan.n_overdue else ""},
        {"label": _("Started"), "value": day(plan.started_on)},
        ended if plan.ended_on else due,
        {"label": _("Last step"), "value": day(plan.moved_at)},
    ]


class OfPlan(MovePage):
    """A step about one plan."""

    permission = P.ONBOARDING_EDIT
    queryset = OnboardingPlan.objects.select_related("partner")

    def context(self, **more: Any) -> dict[str, Any]:
        here = {"label": self.record.partner.name, "url": self.record.get_absolute_url()}
        return super().context(**{"crumbs": [CRUMB, here], "subtitle": self.record.partner.name, **more})


class AddTask(OfPlan):
    """One more thing to do."""

    form_class = forms.TaskForm
    title = gettext_lazy("Add a task")
    submit_label = gettext_lazy("Add the task")

    def form(self, **options: Any) -> forms.TaskForm:
        return forms.TaskForm(
            actor=self.actor, initial=self.initial(), tasks=self.record.tasks.all(), **options
        )

    def initial(self) -> dict[str, Any]:
        return {"side": rules.PARTNER_SIDE, "is_required": True}

    def perform_on(self, record: OnboardingPlan, data: dict[str, Any]) -> OnboardingTask:
        return actions.add_task(
            by=self.actor, plan=record, at=self.at, **{**data, "depends_on": list(data["depends_on"])}
        )


class CancelPlan(OfPlan):
    """End it."""

    form_class = ConfirmForm
    title = gettext_lazy("End this plan")
    submit_label = gettext_lazy("End the plan")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("Tasks that are still to do stay as they are."),
            _("The partner stays in onboarding until you activate it or start another plan."),
        ]
        return super().context(effects=effects, danger=True, **more)

    def perform_on(self, record: OnboardingPlan, data: dict[str, Any]) -> OnboardingPlan:
        return actions.cancel_plan(by=self.actor, plan=record, at=self.at)


class StartPlan(Fetching, FormPage):
    """Start a plan for a partner that has none."""

    permission = P.ONBOARDING_EDIT
    queryset = Partner.objects
    form_class = forms.StartForm
    title = gettext_lazy("Start an onboarding plan")
    submit_label = gettext_lazy("Start the plan")

    def prepare(self) -> None:
        self.record = self.fetch()

    def get_cancel_url(self) -> str:
        return self.record.get_absolute_url()  # type: ignore[no-any-return]

    def perform(self, data: dict[str, Any]) -> OnboardingPlan:
        return actions.start_plan(by=self.actor, partner=self.record, at=self.at, **data)

    def done_url(self, result: OnboardingPlan) -> str:
        return result.get_absolute_url()


class OfTask(MovePage):
    """A step about one task; afterwards back to its plan."""

    permission = P.ONBOARDING_DO
    queryset = OnboardingTask.objects.select_related("plan__partner")
    form_class = ConfirmForm

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"subtitle": self.record.title, "crumbs": self.crumbs(), **more})

    def crumbs(self) -> list[dict[str, Any]]:
        plan = self.record.plan
        return [CRUMB, {"label": plan.partner.name, "url": plan.get_absolute_url()}]


class CompleteTask(OfTask):
    """Tick it."""

    title = gettext_lazy("Mark as done")
    submit_label = gettext_lazy("Mark as done")

    def form(self, **options: Any) -> Any:
        theirs = self.actor.is_vendor and self.record.side == rules.PARTNER_SIDE
        chosen = forms.DoneForm if theirs else ConfirmForm
        return chosen(actor=self.actor, initial=self.initial(), **options)

    def perform_on(self, record: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        return actions.complete_task(by=self.actor, task=record, at=self.at, **data)


class ReopenTask(OfTask):
    """Take the tick back."""

    title = gettext_lazy("Take this back")
    submit_label = gettext_lazy("Take it back")

    def perform_on(self, record: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        return actions.reopen_task(by=self.actor, task=record, at=self.at)


class SkipTask(OfTask):
    """Say that it is not needed."""

    permission = P.ONBOARDING_EDIT
    form_class = forms.SkipForm
    title = gettext_lazy("Skip this task")
    submit_label = gettext_lazy("Skip the task")

    def perform_on(self, record: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        return actions.skip_task(by=self.actor, task=record, at=self.at, **data)


class MoveTask(OfTask):
    """Another day."""

    permission = P.ONBOARDING_EDIT
    form_class = forms.MoveTaskForm
    title = gettext_lazy("Give it another day")
    submit_label = gettext_lazy("Save the day")

    def initial(self) -> dict[str, Any]:
        return {"due_on": self.record.due_on}

    def perform_on(self, record: OnboardingTask, data: dict[str, Any]) -> OnboardingTask:
        return actions.move_task(by=self.actor, task=record, at=self.at, **data)
