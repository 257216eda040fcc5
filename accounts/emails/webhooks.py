"""The mail that a webhook was stopped, to the referents of its organisation."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.emails.message import Message
from accounts.models import WebhookEvent


def stopped(event: WebhookEvent, person: Any) -> Message:
    """Why it was stopped, and what to do."""
    webhook = event.webhook
    names = {"name": webhook.name, "organisation": webhook.organisation}
    why = (
        _("The other side answered that this address is gone (410).")
        if event.facts.get("why") == "gone"
        else _("For three days no call was answered with a success.")
    )
    return Message(
        to=person.email,
        language=person.language,
        subject=_("Your turn: the webhook “%(name)s” of %(organisation)s was stopped") % names,
        paragraphs=(why, _("What happens from now on is not sent; what was not received waits.")),
        turn=_("Your turn: mend the program on the other side, then let the webhook go on."),
        facts=((_("Address"), webhook.url),),
        label=_("See the webhook"),
        path=f"{reverse('webhook', args=[webhook.pk])}?of={webhook.organisation_id}",
    )
