"""What this room tells when something happened, called by tasks: each reader hears of it once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from accounts.emails import affiliations, changes, memberships, mergers, opinions, reminders
from accounts.models import (
    AffiliationEvent,
    ChangeEvent,
    MailedLink,
    Membership,
    MembershipEvent,
    Merger,
    OpinionEvent,
    Reminder,
)
from accounts.services import links
from accounts.services.membership import certificates, organisations
from accounts.services.notices.telling import mail, tell
from accounts.states.membership import State


def send_link(link: MailedLink) -> None:
    """Give a link its token and mail it; a link already sent, used or replaced is left alone.

    The digest is committed before the mail leaves, so the link in the mail always works; a failed
    sending is tried again with another token.
    """
    with transaction.atomic():
        link = MailedLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if link.sent_at or not link.is_usable:
            return
        token = links.new_token(link)
    with translation.override(link.language):
        mail(links.mail_of(link, token))
    MailedLink.objects.filter(pk=link.pk).update(sent_at=timezone.now())


def tell_membership(event: MembershipEvent) -> None:
    """Tell the people of a membership what happened, except whom the merger that ended it tells."""
    covered = organisations.told_by_merger(event)
    with translation.override(event.membership.language):
        said = [one for one in memberships.told(event) if one.to not in covered]
        tell(said, key=f"membership:{event.pk}", family="membership")


def tell_opinion(event: OpinionEvent) -> None:
    """Tell the desk what an adviser answered, or that no answer came."""
    with translation.override(settings.LANGUAGE_CODE):
        tell([opinions.told(event)], key=f"opinion:{event.pk}", family="membership")


def tell_reminder(reminder: Reminder) -> None:
    """Tell that a wait lasts, unless it is over by now."""
    membership = reminder.membership
    if not reminder.key.startswith(f"{membership.state}:{membership.state_since.isoformat()}:"):
        return
    to_referent = membership.state == State.AWAITING_LEGAL
    with translation.override(membership.language if to_referent else settings.LANGUAGE_CODE):
        said = [reminders.told(membership)]
        tell(said, key=f"reminder:{reminder.pk}", family="membership")


def tell_activation(membership: Membership, made: Mapping[str, bytes]) -> None:
    """Send the certificate and the countersigned charter to the legal representative and the referent."""
    files = [(certificates.file_name(membership, kind), made[kind]) for kind in made]
    with translation.override(membership.language):
        key = f"certificate:{membership.pk}:{membership.activated_at.isoformat()}"
        tell(memberships.activated(membership, files), key=key, family="membership")


def tell_affiliation(event: AffiliationEvent) -> None:
    """Tell the referents of a request, or the person of an answer, each in their language."""
    affiliation = event.affiliation
    referents = organisations.referents_of(affiliation.organisation)
    readers: Iterable[Any] = referents if event.step == "ask" else [affiliation.user]
    for reader in readers:
        with translation.override(reader.language):
            said = affiliations.told(event, [reader])
            family = "people" if event.step == "ask" else "belonging"
            tell(said, key=f"affiliation:{event.pk}", family=family)


def tell_change(event: ChangeEvent) -> None:
    """Tell the referents, both legal representatives where it is about them, and the desk when it decides."""
    if event.step not in changes.TOLD:
        return
    for email, language in organisations.concerned_by_change(event):
        with translation.override(language):
            said = [changes.told(event, to=email, language=language)]
            tell(said, key=f"change:{event.pk}", family="membership")


def tell_merger(merger: Merger) -> None:
    """Tell everybody who went over, and both legal representatives, each in their language."""
    for name, email, language in organisations.concerned_by(merger):
        with translation.override(language):
            said = [mergers.told(merger, name=name, to=email, language=language)]
            tell(said, key=f"merger:{merger.pk}", family="membership")
