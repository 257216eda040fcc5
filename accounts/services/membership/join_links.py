"""The mailed links of a membership: who receives each, and in which state it has something to do."""

from datetime import timedelta

from django.utils import timezone

from accounts.emails import links as mails
from accounts.models import MailedLink, Membership
from accounts.services import links
from accounts.services.links import Person
from accounts.services.membership import renewals
from accounts.states.membership import State

Act = MailedLink.Purpose
# Act → the state in which it has something to do, the page, and how long one link works: shorter than
# the wait itself, so that a link which expired can still be asked for again.
ACTS = {
    Act.PROVE: (State.AWAITING_REFERENT, "join_proved", timedelta(days=3)),
    Act.ACCEPT: (State.AWAITING_LEGAL, "join_legal", timedelta(days=14)),
    Act.CORRECT: (State.SENT_BACK, "join_correct", timedelta(days=14)),
    Act.DRAFT: (State.DRAFT, "join_draft", timedelta(days=29)),
    Act.APPEAL: (State.REFUSED, "join_appeal", timedelta(days=59)),
    Act.RENEW: (State.ACTIVE, "join_renew", timedelta(days=30)),
}


def promise(membership: Membership, act: str) -> MailedLink:
    """Promise the link of one act to the person of the dossier who must act."""
    return links.promise(
        act, to=_person(membership, act), membership=membership, until=membership.due_at
    )


def _person(membership: Membership, act: str) -> Person:
    if act == Act.ACCEPT:
        return Person(membership.legal_name, membership.legal_email, membership.language)
    return Person(membership.referent_name, membership.referent_email, membership.language)


def _is_needed(link: MailedLink) -> bool:
    """True while the membership waits for the act this link is for."""
    waits_in, _page, _lives = ACTS[Act(link.purpose)]
    asked = link.membership
    if asked.state != waits_in:
        return False
    if link.purpose == Act.RENEW:
        return renewals.may_renew(asked)
    if link.purpose == Act.APPEAL and asked.events.filter(step="appeal").exists():
        return False
    return asked.due_at > timezone.now()


def _lock(link: MailedLink) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=link.membership_id)


def register() -> None:
    """Called once, when the app is ready."""
    for act, (_state, page, lives) in ACTS.items():
        links.register(
            links.Purpose(
                code=act.value,
                page=page,
                lives=lives,
                is_needed=_is_needed,
                mail=mails.link,
                lock=_lock,
                follow="join_follow",
                renew=lambda link: promise(link.membership, link.purpose),
            )
        )
