"""What an organisation's own programs are told of lines, by webhook: identifiers, states, where to read the rest."""

from django.conf import settings
from django.urls import reverse

from accounts.services.webhooks.telling import emit
from orders.models import LineEvent


def tell(event: LineEvent) -> int:
    """Owe a call for one step of one life, in its transaction; return how many webhooks listen."""
    line, order = event.line, event.line.order
    return emit(
        order.organisation_id,
        subject="money" if event.life == LineEvent.Life.MONEY else "lines",
        type=f"line.{event.life}.{event.target}",
        data={
            "order": order.reference,
            "line": line.reference,
            "number": line.number,
            "life": event.life,
            "step": event.step,
            "from": event.source,
            "to": event.target,
            "page": settings.SITE_URL + reverse("order", args=[order.reference]),
            "api": settings.SITE_URL + reverse("api_order", args=[order.reference]),
        },
        key=f"line:{event.pk}",
        at=event.at,
    )
