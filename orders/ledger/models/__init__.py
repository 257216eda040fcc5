"""The ledger's three tables."""

from orders.ledger.models.account import Account
from orders.ledger.models.movement import Movement
from orders.ledger.models.period import PARIS, Period

__all__ = ["PARIS", "Account", "Movement", "Period"]
