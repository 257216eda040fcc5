"""A movement of quota from one account to another: added, never changed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dinamis.actors import ActedBy
from orders.ledger.kinds import DECIDED, SETTLING, MovementKind
from orders.ledger.models.account import Account


class MovementQuerySet(models.QuerySet["Movement"]):
    def touching(self, *accounts: Account | int) -> "MovementQuerySet":
        """From or to any of these accounts."""
        ids = [account if isinstance(account, int) else account.pk for account in accounts]
        return self.filter(Q(from_account__in=ids) | Q(to_account__in=ids))

    def in_order(self) -> "MovementQuerySet":
        """As they were booked: instants grow along each account."""
        return self.order_by("at", "pk")


class Movement(ActedBy):
    """An amount, from one account to another, for a reason. A deed may be several of them.

    The database sets `at` once the accounts are locked, and `digest`, the SHA-256 of every other
    column; it moves both balances itself. A capture or a release names the hold that it settles.
    """

    Kind = MovementKind

    from_account = models.ForeignKey(
        Account, models.PROTECT, verbose_name=_("from"), related_name="given", db_index=False
    )
    to_account = models.ForeignKey(
        Account, models.PROTECT, verbose_name=_("to"), related_name="taken", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    hold = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("hold it settles"),
        related_name="settlements",
        db_index=False,
    )
    deed = models.CharField(_("deed"), max_length=120, db_index=True)
    key = models.CharField(_("key"), max_length=130)
    reason = models.TextField(_("reason"), blank=True)
    rule_version = models.CharField(_("version of the rules"), max_length=60, blank=True)
    at = models.DateTimeField(_("at"), editable=False, db_default=Now())
    digest = models.BinaryField(_("digest"), max_length=32, db_default=Value(b""))

    objects = MovementQuerySet.as_manager()

    class Meta(ActedBy.Meta):
        ordering = ["at", "pk"]
        verbose_name = _("movement")
        verbose_name_plural = _("movements")
        constraints = [
            *ActedBy.Meta.constraints,
            models.UniqueConstraint(fields=["key"], name="movement_booked_once"),
            models.CheckConstraint(
                condition=Q(kind__in=MovementKind.values), name="movement_has_a_known_kind"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="movement_has_an_amount"),
            models.CheckConstraint(
                condition=~Q(from_account=F("to_account")), name="movement_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SETTLING, hold__isnull=False)
                | (~Q(kind__in=SETTLING) & Q(hold__isnull=True)),
                name="movement_names_its_hold",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=DECIDED) | ~Q(reason=""), name="movement_gives_its_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["from_account", "at"], name="movement_given_by_account"),
            models.Index(fields=["to_account", "at"], name="movement_taken_by_account"),
            models.Index(
                fields=["hold"], condition=Q(hold__isnull=False), name="movement_settling_a_hold"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the movements of the ledger are never emptied';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}: {self.amount}"
