"""Merging organisations, moving them in the tree, undoing either; or waiting until a conflict over it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from partners import rules
from partners.actions.organizations import keep_name, note_names, require_standing
from partners.actions.trees import lock_trees, note_roots, standing_of
from partners.lookup import note_organizations
from partners.models import MovedRow, Organization, OrganizationKey, Partner, Restructuring
from partners.querysets import tree_of

OWN_FIELDS = ("parent", "root", "merged_into")
NOT_MOVED = (Restructuring, MovedRow, OrganizationKey)  # history; keys are written anew


class MustWait(Conflict):
    """A receiver's answer to a change of the tree: claims would overlap, and somebody has to decide first.

    `contested` are the pairs of ids that it is about.
    """

    def __init__(self, message: Any, contested: Iterable[tuple[UUID, UUID]]) -> None:
        super().__init__(message, code="must_wait")
        self.contested = [[str(one), str(other)] for one, other in contested]


@transaction.atomic
def merge_organizations(
    *, by: Actor, organization: Organization, into: Organization, at: datetime, reason: str = ""
) -> Restructuring:
    """They are one and the same: everything that points at `organization` points at `into` from now on.

    Both names, all domains and identifiers stay; what was moved is kept row by row for the undo. It waits (state
    "waiting") where protections would overlap. Raises ValidationError, Conflict (merged already, both are partners).
    """
    by.must(Permission.ORGANIZATION_ARRANGE, on=organization)
    by.must(Permission.ORGANIZATION_ARRANGE, on=into)
    lock_trees(organization, into)
    return _ask(by, at, kind=rules.MERGE, organization=organization, target=into, reason=reason)


@transaction.atomic
def move_organization(
    *, by: Actor, organization: Organization, parent: Organization | None, at: datetime, reason: str = ""
) -> Restructuring:
    """Stand it, with all that lies below it, under another parent (None: it is a top of its own).

    It waits where protections would overlap. Raises ValidationError (a circle), Conflict (merged).
    """
    by.must(Permission.ORGANIZATION_ARRANGE, on=organization)
    lock_trees(*filter(None, [organization, parent]))
    return _ask(by, at, kind=rules.MOVE, organization=organization, target=parent, reason=reason)


@transaction.atomic
def undo_restructuring(
    *, by: Actor, restructuring: Restructuring, at: datetime, reason: str = ""
) -> Restructuring:
    """Take a merge or a move back: every row that still stands where it was put returns.

    It waits where protections would overlap. Raises Conflict (undone already, merged on since, the tree has changed).
    """
    by.must(Permission.ORGANIZATION_ARRANGE, on=restructuring)
    lock_trees(*_touched(restructuring))
    fresh = lock(restructuring)
    rules.RESTRUCTURING.after(fresh.state, "undo")
    if fresh.kind == rules.UNDO:
        raise Conflict(_("An undo is not undone: merge or move anew."), code="closed_move")
    target = fresh.target
    return _ask(
        by,
        at,
        kind=rules.UNDO,
        organization=fresh.organization,
        target=target,
        undoes=fresh,
        reason=reason,
    )


@transaction.atomic
def complete_restructuring(
    *, by: Actor, restructuring: Restructuring, at: datetime, give_up: bool = False
) -> Restructuring:
    """Try again what waits. Called when a conflict is over; what no longer fits the tree is given up.

    With `give_up` so is what would have to wait again.
    """
    lock_trees(*_touched(restructuring))
    restructuring = lock(restructuring)
    if restructuring.state != rules.WAITING:
        return restructuring
    try:
        with transaction.atomic():
            return _carry_out(by, restructuring, at) if give_up else _attempt(by, restructuring, at)
    except (Conflict, ValidationError):
        return _move(by, restructuring, "abandon", at)


@transaction.atomic
def abandon_restructuring(*, by: Actor, restructuring: Restructuring, at: datetime) -> Restructuring:
    """Give up what waits: the tree stays as it is. Raises Conflict (it was carried out)."""
    by.must(Permission.ORGANIZATION_ARRANGE, on=restructuring)
    return _move(by, lock(restructuring), "abandon", at)


def _ask(by: Actor, at: datetime, **facts: Any) -> Restructuring:
    if Restructuring.objects.waiting().filter(organization=facts["organization"]).exists():
        words = _("This organization waits for the decision of a conflict already.")
        raise Conflict(words, code="waits_already")
    asked = Restructuring(state=rules.WAITING, requested_by_id=by.user_id, created_at=at, **facts)
    return _attempt(by, save(asked), at)


def _attempt(by: Actor, restructuring: Restructuring, at: datetime) -> Restructuring:
    """Carry it out, all or nothing; a receiver of its event may make it wait."""
    try:
        with transaction.atomic():
            return _carry_out(by, restructuring, at)
    except MustWait as wait:
        data = {"contested": wait.contested}
        record("restructuring.waits", restructuring, by=by, at=at, data=data)
        return restructuring


def _carry_out(by: Actor, restructuring: Restructuring, at: datetime) -> Restructuring:
    CARRIED_OUT[restructuring.kind](by, restructuring, at)
    return _move(by, restructuring, "complete", at, done_at=at)


def _move(by: Actor, restructuring: Restructuring, move: str, at: datetime, **facts: Any) -> Restructuring:
    restructuring.state = rules.RESTRUCTURING.after(restructuring.state, move)
    for name, value in facts.items():
        setattr(restructuring, name, value)
    save(restructuring)
    if move == "abandon":
        record("restructuring.abandoned", restructuring, by=by, at=at)
    return restructuring


# Merging ---------------------------------------------------------------------------------------------------------


def _merge(by: Actor, restructuring: Restructuring, at: datetime) -> None:
    loser, winner = lock(restructuring.organization), lock(restructuring.target)  # type: ignore[type-var]
    assert winner is not None
    _require_mergeable(loser, winner)
    note = _Notes(restructuring, at)
    for row, field in pointing_at(loser):
        note.point(row, field, winner.pk)
    for name in (loser.name, loser.legal_name):
        if made := keep_name(winner, name, "alias", at):
            note.made(made)
    note.moved(loser, "parent", loser.parent_id, None)
    loser.parent, loser.root, loser.merged_into = None, None, winner
    save(loser)
    note_names(winner)
    note_roots(winner, at)
    note_organizations([loser.pk, winner.pk])
    data = {"merged": str(loser.pk), "restructuring": str(restructuring.pk)}
    record("organization.merged", winner, by=by, at=at, data=data)


def _require_mergeable(loser: Organization, winner: Organization) -> None:
    require_standing(loser)
    require_standing(winner)
    if loser.pk == winner.pk:
        raise ValidationError({"into": _("Choose another organization.")})
    if loser.pk in tree_of(winner).above(winner.pk):
        raise ValidationError({"into": _("That one lies below this one. Merge it into this one instead.")})
    if Partner.objects.filter(organization__in=[loser.pk, winner.pk]).count() == 2:
        raise Conflict(_("Both are partners. Two partners are not merged."), code="both_partners")


def pointing_at(organization: Organization) -> Iterator[tuple[models.Model, models.ForeignKey]]:
    """Every row that points at an organisation, with the field by which it does; the undo's own notes aside."""
    for model, field in relations():
        for row in list(model._base_manager.filter(**{field.name: organization.pk}).order_by("pk")):
            yield row, field


