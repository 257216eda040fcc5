"""The ledger's verbs. Each is one transaction, and its key makes a retry harmless.

A transaction that calls several of them on different accounts first takes them all with `lock`.
"""

from orders.ledger.services.accounts import account_of, in_unit, lock
from orders.ledger.services.booking import Entry, book, booked
from orders.ledger.services.bulk import book_in_bulk
from orders.ledger.services.holds import held, hold
from orders.ledger.services.periods import expire, open_period, period_at
from orders.ledger.services.quotas import (
    adjust,
    contribute,
    grant_budget,
    set_allotment,
    set_budget,
    transfer,
)
from orders.ledger.services.settling import capture, release, settle
from orders.ledger.services.together import Part, settle_together

__all__ = [
    "Entry",
    "Part",
    "account_of",
    "adjust",
    "book",
    "book_in_bulk",
    "booked",
    "capture",
    "contribute",
    "expire",
    "grant_budget",
    "held",
    "hold",
    "in_unit",
    "lock",
    "open_period",
    "period_at",
    "release",
    "set_allotment",
    "set_budget",
    "settle",
    "settle_together",
    "transfer",
]
