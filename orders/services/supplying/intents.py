"""What is to be asked of a supplier, as a row: one intent, one call, in the transaction that decides it.

Nothing here carries a call out; whoever decides something may write one down.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from dinamis.outbox import after_commit
from orders.models import Line, Supplier, SupplierCall, SupplierOrder
from orders.suppliers.protocol import Verb


def intend(order: SupplierOrder, verb: Verb, *, key: str, **facts: Any) -> SupplierCall:
    """One intent, one row: asked again, the first one is given back."""
    now = timezone.now()
    call, _new = SupplierCall.objects.get_or_create(
        key=key,
        defaults={
            "supplier": order.supplier,
            "order": order,
            "verb": verb,
            "facts": facts,
            "next_at": now,
            "made_at": now,
            "state_since": now,
        },
    )
    wake(order.supplier)
    return call


def cancel(line: Line) -> SupplierCall | None:
    """Write down that a locked line is to be stopped at its supplier; None when none has it by program.

    What they answer is told to the desk, see `calls` and `reading`. Who may ask is the caller's to judge.
    """
    order = line.supplier_orders.filter(ended_at=None).exclude(their_reference="").first()
    if order is None:
        return None
    return intend(order, Verb.CANCEL, key=f"{order.reference}:cancel")


def wake(supplier: Supplier, *, due_at: datetime | None = None) -> None:
    """Promise that a worker looks at what is due for this supplier."""
    after_commit("orders.tasks.work_for_supplier", supplier.pk, due_at=due_at)
