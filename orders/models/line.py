"""A line: one image wanted, with its three lives, its hold and its supplier's reference."""

from datetime import date, datetime
from typing import Any

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from dinamis.lifecycle import Living
from orders.ledger.models import Account
from orders.models.order import Order, seen_by
from orders.models.quote import Quote, Wish
from orders.states import Approval, Money, Supply
from orders.states.approval import WAITING
from orders.states.supply import STOPPABLE


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, user: Any) -> "LineQuerySet":
        """The lines of the orders that the reader sees."""
        return self.filter(seen_by(user, "order__"))

    def waiting(self) -> "LineQuerySet":
        """Asked and not yet placed: these can still be stopped at no cost."""
        asked = [Approval.WAITING_QUOTA, *WAITING, Approval.ACCEPTED]
        return self.filter(approval__in=asked, supply__in=STOPPABLE)

    def queued(self) -> "LineQuerySet":
        """On the waiting list of a purse, in the order in which they are served."""
        return self.filter(approval=Approval.WAITING_QUOTA).order_by("queued_at", "pk")

    def lapsing(self, at: datetime) -> "LineQuerySet":
        """Drafts and lines on a waiting list whose quote has expired."""
        unsent = [Approval.DRAFT, Approval.WAITING_QUOTA]
        return self.filter(approval__in=unsent, quote__expires_at__lte=at)

    def offers_over(self, at: datetime) -> "LineQuerySet":
        """Offered in part, and not answered before the offer's quote expired."""
        return self.filter(approval=Approval.OFFERED, due_at__lte=at)

    def window_over(self, on: date) -> "LineQuerySet":
        """Tasking whose window ended before a day, with no image under way."""
        asked = Q(approval__in=[Approval.WAITING_QUOTA, *WAITING]) | Q(
            approval=Approval.ACCEPTED,
            supply__in=[Supply.TO_PLACE, Supply.PLACED, Supply.ATTEMPTING],
        )
        return self.filter(asked, window_ends_on__lt=on)


class Line(Wish, Living):
    """One image wanted. `state_since` and `due_at` are written by the step taken last."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField(_("number"))
    reference = models.CharField(_("reference"), max_length=24, unique=True)
    quote = models.OneToOneField(Quote, models.PROTECT, related_name="line")
    # What the requester is asked to confirm, when a completed scene made the price grow.
    proposed_quote = models.ForeignKey(
        Quote, models.PROTECT, related_name="proposed_for", null=True, blank=True
    )
    approval = models.CharField(
        _("approval"), max_length=20, choices=Approval, default=Approval.DRAFT
    )
    supply = models.CharField(_("supply"), max_length=15, choices=Supply, default=Supply.NONE)
    money = models.CharField(_("money"), max_length=10, choices=Money, default=Money.NONE)
    # The place in a purse's waiting list. Kept by a line that was set aside, for when it comes back.
    queued_at = models.DateTimeField(_("in the waiting list since"), null=True, blank=True)
    waits_on = models.ForeignKey(
        Account, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("purse")
    )
    # The kind of the question that the requester is asked now, a proposed image aside.
    asks = models.CharField(_("asks"), max_length=12, blank=True)
    supplier_reference = models.CharField(_("supplier's reference"), max_length=80, blank=True)
    # Where somebody pays: the payer's order, our invoice, the day of the payment; typed by the desk.
    order_number = models.CharField(_("payer's order number"), max_length=60, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    invoice_reference = models.CharField(_("invoice"), max_length=60, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="lines", null=True, blank=True
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["order", "number"]
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        indexes = [
            models.Index(fields=["approval", "supply", "state_since"], name="line_queue"),
            models.Index(
                fields=["waits_on", "queued_at", "id"],
                condition=Q(approval="waiting_quota"),
                name="line_waiting_list",
            ),
            models.Index(
                fields=["window_ends_on"], condition=Q(kind="tasking"), name="line_window_end"
            ),
            models.Index(
                fields=["supplier_reference"],
                condition=~Q(supplier_reference=""),
                name="line_supplier_reference",
            ),
        ]
        constraints = [
            *Wish.Meta.constraints,
            models.UniqueConstraint(fields=["order", "number"], name="line_number_once_an_order"),
            models.CheckConstraint(
                condition=~Q(supply="delivered") | Q(product__isnull=False),
                name="line_delivered_has_a_product",
            ),
            models.CheckConstraint(
                condition=~Q(
                    supply__in=[
                        "placing",
                        "placed",
                        "attempting",
                        "proposed",
                        "in_production",
                        "delivered",
                    ]
                )
                | Q(approval="accepted"),
                name="line_placed_was_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(
                    Q(approval__in=["refused", "withdrawn", "converted", "lapsed"])
                    | Q(supply__in=["delivered", "failed", "closed", "stopped"]),
                    money="held",
                ),
                name="line_over_holds_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(
                    supply__in=[
                        "placing",
                        "placed",
                        "attempting",
                        "proposed",
                        "in_production",
                        "delivered",
                    ],
                    money="due",
                ),
                name="line_placed_has_its_order_number",
            ),
            models.CheckConstraint(
                condition=~Q(money__in=["ordered", "invoiced", "paid"])
                | (~Q(order_number="") & ~Q(payer="")),
                name="line_ordered_has_a_payer",
            ),
            models.CheckConstraint(
                condition=~Q(money="invoiced", invoice_reference=""),
                name="line_invoiced_has_an_invoice",
            ),
            models.CheckConstraint(
                condition=~Q(money="paid") | Q(paid_on__isnull=False), name="line_paid_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(approval="to_confirm") | Q(proposed_quote__isnull=False),
                name="line_to_confirm_has_a_quote",
            ),
            models.CheckConstraint(
                condition=~Q(approval="waiting_quota")
                | Q(queued_at__isnull=False, waits_on__isnull=False),
                name="line_waiting_has_its_place",
            ),
            models.CheckConstraint(
                condition=~Q(approval="offered") | Q(proposed_quote__isnull=False),
                name="line_offered_has_a_quote",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(due_at__gte=F("state_since")),
                name="line_due_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()
