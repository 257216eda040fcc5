"""What of this room keeps a person from being erased: unsettled orders, projects that need a lead, programmes."""

from typing import Any

from django.utils.translation import gettext as _

from orders.models import Line, Project, Series
from orders.states import SERIES, Money, ProjectState
from orders.states.project import PROJECT


def obstacles(user: Any) -> list[str]:
    """One sentence for each order not settled, each project and each programme under way, with what to do."""
    led = Project.objects.filter(lead=user).exclude(state__in=PROJECT.final).order_by("pk")
    asked = Series.objects.filter(requester=user).exclude(state__in=SERIES.final).order_by("pk")
    return [*_orders(user), *(_led(one) for one in led), *(_asks(one) for one in asked)]


def _asks(series: Series) -> str:
    words = _("Your programme %(title)s would go on asking: end it.")
    return words % {"title": series.title}


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
