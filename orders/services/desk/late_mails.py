"""The mail of the day to the desk: what is late, whose it is, by how much."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dinamis import formats, mail
from orders.models import LateMail
from orders.services.desk import lateness

MOST = 40  # lines told one by one


def tell(note: LateMail) -> bool:
    """Send the mail of a day; False when it was sent, or nothing is late any more."""
    if note.sent_at is not None:
        return False
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        found = lateness.everything_late()
        if not found:
            return False
        context = {
            "subject": ngettext(
                "%(count)s request is late", "%(count)s requests are late", len(found)
            )
            % {"count": len(found)},
            "paragraphs": [_told(one) for one in found[:MOST]],
            "more": max(0, len(found) - MOST),
            "action_url": settings.SITE_URL + reverse("desk_late"),
        }
    mail.send(settings.DESK_EMAIL, "orders_late", context, language)
    note.sent_at = timezone.now()
    note.save(update_fields=["sent_at"])
    return True


def _told(one: lateness.Late) -> str:
    days = ngettext("%(days)s working day late", "%(days)s working days late", one.days)
    return _("%(line)s, %(organisation)s: %(what)s was expected by %(day)s, %(late)s.") % {
        "line": one.line.reference,
        "organisation": one.line.order.organisation,
        "what": one.whose,
        "day": formats.day(one.due_on),
        "late": days % {"days": one.days},
    }
