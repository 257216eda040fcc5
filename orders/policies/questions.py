"""Who may ask a requester something about a line, and who may answer."""

from django.utils.translation import gettext_lazy as _

from accounts.policies import current_affiliation
from dinamis.actors import Actor
from dinamis.errors import NotAllowed
from orders.models import Line, Question
from orders.policies.lines import roles
from orders.states import QUESTION


def check_may_ask(by: Actor, line: Line) -> None:
    """The desk asks, and the part of the system that speaks with a supplier."""
    if not roles(by, line) & {"desk", "system"}:
        raise NotAllowed("not_the_desk", _("Only the DINAMIS desk asks a requester something."))


def check_may_take(by: Actor, name: str, question: Question) -> None:
    """Raise NotAllowed for a step of a question that is not the actor's.

    Answering needs the person to be still affiliated with the order's organisation.
    """
    line = question.line
    row = QUESTION.steps[name]
    if not roles(by, line) & row.actors:
        raise NotAllowed(
            "step_is_not_yours",
            _("“%(step)s” is not yours to do on this line.") % {"step": row.label},
            step=name,
        )
    if name != "answer" or by.part:
        return
    affiliation = current_affiliation(by.user)
    if affiliation is None or affiliation.organisation_id != line.order.organisation_id:
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with %(organisation)s for this.")
            % {"organisation": line.order.organisation},
        )
