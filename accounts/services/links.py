"""Mailed links: promised, sent once, looked at without effect, used by a POST.

A new purpose is one registration, made where the subject lives and called from its app's `ready()`:

    links.register(
        links.Purpose(
            code="invitation",                   # short, unique; stands in MailedLink.purpose
            page="invitation",                   # the URL name that takes the token alone
            lives=timedelta(days=14),            # how long one link works
            is_needed=lambda link: ...,          # does the act still wait? False: no new link
            mail=lambda link, path: Message(),   # the mail; `path` carries the token
            nothing_left=WORDS,               # said when the act no longer waits (optional)
            lock=lambda link: ...,               # locks the subject's row (optional)
            renew=lambda link: ...,              # promises anew, where the person or the end of the
                                                 # wait is not that of the old link (optional)
            follow="join_follow",                # the URL name, taking the token, of a page that only
        )                                        # shows where things stand (optional)
    )

Then `promise(code, to=Person(name, email, language), organisation=... | subject_key=str(row.pk))`
inside the transaction of the step that waits, `find(token, code)` in the page (GET and HEAD show and
do nothing), and `use(link, at=now)` in the transaction of the act, whose `by` is
`Actor.through(link)`. A page for a used, replaced or expired link, and the one that sends a new
link, are there for every purpose.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.emails.people import origin
from accounts.models import MailedLink, Membership, Organisation
from dinamis import formats
from dinamis.errors import Gone, NotFound, NotNow, WayOn
from dinamis.outbox import after_commit

LINKS_A_DAY = 5  # for one person and one act


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a link is sent to; no account is needed."""

    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What one kind of link is for. The fields are explained at the top of this module."""

    code: str
    page: str
    lives: timedelta
    is_needed: Callable[[MailedLink], bool]
    mail: Callable[[MailedLink, str], Message]
    nothing_left: Any = ""
    lock: Callable[[MailedLink], Any] | None = None
    renew: Callable[[MailedLink], MailedLink] | None = None
    follow: str = ""


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Make a purpose known; the same code twice, but for the same thing, is a mistake."""
    known = _purposes.setdefault(purpose.code, purpose)
    if known.page != purpose.page:
        raise ValueError(f"two purposes are called {purpose.code}")


def purpose_of(link: MailedLink) -> Purpose:
    return _purposes[link.purpose]


def promise(
    code: str,
    *,
    to: Person,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    subject_key: str = "",
    until: datetime | None = None,
) -> MailedLink:
    """Promise a link by mail to the person who must act, inside the caller's transaction.

    It is about exactly one of a membership, an organisation or a key of the purpose's own, and ends
    with the wait (`until`) when that comes sooner. Any earlier link for the same act on the same
    subject stops working. The token is made when the mail leaves.
    """
    now = timezone.now()
    ends = now + _purposes[code].lives
    link = MailedLink(
        purpose=code,
        membership=membership,
        organisation=organisation,
        subject_key=subject_key,
        name=to.name,
        email=to.email,
        language=to.language,
        made_at=now,
        expires_at=min(ends, until) if until else ends,
    )
    withdraw(link, at=now)
    link.save()
    after_commit("accounts.tasks.send_link", link.pk)
    return link


def withdraw(link: MailedLink, *, at: datetime) -> None:
    """Let every unused link for the same act on the same subject work no longer."""
    MailedLink.objects.beside(link).filter(used_at=None, replaced_at=None).update(replaced_at=at)


def stop(code: str, *, subject_key: str) -> int:
    """Let every link for an act on a subject work no longer, whose subject is over; return how many."""
    mine = MailedLink.objects.filter(purpose=code, subject_key=subject_key)
    return mine.filter(used_at=None, replaced_at=None).update(replaced_at=timezone.now())


def find(token: str, code: str) -> MailedLink:
    """Return a link that may still act, without using it.

    Raises NotFound for an unknown one and Gone, with a way to a new one where that makes sense, for
    one that was used, replaced or has expired.
    """
    link = any_with(token, code)
    if not link.is_usable:
        raise Gone("link_gone", _why_gone(link), ways_on=_ways_on(link, token))
    return link


def any_with(token: str, code: str = "") -> MailedLink:
    """Return the link of a token, usable or not, of this purpose or of any; raises NotFound."""
    links = MailedLink.objects.with_token(token).filter(**{"purpose": code} if code else {})
    link = links.select_related("membership__organisation", "organisation").first()
    if link is None or link.purpose not in _purposes:
        raise NotFound("link_unknown", _("This link is not one of ours. Was it copied whole?"))
    return link


def use(link: MailedLink, *, at: datetime) -> None:
    """Mark a link used, inside the transaction of its act; raises Gone when another was faster."""
    usable = MailedLink.objects.usable().filter(pk=link.pk)
    if not usable.update(used_at=at):
        link.refresh_from_db()
        raise Gone("link_gone", _why_gone(link))


@transaction.atomic
def ask_again(token: str, code: str) -> MailedLink:
    """Send a fresh link to the same person in place of one that no longer works.

    Raises NotNow when nothing waits for that person any more, or when five left within a day.
    """
    purpose = purpose_of(any_with(token, code))
    _lock(purpose, any_with(token, code))
    link = any_with(token, code)
    if not purpose.is_needed(link):
        sentence = purpose.nothing_left or _("Nothing waits for you here any more.")
        raise NotNow("nothing_to_do", sentence)
    yesterday = timezone.now() - timedelta(days=1)
    if MailedLink.objects.beside(link).filter(made_at__gt=yesterday).count() >= LINKS_A_DAY:
        raise NotNow("too_many_links", _("Several links were sent today: open the latest mail."))
    return purpose.renew(link) if purpose.renew else _same_again(link)


def _lock(purpose: Purpose, link: MailedLink) -> None:
    """Hold the subject while its state is read; where a purpose names no row, the old link stands for it."""
    if purpose.lock:
        purpose.lock(link)
    else:
        MailedLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)


def _same_again(link: MailedLink) -> MailedLink:
    return promise(
        link.purpose,
        to=Person(link.name, link.email, link.language),
        membership=link.membership,
        organisation=link.organisation,
        subject_key=link.subject_key,
    )


def new_token(link: MailedLink) -> str:
    """Give the link its token, just before the mail that carries it; only the digest is kept."""
    token = secrets.token_urlsafe(32)
    link.digest = MailedLink.digest_of(token)
    link.save(update_fields=["digest"])
    return token


def mail_of(link: MailedLink, token: str) -> Message:
    """The mail that carries a link, in the language that is active."""
    purpose = purpose_of(link)
    message = purpose.mail(link, reverse(purpose.page, args=[token]))
    return replace(message, after=(*message.after, *origin()))


def _why_gone(link: MailedLink) -> str:
    if link.used_at:
        when = formats.instant(link.used_at)
        return _("This link was already used, on %(when)s. What was done with it stands.") % {
            "when": when
        }
    if link.replaced_at:
        return _("A newer link was sent to you: use the latest mail.")
    when = formats.instant(link.expires_at)
    return _("This link expired on %(when)s.") % {"when": when}


def _ways_on(link: MailedLink, token: str) -> list[WayOn]:
    purpose, ways = purpose_of(link), []
    if purpose.is_needed(link):
        ways = [WayOn(_("Send me a new link"), reverse("join_again", args=[link.purpose, token]))]
    if purpose.follow:
        ways.append(WayOn(_("See where it stands"), reverse(purpose.follow, args=[token])))
    return ways
