"""One step of a project's life: the lock, the rules, the history row, the promise of the mail."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.services.webhooks.telling import emit
from dinamis.actors import Actor
from dinamis.errors import Invalid
from dinamis.lifecycle import advance
from dinamis.outbox import after_commit
from orders.emails.projects import TOLD
from orders.models import Project, ProjectEvent
from orders.policies.projects import check_may_take_step
from orders.states.project import PATIENCE, PROJECT, ProjectState

MOST_WORDS = 4000  # characters of a reason


def locked(project: Project) -> Project:
    """The row as it is now, ours until the transaction ends; its organisation is held still first."""
    if not connection.in_atomic_block:
        raise RuntimeError("a project is locked inside a transaction")
    rows = Project.objects.filter(pk=project.pk).values_list("organisation_id", flat=True)
    held = rows.get()
    while True:
        Organisation.objects.hold_still(held)
        now = rows.get()
        if now == held:
            break
        held = now
    found = Project.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("organisation", "lead").get(pk=project.pk)


def step(
    project: Project,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    due_at: datetime | None = None,
    changed: tuple[str, ...] = (),
    **facts: Any,
) -> ProjectEvent:
    """Take a step of a locked project. Raises NotNow (state), NotAllowed (actor), Invalid (no reason)."""
    row = PROJECT.check(name, project.state)
    check_may_take_step(by, name, row, project)
    reason = reason.strip()
    if row.needs_reason and not reason:
        raise Invalid("reason_missing", _("Say why, in a few words."), field="reason")
    if len(reason) > MOST_WORDS:
        raise Invalid(
            "reason_too_long",
            _("At most %(most)s characters.") % {"most": MOST_WORDS},
            field="reason",
        )
    now, source = timezone.now(), project.state
    patience = PATIENCE.get(ProjectState(row.target))
    advance(project, PROJECT, name, at=now, due_at=due_at or (now + patience if patience else None))
    project.save(update_fields=["state", "state_since", "due_at", *changed])
    return _written(project, name, source=source, by=by, reason=reason, facts=facts)


def note(project: Project, name: str, *, by: Actor, reason: str = "", **facts: Any) -> ProjectEvent:
    """Write in the history something that moves no state: words changed, a partner invited."""
    return _written(project, name, source=project.state, by=by, reason=reason, facts=facts)


def _written(
    project: Project, name: str, *, source: str, by: Actor, reason: str, facts: dict[str, Any]
) -> ProjectEvent:
    event = ProjectEvent.objects.create(
        project=project,
        step=name,
        source=source,
        target=project.state,
        reason=reason,
        facts={key: str(value) for key, value in facts.items()},
        at=timezone.now(),
        **by.columns(),
    )
    if name in TOLD:
        after_commit("orders.tasks.tell_project", event.pk)
    if source != project.state:
        _tell_programs(event)
    return event


def _tell_programs(event: ProjectEvent) -> None:
    """Owe a call to the webhooks of the organisation: identifiers, states, where to read the rest."""
    project = event.project
    emit(
        project.organisation_id,
        subject="projects",
        type=f"project.{event.target}",
        data={
            "project": project.reference,
            "step": event.step,
            "from": event.source,
            "to": event.target,
            "page": settings.SITE_URL + reverse("project", args=[project.reference]),
            "api": settings.SITE_URL + reverse("api_project", args=[project.reference]),
        },
        key=f"project:{event.pk}",
        at=event.at,
    )
