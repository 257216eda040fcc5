"""Where suppliers drop what they deliver, or list it: a folder, an S3 prefix, addresses; one Protocol.

Two levels: `<supplier>/<delivery>`, a delivery being an archive or a folder; an archive, or a folder
that plainly is a delivery, may also lie at the top. Imports no models.
"""

from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

from orders.inboxes.folder import FolderInbox
from orders.inboxes.links import Linked, LinkInbox
from orders.inboxes.protocol import (
    Changed,
    Inbox,
    InboxTrouble,
    Occupied,
    Part,
    Receiving,
    Thing,
    Unfit,
    mark_of,
)
from orders.inboxes.s3 import S3Inbox

__all__ = [
    "Changed",
    "Inbox",
    "InboxTrouble",
    "LinkInbox",
    "Linked",
    "Occupied",
    "Part",
    "Receiving",
    "Thing",
    "Unfit",
    "inbox_at",
    "mark_of",
]


def inbox_at(url: str) -> Inbox | None:
    """The inbox an address names: `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`.

    None for an empty address: no inbox is watched. Another scheme is ImproperlyConfigured.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path.startswith("/"):
        return FolderInbox(parts.path)
    if parts.scheme == "s3" and parts.netloc:
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return S3Inbox(
            parts.netloc,
            parts.path.strip("/"),
            endpoint=options.get("endpoint"),
            region=options.get("region", "eu-west-3"),
        )
    raise ImproperlyConfigured("INBOX_URL must be file:///folder or s3://bucket/prefix")
