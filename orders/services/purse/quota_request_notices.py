"""Mail about requests for more quota, sent by a task."""

from django.utils import translation

from accounts.models import Affiliation
from accounts.services.notices import telling
from orders.emails import quota_requests as mails
from orders.models import QuotaRequestEvent


def tell(event: QuotaRequestEvent) -> int:
    """Send what a step gives to tell; return how many mails went."""
    at_desk, _subject = mails.TOLD[event.step]
    addressees = [mails.desk_address()] if at_desk else _referents(event)
    for to, language in addressees:
        with translation.override(language):
            message = mails.told(event, to=to, language=language)
        telling.tell([message], key=f"quota_request:{event.pk}", family="quota")
    return len(addressees)


def _referents(event: QuotaRequestEvent) -> list[tuple[str, str]]:
    led = Affiliation.objects.in_force().filter(
        organisation=event.request.organisation, is_referent=True
    )
    people = {one.user for one in led.select_related("user")}
    return sorted({(person.email, person.language) for person in people})