def relations() -> list[tuple[type[models.Model], models.ForeignKey]]:
    """Every relation to an organisation that a merge moves, in every app."""
    found = []
    for relation in Organization._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not relation.auto_created or relation.concrete or relation.related_model in NOT_MOVED:
            continue
        if relation.related_model is Organization and field.name in OWN_FIELDS[1:]:
            continue
        found.append((relation.related_model, field))
    return sorted(found, key=lambda pair: (pair[0]._meta.label_lower, pair[1].name))


class _Notes:
    """Points rows elsewhere and notes each, so that the undo can point it back."""

    def __init__(self, restructuring: Restructuring, at: datetime) -> None:
        self.restructuring, self.at = restructuring, at

    def point(self, row: models.Model, field: models.ForeignKey, to: UUID) -> None:
        """Point a row at another; where that one has the same already, the row is left."""
        fate = rules.MOVED if _pointed(row, field, to, self.at) else rules.LEFT
        self._note(row, field.name, getattr(row, field.attname), to, fate)

    def moved(self, row: models.Model, field: str, was: UUID | None, became: UUID | None) -> None:
        self._note(row, field, was, became, rules.MOVED)

    def made(self, row: models.Model) -> None:
        self._note(row, "", None, None, rules.MADE)

    def _note(self, row: models.Model, field: str, was: UUID | None, became: UUID | None, fate: str) -> None:
        note = MovedRow(
            restructuring=self.restructuring, model=row._meta.label_lower, row_id=row.pk, field=field,
            was=was, became=became, how=fate, created_at=self.at,
        )  # fmt: skip
        save(note)


