"""What an account's movements came to at an instant that is past: so that a read adds up the few since then."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.ledger.kinds import MovementKind
from orders.ledger.models.account import Account


class Milestone(models.Model):
    """The sums of one kind over all movements of an account up to and including an instant.

    A milestone of an account is one row for each kind that it has. It repeats what never changes, so
    it is never changed either; `check_ledger` adds everything up again.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, verbose_name=_("account"), related_name="milestones"
    )
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind)
    taken = models.DecimalField(_("received"), max_digits=16, decimal_places=2, default=Decimal(0))
    given = models.DecimalField(_("given"), max_digits=16, decimal_places=2, default=Decimal(0))
    count = models.PositiveIntegerField(_("movements"))

    class Meta:
        ordering = ["account", "at", "kind"]
        verbose_name = _("milestone of an account")
        verbose_name_plural = _("milestones of accounts")
        constraints = [
            models.UniqueConstraint(fields=["account", "at", "kind"], name="milestone_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="milestone_never_changed", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.at:%Y-%m-%d %H:%M:%S} {self.kind}"
