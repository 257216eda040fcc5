"""Deliveries handed in by program: an address below the inbox, signed for one PUT of one file.

Only the desk may have one signed, by a token of its own sign-in: a key carries no duty. What is written
lies in the inbox alone, where it is read, checked and refused like anything that a supplier drops there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import structlog
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import check_is_desk
from dinamis.errors import Gone, Invalid, NotAllowed, NotNow
from orders.inboxes import InboxTrouble, Occupied, Receiving
from orders.inboxes.naming import is_safe, may_be_handed_in
from orders.services.delivering.inbox import PATH_MAX, watched

log = structlog.get_logger(__name__)
SALT = "orders.handing_in"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that takes one PUT of one file, and the instant at which it stops."""

    url: str
    expires_at: datetime


def sign(url: str, *, user: User, seconds: int | None = None) -> Link | None:
    """Sign an address below the inbox's; None for any other address.

    `seconds` is at most DOWNLOAD_LINK_SECONDS. Raises NotAllowed (desk_only), NotNow (inbox_off,
    inbox_failing), Invalid (path_wrong).
    """
    check_is_desk(user)
    path = _path(url)
    if path is None:
        return None
    inbox = _inbox()
    if len(path) > PATH_MAX or not is_safe(path) or not may_be_handed_in(path):
        raise Invalid(
            "path_wrong",
            _("“%(path)s” is no place for a file: SUPPLIER/DELIVERY, or a file below it.")
            % {"path": path[:200]},
            field="urls",
        )
    longest = settings.DOWNLOAD_LINK_SECONDS
    lasts = max(1, min(seconds or longest, longest))
    until = int(timezone.now().timestamp()) + lasts
    signed = inbox.signed_put(path, lasts)
    if signed is None:
        token = signing.dumps([user.pk, path, until], salt=SALT)
        signed = f"{address(path)}?{urlencode({'token': token})}"
    log.info("inbox_put_signed", path=path)
    return Link(signed, datetime.fromtimestamp(until, UTC))


def address(path: str) -> str:
    """The address of a place in the inbox, before it is signed."""
    return settings.SITE_URL + reverse("inbox_file", args=[path])


def receive(path: str, token: str, source: BinaryIO, size: int | None) -> None:
    """Write what a signed PUT sends, whole or not at all. `size` is what it says to be, in bytes.

    Raises NotAllowed (link_altered, desk_only), Gone (link_expired), Invalid (length_missing,
    file_too_large, file_cut), NotNow (file_exists, inbox_off, inbox_failing).
    """
    try:
        user_pk, signed, until = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as altered:
        raise NotAllowed("link_altered", _("This link is not one of ours.")) from altered
    if signed != path:
        raise NotAllowed("link_altered", _("This link is for another file."))
    if until <= timezone.now().timestamp():
        raise Gone("link_expired", _("This link's time is over. Ask for a new one."))
    check_is_desk(User.objects.get(pk=user_pk))
    if size is None:
        raise Invalid("length_missing", _("Say how long the file is: Content-Length."))
    if size > settings.INBOX_PUT_BYTES:
        raise Invalid(
            "file_too_large",
            _("A file handed in has at most %(limit)s bytes.")
            % {"limit": settings.INBOX_PUT_BYTES},
        )
    try:
        _inbox().put(path, source, size)
    except Occupied as taken:
        raise NotNow("file_exists", _("“%(path)s” lies there already.") % {"path": path}) from taken
    except EOFError as cut:
        raise Invalid("file_cut", _("The file ended before the length that was said.")) from cut
    except InboxTrouble as trouble:
        raise _failing(trouble) from trouble
    log.info("inbox_put", path=path, size=size, user=user_pk)


def _inbox() -> Receiving:
    inbox: Any = watched()
    if inbox is None:
        raise NotNow("inbox_off", _("No inbox is watched: INBOX_URL is empty."))
    return inbox


def _failing(trouble: InboxTrouble) -> NotNow:
    log.warning("inbox_not_written", error=str(trouble))
    return NotNow("inbox_failing", _("The inbox cannot be written to now. Try again later."))


def _path(url: str) -> str | None:
    """The path below the inbox that an address of ours names, None for another address."""
    parts, root = urlsplit(url), urlsplit(address("x"))
    below = root.path.removesuffix("x")
    if (parts.scheme, parts.netloc) != (root.scheme, root.netloc):
        return None
    return unquote(parts.path.removeprefix(below)) if parts.path.startswith(below) else None
