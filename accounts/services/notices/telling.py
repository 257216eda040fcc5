"""The one way to tell people something: a row for each reader, and a mail where the reader wants one at once.

Every room writes a `Message` as before and hands it over here with a key that names the news. The row is
written before the mail leaves, so a task that runs again, or two at once, never tells twice; a mail that
failed is tried again, for its row says that it has not left.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.emails.message import Message
from accounts.families import Channel, family_of
from accounts.models import Notice, NoticeChoice, User
from dinamis.mail import send

NOWHERE = ".invalid"  # where an erased person's mail would go (RFC 2606)


def tell(messages: Iterable[Message], *, key: str, family: str) -> int:
    """Tell each addressee once; return how many were told by this call.

    An address of a person with an account is that person's: the news stands in their list, and is
    mailed as they chose. The desk's shared address, and people without an account, are always mailed;
    so is what belongs to a fixed family or carries files. Raises KeyError for an unknown family.
    """
    told = 0
    for message in messages:
        if message.to.endswith(NOWHERE):
            continue
        notice, is_new = _noted(message, key=key, family=family)
        waits = notice.channel == Channel.MAIL and notice.mailed_at is None
        if waits:
            mail(message)
            Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now())
        told += is_new or waits
    return told


def mail(message: Message) -> None:
    """Send a message now. What carries a link that acts comes here by itself: it is no news to list."""
    send(
        message.to,
        message.template,
        message.context,
        message.language,
        attachments=message.attachments,
    )


def channel_for(person: User | None, family: str, *, has_files: bool = False) -> str:
    """The way in which this reader gets news of a family."""
    known = family_of(family)
    if person is None or known.why_fixed or has_files:
        return Channel.MAIL
    chosen = NoticeChoice.objects.filter(user=person, family=family).values_list(
        "channel", flat=True
    )
    return chosen.first() or known.usual


def person_at(address: str) -> User | None:
    """The person with a living account at this address; nobody behind the desk's shared one."""
    if address.lower() == settings.DESK_EMAIL.lower():
        return None
    return User.objects.filter(email=address.lower(), is_active=True).first()


def _noted(message: Message, *, key: str, family: str) -> tuple[Notice, bool]:
    """The row of this news for this reader, and whether this call made it."""
    person = person_at(message.to)
    reader = {"person": person} if person else {"person": None, "address": message.to.lower()}
    known = Notice.objects.filter(key=key, **reader).first()
    if known:
        return known, False
    facts = {
        "family": family,
        "title": _cut(message.subject, 300),
        "text": _cut(message.gist, 600),
        "path": message.path if len(message.path) <= 300 else "",
        "language": message.language,
        "channel": channel_for(person, family, has_files=bool(message.attachments)),
    }
    try:
        with transaction.atomic():
            return Notice.objects.create(key=key, **reader, **facts), True
    except IntegrityError:  # somebody else wrote it between the two statements
        return Notice.objects.get(key=key, **reader), False


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
