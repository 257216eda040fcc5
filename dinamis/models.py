"""The ground's tables, each defined beside the code that owns it."""

from dinamis.idempotency import IdempotentAnswer
from dinamis.mailbox import SentMail
from dinamis.outbox import Promise

__all__ = ["IdempotentAnswer", "Promise", "SentMail"]
