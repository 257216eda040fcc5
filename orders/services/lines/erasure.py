"""What of this room keeps a person from being erased: unsettled orders, and projects that need a lead."""

from typing import Any

from django.utils.translation import gettext as _

from orders.models import Line, Project
from orders.states import Money, ProjectState
from orders.states.project import PROJECT


def obstacles(user: Any) -> list[str]:
    """One sentence for each order that is not settled and each project under way, with what to do."""
    led = Project.objects.filter(lead=user).exclude(state__in=PROJECT.final).order_by("pk")
    return [*_orders(user), *(_led(one) for one in led)]


def _led(project: Project) -> str:
    if project.state == ProjectState.DRAFT:
        words = _("You write the project %(title)s: hand it over, or give it up.")
    else:
        words = _("You lead the project %(title)s: hand it over to a colleague.")
    return words % {"title": project.title}


def _orders(user: Any) -> list[str]:
    unsettled = Line.objects.filter(order__requester=user, money__in=[Money.HELD, Money.DUE])
    return [
        _("Order %(order)s is under way: withdraw it, or wait for its end.")
        % {"order": line.reference}
        for line in unsettled.select_related("order").order_by("pk")
    ]