def _pointed(row: models.Model, field: models.ForeignKey, to: UUID | None, at: datetime) -> bool:
    """Whether a row points there now. False where a rule of the database forbids it: the other has the same."""
    row = lock(row)
    try:
        with transaction.atomic():
            rows = type(row)._base_manager.filter(pk=row.pk)
            rows.update(**{field.attname: to}, version=F("version") + 1, changed_at=at)
    except IntegrityError:
        return False
    return True


# Moving ----------------------------------------------------------------------------------------------------------


def _place(by: Actor, restructuring: Restructuring, at: datetime) -> None:
    node, parent = lock(restructuring.organization), restructuring.target
    require_standing(node)
    if parent:
        require_standing(parent)
    before = node.parent_id
    _stand(node, parent, at)
    _Notes(restructuring, at).moved(node, "parent", before, node.parent_id)
    _tell_move(by, restructuring, node, before, at)


def _stand(node: Organization, parent: Organization | None, at: datetime) -> None:
    """Put a node under a parent. Raises ValidationError where that closes a circle."""
    if parent and not tree_of(node, parent).takes(node.pk, parent.pk):
        raise ValidationError({"parent": _("It cannot stand below itself.")})
    node.parent = parent
    save(node)
    note_roots(node, at)


def _tell_move(
    by: Actor, restructuring: Restructuring, node: Organization, before: UUID | None, at: datetime
) -> None:
    data = {
        "from": str(before) if before else None,
        "to": str(node.parent_id) if node.parent_id else None,
        "restructuring": str(restructuring.pk),
    }
    record("organization.moved", node, by=by, at=at, data=data)


# Undoing ---------------------------------------------------------------------------------------------------------


def _undo(by: Actor, restructuring: Restructuring, at: datetime) -> None:
    undone = lock(restructuring.undoes)  # type: ignore[type-var]
    assert undone is not None
    way_back = _unplace if undone.kind == rules.MOVE else _unmerge
    way_back(by, restructuring, undone, at)
    _move(by, undone, "undo", at)


def _unplace(by: Actor, restructuring: Restructuring, undone: Restructuring, at: datetime) -> None:
    node = lock(undone.organization)
    require_standing(node)
    note = undone.rows.get()
    if node.parent_id != note.became:
        raise Conflict(_("It was moved again since. Undo that first."), code="closed_move")
    before = node.parent_id
    _stand(node, _parent_of_note(note), at)
    _tell_move(by, restructuring, node, before, at)


def _unmerge(by: Actor, restructuring: Restructuring, undone: Restructuring, at: datetime) -> None:
    loser, winner = lock(undone.organization), lock(undone.target)  # type: ignore[type-var]
    assert winner is not None
    require_standing(winner)
    own = undone.rows.get(row_id=loser.pk, field="parent", became=None)
    for note in undone.rows.exclude(pk=own.pk).order_by("-created_at", "-id"):
        _return(note, at)
    loser.merged_into = None
    save(loser)
    parent = _parent_of_note(own)
    if parent and not tree_of(loser, parent, winner).takes(loser.pk, parent.pk):
        words = _("The tree has changed: its parent stands below it now. Move that one first.")
        raise Conflict(words, code="closed_move")
    _stand(loser, parent, at)
    note_names(lock(winner))
    note_names(lock(loser))
    note_roots(lock(winner), at)
    note_organizations([loser.pk, winner.pk])
    data = {"from": str(winner.pk), "restructuring": str(restructuring.pk)}
    record("organization.unmerged", lock(loser), by=by, at=at, data=data)


def _return(note: MovedRow, at: datetime) -> None:
    """Put a row back, if it still stands where the merge put it; take away what the merge made."""
    model: Any = apps.get_model(note.model)
    if note.how == rules.MADE:
        model._base_manager.filter(pk=note.row_id).delete()
    if note.how != rules.MOVED:
        return
    row = model._base_manager.filter(pk=note.row_id, **{note.field: note.became}).first()
    if row:
        _pointed(row, model._meta.get_field(note.field), note.was, at)


def _parent_of_note(note: MovedRow) -> Organization | None:
    """The parent that a row had, or what that one was merged into since."""
    return standing_of(Organization.objects.filter(pk=note.was).first()) if note.was else None


def _touched(restructuring: Restructuring) -> list[Organization]:
    """The organisations whose trees a restructuring, or its undoing, changes."""
    undone = restructuring.undoes or restructuring
    notes = undone.rows.filter(row_id=undone.organization_id, field="parent")
    parents = [_parent_of_note(note) for note in notes]
    return [found for found in (restructuring.organization, restructuring.target, *parents) if found]


CARRIED_OUT = {rules.MERGE: _merge, rules.MOVE: _place, rules.UNDO: _undo}
