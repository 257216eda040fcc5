"""The accounts of a paid line: the payer's order number, our invoice, the payment. The desk types them."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.actors import Actor
from dinamis.errors import Invalid
from orders.models import Line, LineEvent
from orders.services.lines.history import locked
from orders.services.lines.steps import take
from orders.states import Money

# What somebody pays or has paid, in the order in which it goes.
STATES = (
    Money.DUE,
    Money.ORDERED,
    Money.INVOICED,
    Money.PAID,
    Money.TO_REFUND,
    Money.REFUNDED,
)


@transaction.atomic
def record_order(line: Line, *, by: Actor, order_number: str, payer: str = "") -> Line:
    """The payer's order has come: the line may be placed. Typed again, it is corrected.

    Without `payer` it is the organisation. Raises Invalid, NotAllowed, NotNow.
    """
    line = locked(line)
    line.order_number = _text(order_number, 60, _("Type the payer's order number."))
    line.payer = _text(payer or str(line.order.organisation)[:200], 200, _("Say who pays."))
    _record(line, "record_order", ("order_number", "payer"), by=by)
    return line


@transaction.atomic
def record_invoice(line: Line, *, by: Actor, invoice_reference: str) -> Line:
    """The invoice has gone out under this reference. Typed again, it is corrected."""
    line = locked(line)
    line.invoice_reference = _text(invoice_reference, 60, _("Type the invoice's reference."))
    _record(line, "record_invoice", ("invoice_reference",), by=by)
    return line


@transaction.atomic
def record_payment(line: Line, *, by: Actor, paid_on: date | str) -> Line:
    """The payment came on a day, not in the future."""
    line = locked(line)
    line.paid_on = _day(paid_on)
    _record(line, "record_payment", ("paid_on",), by=by)
    return line


@transaction.atomic
def record_refund(line: Line, *, by: Actor, reason: str) -> Line:
    """What was paid for nothing has gone back; `reason` says how."""
    line = locked(line)
    take(line, "money", "record_refund", by=by, reason=reason, price_eur=line.quote.price_eur)
    return line


def billed() -> QuerySet[Line]:
    """Every line that somebody pays or has paid, the oldest order first."""
    rows = Line.objects.filter(money__in=STATES).order_by("order__made_at", "number")
    return rows.select_related(
        "order__organisation", "order__requester", "quote__rule_version", "sensor"
    )


def table(found: Iterable[Line]) -> Iterator[list[object]]:
    """The lines for the accountants, a row each under a header, for `dinamis.sheets`."""
    yield [*_header()]
    yield from map(_cells, found)


def _header() -> list[str]:
    return [
        _("Line"),
        _("Ordered on"),
        _("Organisation"),
        _("Requester"),
        _("Quote"),
        _("Terms"),
        _("Paid quantity"),
        _("Unit"),
        _("Co-funded, in euros"),
        _("To pay, in euros"),
        _("Where the payment stands"),
        _("Payer's order number"),
        _("Payer"),
        _("Invoice"),
        _("Paid on"),
        _("Version of the rules"),
    ]


def _cells(line: Line) -> list[object]:
    quote, order = line.quote, line.order
    return [
        line.reference,
        timezone.localdate(order.made_at).isoformat(),
        str(order.organisation),
        str(order.requester),
        quote.reference,
        quote.get_terms_display(),
        quote.paid_units,
        quote.get_unit_display(),
        quote.cofunded_eur,
        quote.price_eur,
        line.get_money_display(),
        line.order_number,
        line.payer,
        line.invoice_reference,
        line.paid_on.isoformat() if line.paid_on else "",
        quote.rule_version.code,
    ]


def history(line: Line) -> QuerySet[LineEvent]:
    """What was typed of a line's accounts, oldest first."""
    return line.events.filter(life=LineEvent.Life.MONEY).order_by("at", "pk")


def _record(line: Line, step: str, columns: tuple[str, ...], *, by: Actor) -> None:
    facts = {name: getattr(line, name) for name in columns}
    take(line, "money", step, by=by, changed=columns, price_eur=line.quote.price_eur, **facts)


def _text(value: str, most: int, missing: str) -> str:
    text = (value or "").strip()
    if not text or len(text) > most:
        raise Invalid("accounts_incomplete", missing)
    return text


def _day(value: date | str) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value or "")
    except ValueError as error:
        raise Invalid("paid_on_malformed", _("Give the day of the payment.")) from error
    if day > timezone.localdate():
        raise Invalid("paid_on_future", _("The payment cannot come in the future."))
    return day
