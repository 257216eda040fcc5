"""The shape of every mail of this room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import MailedLink
from dinamis.formats import day, instant

TEMPLATE = "accounts/notice"


def reminded(link: MailedLink, subject: str) -> str:
    """The subject of a mail, said to be a reminder where the clock sent it."""
    if hasattr(link, "reminder"):
        return _("Reminder: %(subject)s") % {"subject": subject}
    return subject


def link_words(link: MailedLink, ends: datetime | date | None = None) -> dict[str, Any]:
    """The turn of a mail that carries a link, and what is said below of the link, for its Message.

    `ends` is when the wait itself is over, the day that the pages say too; the link may stop sooner,
    and its page then sends a new one. None where the wait is the link's.
    """
    last = instant(link.expires_at)
    if ends is None or ends == link.expires_at:
        said = last
        once = _("This link works once, until %(until)s. Opening it does nothing by itself.")
    else:
        said = instant(ends) if isinstance(ends, datetime) else day(ends)
        once = _(
            "This link works once, until %(until)s; after that its page sends you a new one. Opening "
            "it does nothing by itself."
        )
    turn = _("Your turn, until %(until)s.") % {"until": said}
    return {"turn": turn, "after": (once % {"until": last},)}


@dataclass(frozen=True, slots=True)
class Message:
    """One mail: the subject is the same sentence as the page it leads to; at most one button.

    A room with a layout of its own names its `template` and what that wants beside the usual in `more`.
    """

    to: str
    language: str
    subject: str
    paragraphs: tuple[str, ...]
    turn: str = ""
    why: str = ""
    reason: str = ""
    label: str = ""
    path: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    attachments: tuple[tuple[str, bytes, str], ...] = field(default=())
    template: str = TEMPLATE
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gist(self) -> str:
        """What a list shows below the subject: whose turn it is, else the first thing said."""
        return self.turn or next((one for one in self.paragraphs if one), "")

    @property
    def context(self) -> dict[str, Any]:
        """What the template shows."""
        return {
            "subject": self.subject,
            "paragraphs": self.paragraphs,
            "turn": self.turn or _("Nothing is expected of you."),
            "why": self.why or _("You receive this mail because you use DINAMIS."),
            "reason": self.reason,
            "label": self.label,
            "action_url": f"{settings.SITE_URL}{self.path}" if self.path else "",
            "facts": self.facts,
            "after": self.after,
            **self.more,
        }
