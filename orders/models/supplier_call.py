"""One intent to change something at a supplier, and what became of it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.policies import is_desk
from dinamis.lifecycle import Living
from orders.models.supplier import Supplier
from orders.models.supplier_order import SupplierOrder
from orders.states.supplier_call import OPEN, CallState
from orders.suppliers.protocol import Verb

VERBS = {
    Verb.PLACE: _("Order"),
    Verb.DECIDE: _("Answer for an image"),
    Verb.CANCEL: _("Cancel"),
}


class SupplierCallQuerySet(models.QuerySet["SupplierCall"]):
    def visible_to(self, user: Any) -> "SupplierCallQuerySet":
        """The desk's alone."""
        return self.all() if is_desk(user) else self.none()

    def open(self) -> "SupplierCallQuerySet":
        return self.filter(state__in=OPEN)

    def due(self, at: Any) -> "SupplierCallQuerySet":
        """Open, due, and in nobody's hands: those of a dead worker included."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=at)
        return self.open().filter(free, next_at__lte=at).order_by("next_at", "pk")


class SupplierCall(Living):
    """`key` is unique: one intent, one row, however often somebody asks for it.

    `facts` are the verb's own, such as {"acquisition": "…", "accept": true}; `claim` is the token
    of the round that has it in hand, so that a slow worker cannot write over its successor.
    """

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="calls")
    order = models.ForeignKey(SupplierOrder, models.PROTECT, related_name="calls")
    verb = models.CharField(_("verb"), max_length=10, choices=VERBS)
    key = models.CharField(_("key"), max_length=160, unique=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CallState, default=CallState.WAITING
    )
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("not before"))
    made_at = models.DateTimeField(_("made at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=2000, blank=True)
    answer_digest = models.CharField(_("digest of the answer"), max_length=64, blank=True)

    objects = SupplierCallQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("call to a supplier")
        verbose_name_plural = _("calls to suppliers")
        indexes = [
            models.Index(
                fields=["supplier", "next_at"],
                condition=Q(state__in=["waiting", "sent", "doubtful"]),
                name="supplier_call_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="supplier_call_sent_has_its_hour",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class SupplierMessage(models.Model):
    """A callback received: kept so that its id is taken in once. Unsigned, it is only a hint."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="messages")
    identifier = models.CharField(_("identifier"), max_length=120)
    is_signed = models.BooleanField(_("signed"))
    body = models.JSONField(_("body"), default=dict)
    received_at = models.DateTimeField(_("received at"))
    taken_in_at = models.DateTimeField(_("taken in at"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("message of a supplier")
        verbose_name_plural = _("messages of suppliers")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "identifier"], name="supplier_message_once")
        ]

    def __str__(self) -> str:
        return self.identifier
