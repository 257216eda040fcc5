"""The mailed link of a new legal representative: one act, accept or decline, while the change waits."""

from datetime import timedelta

from django.utils import timezone

from accounts.emails import changes as mails
from accounts.emails.message import Message
from accounts.models import Change, MailedLink, Membership
from accounts.policies import NEW_LEGAL
from accounts.services import links
from accounts.services.links import Person
from accounts.states.change import State


def promise(change: Change, membership: Membership) -> MailedLink:
    """Promise the link to the person whom the change names, inside the caller's transaction."""
    return links.promise(
        NEW_LEGAL,
        to=Person(change.after["legal_name"], change.after["legal_email"], membership.language),
        membership=membership,
        until=change.due_at,
    )


def withdraw(change: Change) -> None:
    """Let the links already mailed for this change work no longer."""
    sent = MailedLink.objects.filter(
        purpose=NEW_LEGAL, membership__organisation=change.organisation, used_at=None
    )
    sent.filter(replaced_at=None).update(replaced_at=timezone.now())


def change_of(link: MailedLink) -> Change | None:
    """The change that waits for this link's person, or None when it waits no more."""
    waiting = Change.objects.filter(
        organisation=link.membership.organisation_id,
        kind=Change.Kind.LEGAL,
        state=State.AWAITING_LEGAL,
        due_at__gt=timezone.now(),
    )
    found = waiting.select_related("organisation").first()
    return found if found and found.after["legal_email"] == link.email else None


def _lock(link: MailedLink) -> None:
    list(
        Change.objects.select_for_update(of=("self",), no_key=True).filter(
            organisation=link.membership.organisation_id, kind=Change.Kind.LEGAL
        )
    )


def _mail(link: MailedLink, path: str) -> Message:
    change = change_of(link)
    return mails.to_new_legal(link, path, ends=change.due_at if change else None)


def register() -> None:
    """Called once, when the app is ready."""
    links.register(
        links.Purpose(
            code=NEW_LEGAL,
            page="legal_change",
            lives=timedelta(days=14),
            is_needed=lambda link: change_of(link) is not None,
            mail=_mail,
            lock=_lock,
        )
    )
