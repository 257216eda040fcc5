"""The ledger's tables: periods, accounts, movements, and the sums of long accounts."""

from orders.ledger.models.account import Account
from orders.ledger.models.milestone import Milestone
from orders.ledger.models.movement import Movement
from orders.ledger.models.period import PARIS, Period

__all__ = ["PARIS", "Account", "Milestone", "Movement", "Period"]
