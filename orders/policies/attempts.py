"""Who may record attempts and answer for proposed images: the roles are those of their line."""

from django.utils.translation import gettext_lazy as _

from accounts.policies import current_affiliation
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from dinamis.lifecycle import Life
from orders.models import Line
from orders.policies.lines import roles
from orders.states import ACQUISITION, ATTEMPT


def check_may_take(by: Actor, name: str, line: Line) -> None:
    """Raise NotAllowed when the table of attempts does not give this step to the actor."""
    _check(by, name, ATTEMPT, line)


def check_may_answer(by: Actor, name: str, line: Line) -> None:
    """Raise NotAllowed for a step of a proposed image that is not the actor's.

    Accepting needs the requester to be still affiliated with the order's organisation.
    """
    _check(by, name, ACQUISITION, line)
    if name != "accept" or by.part:
        return
    affiliation = current_affiliation(by.user)
    if affiliation is None or affiliation.organisation_id != line.order.organisation_id:
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with %(organisation)s for this.")
            % {"organisation": line.order.organisation},
        )


def _check(by: Actor, name: str, life: Life, line: Line) -> None:
    row = life.steps[name]
    if not roles(by, line) & row.actors:
        raise NotAllowed(
            "step_is_not_yours",
            _("“%(step)s” is not yours to do on this line.") % {"step": row.label},
            step=name,
        )
