"""Mail about joint requests: nobody is named, and no place, before all have agreed."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.emails.message import Message
from accounts.services.notices import telling
from orders.models import JointEvent, JointPart
from orders.pricing.explain import quantity
from orders.services.pools.joint import organisations

TOLD = {
    "propose": gettext_lazy("Others want the same place: one request for all?"),
    "agreed": gettext_lazy("All agree: one joint request"),
    "place": gettext_lazy("Placed as one with the others"),
    "part": gettext_lazy("No joint request: each goes on alone"),
    "decline": gettext_lazy("No joint request: each goes on alone"),
    "lapse": gettext_lazy("No joint request: each goes on alone"),
}


def tell(event: JointEvent) -> int:
    """Tell every party what a step gives to tell, and the desk once all agree; return how many mails."""
    if event.step not in TOLD:
        return 0
    parts = list(event.joint.parts.select_related("line__order__requester"))
    others = organisations(event.joint) - 1
    for part in parts:
        person = part.line.order.requester
        with translation.override(person.language):
            _send(event, part, others, to=person.email, language=person.language)
    if event.step != "agreed":
        return len(parts)
    with translation.override(settings.LANGUAGE_CODE):
        to, language = settings.DESK_EMAIL, settings.LANGUAGE_CODE
        _send(event, parts[0], others, to=to, language=language)
    return len(parts) + 1


def _send(event: JointEvent, part: JointPart, others: int, *, to: str, language: str) -> None:
    unit = event.joint.unit
    said = ngettext(
        "%(others)s other organisation wants the same place in compatible dates.",
        "%(others)s other organisations want the same place in compatible dates.",
        others,
    ) % {"others": others}
    figures = _("Together your part counts %(share)s instead of %(alone)s.") % {
        "share": quantity(part.share, unit),
        "alone": quantity(part.alone, unit),
    }
    paragraphs = (said, event.reason) if event.reason else (said, figures)
    message = Message(
        to=to,
        language=language,
        subject=str(TOLD[event.step]),
        paragraphs=paragraphs,
        turn=_("Your turn: agree, or not.") if event.step == "propose" else "",
        why=_("You receive this mail because you asked for a new image of this place."),
        label=_("See the request"),
        path=reverse("order", args=[part.line.order.reference]),
    )
    # A person with two lines in it is told of each.
    telling.tell([message], key=f"joint:{event.pk}:{part.pk}", family="orders")
