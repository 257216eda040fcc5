"""The mail to the desk when stored files are found damaged."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.emails.message import Message
from accounts.emails.time import to_desk
from catalogue.models import ProductFile


def damaged_files(found: Sequence[ProductFile], count: int) -> Message:
    """The first of them by name; what to do is on the page."""

    def subject() -> str:
        told = ngettext(
            "%(count)s stored file is damaged", "%(count)s stored files are damaged", count
        )
        return told % {"count": count}

    def lines() -> tuple[str, ...]:
        named = [
            f"{file.product.title}: {file.name} ({file.get_fault_display()})" for file in found
        ]
        return (
            _("They are not given out until they are restored; the page says how."),
            *named,
        )

    return to_desk(subject, lines, reverse("desk_files"))
