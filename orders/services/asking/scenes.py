"""A scene that the desk completed: its provisional quotes become firm, and are confirmed if they grew."""

from django.db import transaction
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Refused
from orders.models import Line, Quote
from orders.services.asking import quotes
from orders.services.lines.history import locked, note
from orders.services.lines.steps import take
from orders.services.purse import money
from orders.states import Approval
from orders.states.approval import WAITING

# Nothing is held yet: the line follows the image.
UNSENT = frozenset({Approval.DRAFT, Approval.WAITING_QUOTA})


@transaction.atomic
def requote(line: Line, *, by: Actor) -> Line:
    """Price a line again over its completed scene.

    A draft takes the new quote; a line on a waiting list, too, and becomes a draft again if it grew.
    A submitted line that counts no more than before takes it at once,
    and what is too much goes back; one that grew waits for the requester. Where the image does not
    serve the area at all, the requester is asked.
    """
    line = locked(line)
    if line.approval not in {*UNSENT, *WAITING} or line.approval == Approval.OFFERED:
        return line
    try:
        quote = quotes.renew(line, by=by)
    except Refused as refused:
        _ask(line, str(refused.sentence), by=by)
        return line
    if line.approval == Approval.TO_CONFIRM:
        line.proposed_quote = quote
        line.save(update_fields=["proposed_quote"])
    elif line.approval == Approval.WAITING_QUOTA and _grew(line, quote):
        reason = _("The image is now completed: read the new quote, then send it.")
        take(line, "approval", "set_aside", by=by, reason=reason, due_at=quote.expires_at)
        quotes.apply(line, quote)
    elif line.approval in UNSENT or not _grew(line, quote):
        money.hold_difference(line, quote=quote, by=by)
        quotes.apply(line, quote)
        note(line, "quote", by=by, quote=quote)
    else:
        line.proposed_quote = quote
        changed = ("proposed_quote",)
        take(line, "approval", "ask_to_confirm", by=by, changed=changed, quote=quote)
    return line


def _grew(line: Line, quote: Quote) -> bool:
    return (quote.units, quote.price_eur) > (line.quote.units, line.quote.price_eur)


def _ask(line: Line, reason: str, *, by: Actor) -> None:
    if line.approval == Approval.SUBMITTED:
        take(line, "approval", "ask_to_complete", by=by, reason=reason)
    else:
        note(line, "quote_failed", by=by, reason=reason)
