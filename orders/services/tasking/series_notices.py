"""Mail about programmes: a time that comes, that was asked, or that could not be."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails.message import Message
from accounts.services.notices import telling
from dinamis import formats
from orders.models import SeriesEvent

SUBJECTS = {
    "tell": gettext_lazy("A tasking of your programme is asked in a week"),
    "ask": gettext_lazy("A tasking of your programme was asked"),
    "refuse": gettext_lazy("A tasking of your programme cannot be asked yet"),
    "miss": gettext_lazy("A tasking of your programme was not asked"),
}


def tell(event: SeriesEvent) -> int:
    """Tell the requester what a step gives to tell; return how many were told."""
    if event.step not in SUBJECTS or event.occurrence is None:
        return 0
    person = event.series.requester
    with translation.override(person.language):
        window = _("Its window: from %(from)s to %(to)s.") % {
            "from": formats.day(event.occurrence.starts_on),
            "to": formats.day(event.occurrence.ends_on),
        }
        message = Message(
            to=person.email,
            language=person.language,
            subject=f"{event.series.title} · {SUBJECTS[event.step]}",
            paragraphs=tuple(one for one in (window, _after(event.step)) if one),
            reason=event.reason,
            turn="",
            why=_("You receive this mail because you made this programme."),
            label=_("See the programme"),
            path=reverse("series", args=[event.series.reference]),
        )
        return telling.tell([message], key=f"series:{event.pk}", family="orders")


def _after(step: str) -> str:
    if step == "tell":
        return _("Leave this time out, pause or end the programme there if it is not wanted.")
    return _("It is tried again every day until the window begins.") if step == "refuse" else ""
