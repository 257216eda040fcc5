"""Projects whose lead is no longer attached to their organisation: asked for, then told to the desk."""

from datetime import timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import Organisation, User
from dinamis.actors import Actor
from orders.models import Project, ProjectEvent
from orders.services.projects.project_steps import locked, note
from orders.states.project import LED

ASKED, TOLD = "lead_left", "lead_missing"
PATIENCE = timedelta(days=14)
_STEPS = (ASKED, TOLD, "hand_over")
BY_CLOCK = Actor.system("projects")


def ask_for_another(user: User, organisation: Organisation, *, by: Actor) -> int:
    """Ask the referents for another lead of each project that this person led; return how many.

    Inside the transaction in which the person leaves.
    """
    led = Project.objects.filter(lead=user, organisation=organisation, state__in=LED)
    asked = [note(project, ASKED, by=by) for project in led.order_by("pk")]
    return len(asked)


def escalate(most: int) -> int:
    """Tell the desk of projects that wait for a lead for longer than two weeks, once each time."""
    events = ProjectEvent.objects.filter(project=OuterRef("pk"), step__in=_STEPS)
    last = events.order_by("-at", "-pk")[:1]
    waiting = Project.objects.leaderless().annotate(
        last_step=Subquery(last.values("step")), last_at=Subquery(last.values("at"))
    )
    waiting = waiting.filter(last_step=ASKED, last_at__lte=timezone.now() - PATIENCE)
    return sum(_tell(project) for project in waiting.order_by("pk")[:most])


@transaction.atomic
def _tell(project: Project) -> bool:
    project = locked(project)
    if project.events.filter(step__in=_STEPS).latest("at", "pk").step != ASKED:
        return False
    note(project, TOLD, by=BY_CLOCK)
    return True
