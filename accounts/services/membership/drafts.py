"""A form that is not sent yet: kept as it was typed, taken up again from a mailed link, then sent."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import MailedLink, Membership, Organisation
from accounts.services.membership import join_links, memberships, proposals
from accounts.services.membership import membership_steps as steps
from accounts.services.membership.proposals import Proposal
from accounts.states.membership import LIFE, State
from dinamis.actors import Actor
from dinamis.errors import Gone

LONGEST = 2000  # characters kept of one field


@transaction.atomic
def begin(answers: Mapping[str, str], *, language: str, by: Actor) -> Membership:
    """Keep a form that was begun; the future referent receives the link that takes it up again.

    `answers` are the fields as typed, by name; `name`, `referent_name` and `referent_email` are in
    shape. Raises NotNow when the address has been written to often enough today.
    """
    email = answers["referent_email"].lower()
    memberships.check_not_too_many(email)
    organisation = Organisation.objects.create(name=answers["name"])
    membership = memberships.opened(
        organisation,
        State.DRAFT,
        language=language,
        by=by,
        referent_name=answers["referent_name"],
        referent_email=email,
        answers=_kept(answers),
    )
    join_links.promise(membership, MailedLink.Purpose.DRAFT)
    return membership


@transaction.atomic
def keep(membership: Membership, answers: Mapping[str, str], *, by: Actor) -> Membership:
    """Keep what was typed since. The link goes on working: only sending uses it.

    Raises NotNow when the form has been sent or has lapsed, Gone for a link that works no longer.
    """
    membership = steps.locked(membership)
    LIFE.check("submit", membership.state)
    by.link.refresh_from_db()
    if by.link.membership_id != membership.pk or not by.link.is_usable:
        raise Gone("link_gone", _("This link no longer works."))
    membership.answers = _kept(answers)
    membership.save(update_fields=["answers"])
    return membership


@transaction.atomic
def submit(membership: Membership, proposal: Proposal, *, by: Actor) -> Membership:
    """Send the form. The link has proved its reader's address; another referent proves theirs by mail.

    Raises Invalid, naming the field, for anything `proposals.problems` finds.
    """
    membership = steps.locked(membership)
    LIFE.check("submit", membership.state)
    proposals.check(proposal, membership=membership)
    membership.answers = {}
    memberships.write(membership, proposal)
    membership = steps.take(membership, "submit", by=by)
    if by.link is not None and by.link.email == proposal.referent_email:
        return memberships.prove(membership, by=by, uses_link=False)
    join_links.promise(membership, MailedLink.Purpose.PROVE)
    return membership


def _kept(answers: Mapping[str, str]) -> dict[str, str]:
    return {name: value[:LONGEST] for name, value in answers.items() if value}
