"""The one way a step is taken: who, when, what it books, then the history. The tables decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import Line, LineEvent
from orders.policies.lines import check_is_possible, check_may_take
from orders.services.lines.history import move
from orders.services.purse import money
from orders.states import LINE_LIVES

# The words of the tables' `books` column → what is done to the ledger.
BOOKINGS = {
    "hold": money.hold,
    "hold_more": money.hold_difference,
    "release": money.release,
    "release_rest": money.settle,
    "settle_attempts": money.settle_attempts,
    "capture": money.capture,
}


def take(
    line: Line,
    life: str,
    name: str,
    *,
    by: Actor,
    reason: str = "",
    due_at: datetime | None = None,
    changed: tuple[str, ...] = (),
    booking: Mapping[str, Any] | None = None,
    **facts: Any,
) -> LineEvent:
    """Take one step of a line that `history.locked` returned, inside its transaction.

    Raises NotAllowed (not this person's step), NotNow (not from this state, or another life stands
    in the way), Invalid (a reason is missing), and whatever the ledger refuses.
    """
    row = LINE_LIVES[life].steps[name]
    check_may_take(by, name, row, line)
    LINE_LIVES[life].check(name, getattr(line, life))
    check_is_possible(name, line)
    if row.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Say why: the other side will read it."), step=name)
    if life != "money" and row.books:
        BOOKINGS[row.books](line, by=by, **(booking or {}))
    return move(line, life, name, by=by, reason=reason, due_at=due_at, changed=changed, **facts)
