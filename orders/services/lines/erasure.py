"""What of this room a person leaves behind: orders and projects bind, drafts and programmes end with the account."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services.people.erasure import Tie
from dinamis.actors import Actor
from orders.models import Line, Project, Series
from orders.services.projects import projects
from orders.services.tasking import series
from orders.states import SERIES, Money, ProjectState
from orders.states.project import LED


def binding(user: Any) -> list[Tie]:
    """Orders that hold quota, and projects that somebody must lead, each with where to settle it."""
    led = Project.objects.filter(lead=user, state__in=LED).select_related("organisation")
    return [*_orders(user), *(_led(one) for one in led.order_by("pk"))]


def ending(user: Any) -> list[Tie]:
    """What nobody would go on with: projects still being written, programmes that would go on asking."""
    written = [
        Tie(
            _("The project that you write, %(title)s, is withdrawn, unless a colleague takes it.")
            % {"title": project.title},
            act=_("Hand over…"),
            url=reverse("project_hand_over", args=[project.reference]),
        )
        for project in _written(user)
    ]
    asked = [
        Tie(
            _("Your programme %(title)s asks nothing more.") % {"title": one.title},
            act=_("Open the programme"),
            url=one.get_absolute_url(),
        )
        for one in _programmes(user)
    ]
    return written + asked


def end(user: Any, *, by: Actor) -> None:
    """End what `ending` told of."""
    for project in _written(user):
        projects.withdraw(project, by=by, reason=_("The account of its lead was erased."))
    for one in _programmes(user):
        series.take_step(one, "end", by=by)


def _written(user: Any) -> QuerySet[Project]:
    return Project.objects.filter(lead=user, state=ProjectState.DRAFT).order_by("pk")


def _programmes(user: Any) -> QuerySet[Series]:
    return Series.objects.filter(requester=user).exclude(state__in=SERIES.final).order_by("pk")


def _led(project: Project) -> Tie:
    title = {"title": project.title, "name": project.organisation}
    if projects.possible_leads(project).exists():
        return Tie(
            _("You lead the project %(title)s: hand it over to a colleague.") % title,
            act=_("Hand over…"),
            url=reverse("project_hand_over", args=[project.reference]),
        )
    return Tie(
        _(
            "You lead the project %(title)s, and nobody else of %(name)s could: withdraw or close it, "
            "or have a colleague join."
        )
        % title,
        act=_("Open the project"),
        url=project.get_absolute_url(),
    )


def _orders(user: Any) -> list[Tie]:
    unsettled = Line.objects.filter(order__requester=user, money__in=[Money.HELD, Money.DUE])
    return [
        Tie(
            _("Order %(order)s is under way: withdraw it, or wait for its end.")
            % {"order": line.reference},
            act=_("Open the order"),
            url=line.get_absolute_url(),
        )
        for line in unsettled.select_related("order").order_by("pk")
    ]
