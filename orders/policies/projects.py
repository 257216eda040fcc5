"""Who a person is to a project, and what they may do with it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.policies import check_may_take, current_affiliation, is_desk
from dinamis.actors import Actor
from dinamis.errors import NotAllowed, NotNow
from dinamis.lifecycle import Step
from orders.models import Project, ProjectPartner, ProjectReview
from orders.states.partner import LEAD as PARTNERS_LEAD
from orders.states.partner import PARTNER
from orders.states.project import DESK, LEAD, PROJECT, SYSTEM, WRITABLE
from orders.states.review import REVIEWER

# Steps of the lead that need the right to act for the project's organisation.
NEEDS_AFFILIATION = frozenset({"submit", "take_offer"})


def roles(by: Actor, project: Project) -> frozenset[str]:
    """The words of the table that this actor answers to; an officer decides nothing of their own project."""
    if by.part:
        return frozenset({SYSTEM})
    if by.user is None:
        return frozenset()
    if by.user.pk == project.lead_id:
        return frozenset({LEAD})
    return frozenset({DESK}) if is_desk(by.user) else frozenset()


def check_may_take_step(by: Actor, name: str, row: Step, project: Project) -> None:
    """Raise NotAllowed where the table, or the lead's affiliation, says no."""
    check_may_take(by, row, roles(by, project))
    if name in NEEDS_AFFILIATION and by.user is not None:
        check_acts_for(by.user, project)


def check_acts_for(user: Any, project: Project) -> None:
    affiliation = current_affiliation(user)
    if affiliation is None or affiliation.organisation_id != project.organisation_id:
        raise NotAllowed(
            "no_active_affiliation",
            _("You need an active affiliation with %(organisation)s for this.")
            % {"organisation": project.organisation},
        )


def may_write(user: Any, project: Project) -> bool:
    """True for the lead while the words are still open."""
    return user.pk == project.lead_id and project.state in WRITABLE


def check_may_write(by: Actor, project: Project) -> None:
    """Raise NotAllowed for anybody but the lead, NotNow once the project is sent."""
    if by.user is None or by.user.pk != project.lead_id:
        raise NotAllowed("lead_only", _("This is for the lead of the project."))
    if project.state not in WRITABLE:
        raise NotNow(
            "project_sent", _("The project is sent: its words change only when the desk asks.")
        )


def roles_in_partnership(by: Actor, partner: ProjectPartner) -> frozenset[str]:
    """The lead, or the partner: through the link mailed to them, or signed in with the proved address."""
    if by.link is not None:
        theirs = by.link.purpose == "project_partner" and by.link.subject_key == str(partner.pk)
        return frozenset({PARTNER} if theirs else ())
    if by.user is None:
        return frozenset()
    found = {PARTNERS_LEAD} if by.user.pk == partner.project.lead_id else set()
    if is_partner(by.user, partner):
        found.add(PARTNER)
    return frozenset(found)


def roles_in_review(by: Actor, review: ProjectReview) -> frozenset[str]:
    """The reviewer is a link, mailed for this very review; the desk withdraws."""
    if by.part:
        return frozenset({SYSTEM})
    if by.link is not None:
        theirs = by.link.purpose == "project_review" and by.link.subject_key == str(review.pk)
        return frozenset({REVIEWER} if theirs else ())
    return frozenset({DESK} if is_desk(by.user) else ())


def is_partner(user: Any, partner: ProjectPartner) -> bool:
    """True for the person invited: known by the account that answered, else by a proved address."""
    if partner.user_id is not None:
        return user.pk == partner.user_id
    return user.emailaddress_set.filter(email__iexact=partner.email, verified=True).exists()


def steps_open_to(user: Any, project: Project) -> dict[str, Step]:
    """The steps of the table that a reader may take now, in the table's order."""
    mine = roles(Actor.of(user), project)
    return {
        name: row for name, row in PROJECT.open_from(project.state).items() if mine & row.actors
    }
