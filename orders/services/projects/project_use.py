"""Ordering under a project: whose it is, whether it runs, which of its terms hold."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis import formats
from dinamis.errors import Invalid, NotFound, NotNow
from orders.models import Project, Track
from orders.services.asking.wishes import Production, Tasking
from orders.states.project import ProjectState


def usable_by(user: Any) -> QuerySet[Project]:
    """The projects that a person may order under today: led, or taken part in."""
    running = Project.objects.running(timezone.localdate())
    return running.filter(pk__in=Project.objects.of_person(user).values("pk"))


def find(reference: str, user: Any) -> Project:
    """The project of a reference, for one of its people; raises NotFound for anybody else."""
    found = Project.objects.of_person(user).filter(reference=reference).first()
    if found is None:
        raise NotFound("project_unknown", _("You have no project of this reference."))
    return found


def check(project: Project | None, user: Any, wish: Production | Tasking | None = None) -> None:
    """Raise NotFound for a project of others, NotNow for one that does not run today.

    A window of tasking ends with the project at the latest: Invalid (window_after_project).
    """
    if project is None:
        return
    if not Project.objects.of_person(user).filter(pk=project.pk).exists():
        raise NotFound("project_unknown", _("You have no project of this reference."))
    check_runs(project)
    ends_on = getattr(wish, "ends_on", None)
    if ends_on and project.ends_on and ends_on > project.ends_on:
        raise Invalid(
            "window_after_project",
            _("The project ends on %(day)s: the window must end by then.")
            % {"day": formats.day(project.ends_on)},
            field="ends_on",
        )


def check_runs(project: Project | None) -> None:
    """Raise NotNow when nothing can be ordered under a project today."""
    if project is None or project.is_running(timezone.localdate()):
        return
    if project.state != ProjectState.APPROVED:
        raise NotNow(
            "project_not_approved",
            _("The project %(project)s is not approved: nothing is ordered under it.")
            % {"project": project},
        )
    raise NotNow(
        "project_not_running",
        _("Images are ordered under the project %(project)s from %(from)s to %(to)s.")
        % {
            "project": project,
            "from": formats.day(project.starts_on),
            "to": formats.day(project.ends_on),
        },
    )


def is_cofunded(project: Project | None) -> bool:
    """True where CNES pays a part beyond the quota, whatever the orderer's category."""
    return project is not None and project.track == Track.COFUNDED
