"""An account of the ledger: a kind, an owner, a period, and the balance that its movements make."""

from decimal import Decimal
from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from orders.ledger.kinds import OWNERS, PURSES, QUOTAS, AccountKind, OwnerKind
from orders.ledger.models.period import Period


class AccountQuerySet(models.QuerySet["Account"]):
    def of(self, owner_kind: str, owner_key: object) -> "AccountQuerySet":
        """Owned by one organisation, project, category, pool or line, in any period."""
        return self.filter(owner_kind=owner_kind, owner_key=str(owner_key))

    def quotas(self) -> "AccountQuerySet":
        """Those whose balance is free quota."""
        return self.filter(kind__in=QUOTAS)

    def purses(self) -> "AccountQuerySet":
        """Those an order may draw on."""
        return self.filter(kind__in=PURSES)


class Account(models.Model):
    """One place where quota lies. Its last five columns are written by the database alone.

    `balance` repeats the sum of its movements so that PostgreSQL can refuse an overdraft by itself,
    whichever way it is asked. `seal` is a SHA-256 chain: it begins with the account's own identity
    and takes in the digest of each movement, so that nothing can be removed, added or reordered
    unseen. `moved_at` keeps the instants of an account strictly growing, even when a clock steps back.
    """

    Kind = AccountKind
    OwnerKind = OwnerKind

    period = models.ForeignKey(
        Period, models.PROTECT, verbose_name=_("period"), related_name="accounts"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AccountKind)
    owner_kind = models.CharField(
        _("kind of owner"), max_length=12, choices=OwnerKind, blank=True, default=""
    )
    owner_key = models.CharField(_("owner"), max_length=64, blank=True, default="")
    balance = models.DecimalField(
        _("balance"), max_digits=14, decimal_places=2, editable=False, db_default=Decimal(0)
    )
    movements = models.PositiveIntegerField(_("number of movements"), editable=False, db_default=0)
    moved_at = models.DateTimeField(_("last movement"), null=True, editable=False)
    seal = models.BinaryField(_("seal"), max_length=32, db_default=Value(b""))

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "kind", "owner_kind", "owner_key"],
                name="account_once_per_owner_and_period",
            ),
            models.CheckConstraint(
                condition=Q(kind=AccountKind.SOURCE) | Q(balance__gte=0),
                name="quota_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=reduce(
                    or_,
                    (
                        Q(kind=kind, owner_kind__in=[owner.value for owner in owners])
                        for kind, owners in OWNERS.items()
                    ),
                ),
                name="account_has_a_fitting_owner",
            ),
            models.CheckConstraint(
                condition=Q(owner_kind="", owner_key="") | (~Q(owner_kind="") & ~Q(owner_key="")),
                name="account_owner_is_named",
            ),
        ]
        indexes = [models.Index(fields=["owner_kind", "owner_key"], name="account_by_owner")]
        triggers = [
            # Depth 0 is a statement from outside; the ledger's own trigger writes at depth 1.
            pgtrigger.Protect(
                name="moves_with_movements",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the accounts of the ledger are never emptied';",
            ),
        ]

    def __str__(self) -> str:
        words = self.get_kind_display()
        if self.owner_kind:
            words = f"{words}, {self.get_owner_kind_display()} {self.owner_key}"
        return f"{words} ({self.period})"

    @property
    def is_quota(self) -> bool:
        """Whether its balance is free quota."""
        return self.kind in QUOTAS
