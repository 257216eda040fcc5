"""Who changes a programme: whoever made it. Others who see it read it."""

from typing import Any

from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.lifecycle import Step
from orders.models import Series
from orders.states import SERIES
from orders.states.series import SYSTEM


def may_change(user: Any, series: Series) -> bool:
    return bool(user) and user.pk == series.requester_id


def check_may_take(by: Actor, row: Step, series: Series) -> None:
    """Whoever made it takes every step; the system those that the table gives it."""
    if not (by.part and SYSTEM in row.actors):
        check_may_change(by, series)


def check_may_change(by: Actor, series: Series) -> None:
    if not may_change(by.user, series):
        raise NotAllowed("step_is_not_yours", _("Only who made a programme changes it."))


def steps_open_to(user: Any, series: Series) -> list[tuple[str, Step]]:
    """The steps that this person may take now, by name, in the order of the table."""
    if not may_change(user, series):
        return []
    return [(name, row) for name, row in SERIES.steps.items() if series.state in row.sources]
