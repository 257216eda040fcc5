"""What of this room keeps a person from being erased: orders that still hold quota or are to be paid."""

from typing import Any

from django.utils.translation import gettext as _

from orders.models import Line
from orders.states import Money


def obstacles(user: Any) -> list[str]:
    """One sentence for each order that is not settled, with what to do."""
    unsettled = Line.objects.filter(order__requester=user, money__in=[Money.HELD, Money.DUE])
    return [
        _("Order %(order)s is under way: withdraw it, or wait for its end.")
        % {"order": line.reference}
        for line in unsettled.select_related("order").order_by("pk")
    ]
