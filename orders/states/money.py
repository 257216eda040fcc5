"""The money of a line: what the quota holds for it, or what is to be paid where no quota carries it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class Money(models.TextChoices):
    NONE = "none", _("Nothing held")
    HELD = "held", _("Held on the quota")
    CAPTURED = "captured", _("Counted on the quota")
    RELEASED = "released", _("Given back to the quota")
    DUE = "due", _("Order number awaited")
    ORDERED = "ordered", _("Ordered by the payer")
    INVOICED = "invoiced", _("Invoiced")
    PAID = "paid", _("Paid")
    VOID = "void", _("Not to be paid any more")
    TO_REFUND = "to_refund", _("To be refunded")
    REFUNDED = "refunded", _("Refunded")


STEPS = {
    "hold": step(
        Money.NONE,
        Money.RELEASED,
        Money.VOID,
        to=Money.HELD,
        by="system",
        label=_("Hold on the quota"),
        books="hold",
    ),
    "hold_more": step(Money.HELD, to=Money.HELD, by="system", label=_("Hold more"), books="hold"),
    "hold_less": step(
        Money.HELD, to=Money.HELD, by="system", label=_("Hold less"), books="release"
    ),
    "count_attempt": step(
        Money.HELD, to=Money.HELD, by="system", label=_("Count an attempt"), books="capture"
    ),
    "capture": step(
        Money.HELD,
        to=Money.CAPTURED,
        by="system",
        label=_("Count, and give the rest back"),
        books="capture and release",
    ),
    "release": step(
        Money.HELD,
        to=Money.RELEASED,
        by="system",
        label=_("Give everything back"),
        books="release",
    ),
    # Beyond the quota. The share that a purse carries, if there is one, is held and counted beside.
    "bill": step(
        Money.NONE,
        Money.HELD,
        Money.RELEASED,
        Money.VOID,
        to=Money.DUE,
        by="system",
        label=_("Ask for an order number"),
    ),
    "record_order": step(
        Money.DUE,
        Money.ORDERED,
        to=Money.ORDERED,
        by="desk",
        label=_("Order number received"),
        style="primary",
        consequence=_("The line can be placed with the supplier."),
    ),
    "record_invoice": step(
        Money.ORDERED,
        Money.INVOICED,
        to=Money.INVOICED,
        by="desk",
        label=_("Invoice sent"),
        consequence=_("The payer has the invoice; its payment is awaited."),
    ),
    "record_payment": step(
        Money.ORDERED,
        Money.INVOICED,
        to=Money.PAID,
        by="desk",
        label=_("Payment received"),
        consequence=_("Nothing is owed any more."),
    ),
    "void": step(
        Money.DUE,
        Money.ORDERED,
        Money.INVOICED,
        to=Money.VOID,
        by="system",
        label=_("Ask for nothing"),
    ),
    "owe_back": step(Money.PAID, to=Money.TO_REFUND, by="system", label=_("Owe the payment back")),
    "record_refund": step(
        Money.TO_REFUND,
        to=Money.REFUNDED,
        by="desk",
        label=_("Refund made"),
        needs_reason=True,
        style="primary",
        consequence=_("The payer has the money back; the line is settled."),
    ),
}

MONEY = Life(
    name="line_money",
    title=_("Line: money"),
    states=Money,
    initial=Money.NONE,
    steps=STEPS,
    turns={
        Money.NONE: "",
        Money.HELD: "",
        Money.CAPTURED: "",
        Money.RELEASED: "",
        Money.DUE: "owner",
        Money.ORDERED: "desk",
        Money.INVOICED: "payer",
        Money.PAID: "",
        Money.VOID: "",
        Money.TO_REFUND: "desk",
        Money.REFUNDED: "",
    },
)

# What somebody pays, whichever way it has got.
BILLED = frozenset({Money.DUE, Money.ORDERED, Money.INVOICED, Money.PAID})
# Typed by the desk with the step that it belongs to.
ACCOUNTS_OF = {
    "record_order": ("order_number", "payer"),
    "record_invoice": ("invoice_reference",),
    "record_payment": ("paid_on",),
}
