"""Mailed links: promised, sent once, looked at without effect, used by a POST."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import MailedLink, Membership
from accounts.states.membership import State
from dinamis.errors import Gone, NotFound, NotNow, WayOn
from dinamis.outbox import after_commit

# The state of the membership in which each link has something to do.
WAITS_IN = {
    MailedLink.Purpose.PROVE: State.AWAITING_REFERENT,
    MailedLink.Purpose.ACCEPT: State.AWAITING_LEGAL,
    MailedLink.Purpose.CORRECT: State.SENT_BACK,
}
# Shorter than the wait itself, so that a link which expired can still be asked for again.
LIVES = {
    MailedLink.Purpose.PROVE: timedelta(days=3),
    MailedLink.Purpose.ACCEPT: timedelta(days=14),
    MailedLink.Purpose.CORRECT: timedelta(days=14),
}
LINKS_A_DAY = 5  # for one person and one act
PAGES = {
    MailedLink.Purpose.PROVE: "join_proved",
    MailedLink.Purpose.ACCEPT: "join_legal",
    MailedLink.Purpose.CORRECT: "join_correct",
}


def promise(membership: Membership, purpose: str) -> MailedLink:
    """Promise a link by mail to the person who must act, inside the caller's transaction.

    Any earlier link for the same act stops working. The token is made when the mail leaves.
    """
    now = timezone.now()
    membership.links.filter(purpose=purpose, used_at=None, replaced_at=None).update(replaced_at=now)
    to_legal = purpose == MailedLink.Purpose.ACCEPT
    link = MailedLink.objects.create(
        purpose=purpose,
        membership=membership,
        name=membership.legal_name if to_legal else membership.referent_name,
        email=membership.legal_email if to_legal else membership.referent_email,
        language=membership.language,
        made_at=now,
        expires_at=min(now + LIVES[MailedLink.Purpose(purpose)], membership.due_at),
    )
    after_commit("accounts.tasks.send_link", link.pk)
    return link


def find(token: str, purpose: str) -> MailedLink:
    """Return a link that may still act, without using it.

    Raises NotFound for an unknown one and Gone, with a way to a new one where that makes sense, for
    one that was used, replaced or has expired.
    """
    link = any_with(token, purpose)
    if not link.is_usable:
        raise Gone("link_gone", _why_gone(link), ways_on=_ways_on(link, token))
    return link


def any_with(token: str, purpose: str) -> MailedLink:
    """Return the link of a token, usable or not; raises NotFound."""
    links = MailedLink.objects.with_token(token).filter(purpose=purpose)
    link = links.select_related("membership__organisation").first()
    if link is None:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))
    return link


def use(link: MailedLink, *, at: datetime) -> None:
    """Mark a link used, inside the transaction of its act; raises Gone when another was faster."""
    usable = MailedLink.objects.usable().filter(pk=link.pk)
    if not usable.update(used_at=at):
        link.refresh_from_db()
        raise Gone("link_gone", _why_gone(link))


@transaction.atomic
def ask_again(token: str, purpose: str) -> MailedLink:
    """Send a fresh link to the same person in place of one that no longer works.

    Raises NotNow when nothing waits for that person any more, or when five left within a day.
    """
    link = any_with(token, purpose)
    membership = Membership.objects.select_for_update(of=("self",), no_key=True).get(
        pk=link.membership_id
    )
    if not still_needed(link, membership):
        raise NotNow("nothing_to_do", _("Nothing waits for you here any more."))
    lately = membership.links.filter(
        purpose=purpose, made_at__gt=timezone.now() - timedelta(days=1)
    )
    if lately.count() >= LINKS_A_DAY:
        raise NotNow("too_many_links", _("Several links were sent today: open the latest mail."))
    return promise(membership, purpose)


def still_needed(link: MailedLink, membership: Membership | None = None) -> bool:
    """True while the membership waits for the act this link is for."""
    asked = membership or link.membership
    waits = asked.state == WAITS_IN[MailedLink.Purpose(link.purpose)]
    return waits and asked.due_at > timezone.now()


def new_token(link: MailedLink) -> str:
    """Give the link its token, just before the mail that carries it; only the digest is kept."""
    token = secrets.token_urlsafe(32)
    link.digest = MailedLink.digest_of(token)
    link.save(update_fields=["digest"])
    return token


def page_of(link: MailedLink, token: str) -> str:
    """The address, without the host, that the mail carries."""
    return reverse(PAGES[MailedLink.Purpose(link.purpose)], args=[token])


def _why_gone(link: MailedLink) -> str:
    if link.used_at:
        when = date_format(timezone.localtime(link.used_at), "DATETIME_FORMAT")
        return _("This link was already used, on %(when)s. What was done with it stands.") % {
            "when": when
        }
    if link.replaced_at:
        return _("A newer link was sent to you: use the latest mail.")
    when = date_format(timezone.localtime(link.expires_at), "DATETIME_FORMAT")
    return _("This link expired on %(when)s.") % {"when": when}


def _ways_on(link: MailedLink, token: str) -> list[WayOn]:
    if not still_needed(link):
        return []
    return [WayOn(_("Send me a new link"), reverse("join_again", args=[link.purpose, token]))]
