"""The money of a line: what the quota holds for it, or what is to be paid where no quota carries it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from dinamis.lifecycle import Life, step


class Money(models.TextChoices):
    NONE = "none", _("Nothing held")
    HELD = "held", _("Held on the quota")
    CAPTURED = "captured", _("Counted on the quota")
    RELEASED = "released", _("Given back to the quota")
    DUE = "due", _("To be paid")
    PAID = "paid", _("Paid")
    VOID = "void", _("Not to be paid any more")


STEPS = {
    "hold": step(
        Money.NONE,
        Money.RELEASED,
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
    "bill": step(Money.NONE, Money.VOID, to=Money.DUE, by="system", label=_("Ask for payment")),
    "record_payment": step(
        Money.DUE,
        to=Money.PAID,
        by="desk",
        label=_("Payment received"),
        needs_reason=True,
        style="primary",
        consequence=_("The line can be placed with the supplier."),
    ),
    "void": step(Money.DUE, to=Money.VOID, by="system", label=_("Ask for nothing")),
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
        Money.PAID: "",
        Money.VOID: "",
    },
)
