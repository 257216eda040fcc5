"""A dossier as it is read: where it stands, whose turn it is and since when, and what happened."""

from typing import Any

from django.utils.translation import gettext as _

from accounts import entitlements, policies
from accounts.models import MailedLink, Membership
from accounts.services import links
from accounts.services.membership import opinions, particulars, turns
from accounts.states import membership as life
from dinamis.errors import NotFound

CLOSED = ("refused", "dismissed", "expired", "left")


def shown(membership: Membership, *, reader: str) -> dict[str, Any]:
    """What the page shows to one role of the table of the membership's life.

    The words of an opinion are the desk's to read; others see who was asked and what came of it.
    """
    organisation = membership.organisation
    return {
        "membership": membership,
        "organisation": organisation,
        "domains": ", ".join(domain.domain for domain in organisation.domains.all()),
        "particulars": particulars.lines(membership),
        "rights": _rights(membership),
        "turn": turns.of_membership(membership, reader=reader),
        "opinions": membership.opinions.counted().select_related("adviser"),
        "events": membership.events.select_related("by_user", "by_link"),
        "reader": reader,
    }


def _rights(membership: Membership) -> list[tuple[Any, str, Any]]:
    """What the category may do, sensor by sensor; nothing once the dossier is closed."""
    organisation = membership.organisation
    if not organisation.category or membership.state in CLOSED:
        return []
    return entitlements.summary(organisation.category, organisation.country)


def of_token(token: str) -> dict[str, Any]:
    """The page behind any link that was sent about a dossier, used or not.

    Raises NotFound for an unknown one, and for a person who is named in the dossier no longer.
    """
    link = links.any_with(token)
    if link.purpose == opinions.PURPOSE:
        opinion = opinions.of_link(link)
        _check_still_named(link, opinion.adviser.email)
        page = shown(opinion.membership, reader=life.ADVISER) | {"opinion": opinion}
        if opinion.turn != life.ADVISER:  # answered: whoever is still asked, this reader is not
            page["turn"] = turns.of_membership(opinion.membership, reader="")
        return page
    membership = link.membership
    if membership is None:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))
    is_legal = link.purpose == MailedLink.Purpose.ACCEPT
    _check_still_named(link, membership.legal_email if is_legal else membership.referent_email)
    return shown(membership, reader=life.LEGAL if is_legal else life.REFERENT)


def _check_still_named(link: MailedLink, email: str) -> None:
    if link.email != email:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))


def reader_of(membership: Membership, user: Any) -> str:
    """The role in which a person with an account reads a dossier that is visible to them."""
    if policies.is_referent_of(user, membership.organisation):
        return life.REFERENT
    if policies.is_desk(user):
        return life.DESK
    return life.LEGAL if user.email == membership.legal_email else life.REFERENT
