"""What is asked: rules, quotes, orders, lines and what becomes of them; the ledger's tables with them."""

from orders.ledger.models import Account, Movement, Period
from orders.models.acquisition import Acquisition
from orders.models.attempt import Attempt
from orders.models.delivery import Delivery, DeliveryFile
from orders.models.event import LineEvent
from orders.models.line import Line
from orders.models.notice import Notice
from orders.models.offer import Offer
from orders.models.order import Order
from orders.models.preference import OrderPreference
from orders.models.quote import Quote
from orders.models.rule import (
    Delay,
    LicenceRule,
    MinimumArea,
    Multiplier,
    PriceRow,
    PurseOrder,
    RuleVersion,
    TaskingDefault,
)

__all__ = [
    "Account",
    "Acquisition",
    "Attempt",
    "Delay",
    "Delivery",
    "DeliveryFile",
    "LicenceRule",
    "Line",
    "LineEvent",
    "MinimumArea",
    "Movement",
    "Multiplier",
    "Notice",
    "Offer",
    "Order",
    "OrderPreference",
    "Period",
    "PriceRow",
    "PurseOrder",
    "Quote",
    "RuleVersion",
    "TaskingDefault",
]
