"""The steps of a project that a person takes by their name, on a page or by the API."""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import NotFound
from orders.models import Project
from orders.services.projects import project_decisions, projects

WITH_WORDS: dict[str, Callable[..., Project]] = {
    "withdraw": projects.withdraw,
    "leave_offer": project_decisions.leave_offer,
    "ask_to_complete": project_decisions.ask_to_complete,
    "refuse": project_decisions.refuse,
    "appeal": project_decisions.appeal,
    "grant": partial(project_decisions.decide_appeal, name="grant"),
    "dismiss": partial(project_decisions.decide_appeal, name="dismiss"),
    "close": project_decisions.close,
}
WITHOUT: dict[str, Callable[..., Project]] = {
    "submit": projects.submit,
    "approve": project_decisions.approve,
    "take_offer": project_decisions.take_offer,
}
# Submitting is a button of the form, offering a form of its own.
BUTTONS = (WITH_WORDS.keys() | WITHOUT.keys()) - {"submit"}


def take(project: Project, name: str, *, by: Actor, reason: str = "") -> Project:
    """Take a step by its name; unknown names raise NotFound."""
    if name in WITHOUT:
        return WITHOUT[name](project, by=by)
    if name in WITH_WORDS:
        return WITH_WORDS[name](project, reason=reason, by=by)
    raise NotFound("step_unknown", _("There is no step called “%(step)s”.") % {"step": name})
