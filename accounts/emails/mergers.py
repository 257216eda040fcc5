"""The mail of a merger: who became part of whom, and what changes for the reader."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import Merger


def told(merger: Merger, *, name: str, to: str, language: str) -> Message:
    """What one person is told; nothing is asked of them."""
    names = {"name": merger.absorbed.name, "successor": merger.successor.name}
    return Message(
        to=to,
        language=language,
        subject=_("%(name)s is now part of %(successor)s") % names,
        reason=merger.reason,
        paragraphs=(
            _("%(person)s, the DINAMIS desk has merged %(name)s into %(successor)s.")
            % {"person": name, **names},
            _(
                "People, orders and quotas went over as they were. What was signed stays valid: "
                "nothing is to be signed again, and no order stops."
            ),
        ),
        label=_("Open DINAMIS"),
        path=reverse("home"),
    )
