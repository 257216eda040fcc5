"""The mails of requests for more quota: to the desk when one is asked, to its referents when it is decided."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.emails.message import Message
from orders.ledger.errors import in_words
from orders.models import QuotaRequestEvent

# step → whether the desk is told (else the referents), and the subject.
TOLD = {
    "ask": (True, gettext_lazy("To decide: more quota for %(organisation)s")),
    "grant": (False, gettext_lazy("%(granted)s more for %(organisation)s")),
    "grant_part": (False, gettext_lazy("%(granted)s of %(amount)s for %(organisation)s")),
    "refuse": (False, gettext_lazy("No more quota for %(organisation)s")),
    "withdraw": (True, gettext_lazy("Withdrawn: more quota for %(organisation)s")),
}


def told(event: QuotaRequestEvent, *, to: str, language: str) -> Message:
    """What one addressee is told of a step, in the language that is active."""
    asked, (at_desk, subject) = event.request, TOLD[event.step]
    unit = asked.period.unit
    words = {
        "organisation": str(asked.organisation),
        "amount": in_words(asked.amount, unit),
        "granted": in_words(asked.granted, unit) if asked.granted is not None else "",
        "period": str(asked.period),
        "person": str(asked.requester),
    }
    return Message(
        to=to,
        language=language,
        subject=str(subject) % words,
        paragraphs=(
            _("%(person)s asked for %(amount)s in %(period)s for %(organisation)s.") % words,
        ),
        reason=event.reason,
        turn=_("The desk's turn: grant it, in full or in part, or refuse.")
        if event.step == "ask"
        else "",
        why=_("You receive this mail because you follow your organisation's quota at DINAMIS."),
        label=_("See the request"),
        path=reverse("desk_quota_requests" if at_desk else "quota_requests"),
    )


def desk_address() -> tuple[str, str]:
    return settings.DESK_EMAIL, settings.LANGUAGE_CODE
