"""What onboarding's tests speak of: criteria, templates, an applicant."""

from __future__ import annotations

import pytest

from core import links
from core.actors import ANONYMOUS
from core.models import ActionLink
from core.saving import save
from onboarding.actions import assign_application, confirm_application, submit_application
from onboarding.actions.applications import CONFIRM
from onboarding.models import Application, Criterion, OnboardingTemplate, TemplateTask
from partners.models import Category

TASKS = [
    ("welcome_call", "Welcome call", "contracting", "vendor", 3, [], ""),
    ("sign_agreement", "Sign the partner agreement", "contracting", "partner", 10, [], ""),
    ("countersign", "Countersign the agreement", "contracting", "vendor", 14, ["sign_agreement"], ""),
    ("invite_team", "Invite your colleagues", "contracting", "partner", 14, [], "person_joined"),
    ("fundamentals", "Certify a first person", "enablement", "partner", 30, ["invite_team"],
     "certification_awarded.fundamentals"),
]  # fmt: skip


@pytest.fixture
def criteria(program):
    save(Criterion(code="reach", name="Market reach", question="Whom does it reach?", weight=60, position=1))
    save(Criterion(code="care", name="Healthcare expertise", question="Knows care?", weight=40, position=2))


@pytest.fixture
def template(program):
    template = save(OnboardingTemplate(code="general", name="General onboarding"))
    for position, (code, title, stage, side, days, depends_on, fact) in enumerate(TASKS, start=1):
        save(
            TemplateTask(
                template=template,
                code=code,
                title=title,
                stage=stage,
                side=side,
                due_days=days,
                depends_on=depends_on,
                completed_by=fact,
                position=position,
            )
        )
    return template


def said(**changes):
    """What an applicant fills in."""
    facts = {
        "legal_name": "Brightwell Health Systems Ltd",
        "website": "https://www.brightwell.example",
        "country": "GB",
        "intent": "We implement clinical software in NHS trusts and want to resell triage.",
        "contact_name": "Nora Quist",
        "contact_email": "nora@brightwell.example",
        "contact_title": "Head of alliances",
    }
    return {**facts, **changes}


@pytest.fixture
def channel(program):
    return Category.objects.get(code="channel")


@pytest.fixture
def apply(channel, at):
    """Submit an application, as the public form does."""

    def submit(when=None, **changes) -> Application:
        return submit_application(
            by=ANONYMOUS, categories=[channel], accepts_privacy=True, at=when or at, **said(**changes)
        )

    return submit


def token_of(application: Application) -> str:
    link = (
        ActionLink.objects.filter(purpose=CONFIRM, subject_id=application.pk)
        .order_by("created_at", "id")
        .last()
    )
    return links.token(link)


@pytest.fixture
def received(apply, at):
    """An application that counts."""
    return confirm_application(token=token_of(apply()), at=at)


@pytest.fixture
def in_review(received, maya, acting, at):
    """An application that Maya reviews."""
    return assign_application(by=acting(maya), application=received, reviewer=maya, at=at)
