"""What a merger of two organisations moves here: orders, quotes, projects, and what is free in the allotments.

What is held for a line stays held, and is consumed or given back as for any line; what comes back to
an absorbed organisation's allotment afterwards goes on to its successor.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Merger, Organisation
from accounts.policies import check_is_member
from dinamis import formats
from dinamis.actors import Actor
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.models import (
    Line,
    Order,
    Pledge,
    Pool,
    Project,
    ProjectPartner,
    QuotaRequest,
    Quote,
    Series,
    Standin,
)
from orders.services.purse import quota_requests
from orders.services.rules.rules import rules_in_force


@dataclass(frozen=True, slots=True)
class Free:
    """What is free in one allotment of one period, in the period's unit."""

    account: Account
    free: Decimal

    @property
    def words(self) -> str:
        """The amount with its unit."""
        in_attempts = self.account.period.unit == Period.Unit.ATTEMPT
        return formats.attempts(int(self.free)) if in_attempts else formats.area(self.free)


@dataclass(frozen=True, slots=True)
class Moving:
    """What of this room would move: orders, lines still under way, and free quota by period."""

    orders: int
    lines: int
    allotments: list[Free]


def preview(absorbed: Organisation) -> Moving:
    """What would move; changes nothing."""
    orders = Order.objects.filter(organisation=absorbed)
    return Moving(
        orders=orders.count(),
        lines=Line.objects.waiting().filter(order__in=orders).count(),
        allotments=[Free(account, account.balance) for account in _allotments(absorbed)],
    )


def follow(merger: Merger, *, by: Actor) -> None:
    """Move orders, quotes, projects and free quota to the successor, inside the transaction of the merger."""
    gone, heir = merger.absorbed, merger.successor
    Order.objects.filter(organisation=gone).update(organisation=heir)
    Quote.objects.filter(organisation=gone).update(organisation=heir)
    Project.objects.filter(organisation=gone).update(organisation=heir)
    ProjectPartner.objects.filter(organisation=gone).update(organisation=heir)
    Series.objects.filter(organisation=gone).update(organisation=heir)
    Standin.objects.filter(organisation=gone).update(organisation=heir)
    Pool.objects.filter(keeper=gone).update(keeper=heir)
    Pledge.objects.filter(organisation=gone).update(organisation=heir)
    for asked in QuotaRequest.objects.open().filter(organisation=gone):
        quota_requests.withdraw(asked, by=Actor.system("orders"))
    for account in _allotments(gone):
        _pass_on(account, merger, by=by)


def pass_on_returns() -> int:
    """Give what came back to absorbed organisations since on to their successors; return how many moved."""
    moved = 0
    for merger in Merger.objects.select_related("absorbed", "successor"):
        for account in _allotments(merger.absorbed):
            with transaction.atomic():
                moved += _pass_on(account, merger, by=Actor.system("orders"))
    return moved


def acting_organisation(user: object) -> Organisation:
    """Return the organisation a person acts for, held still until the transaction ends.

    A merger that is under way is waited for, and its successor returned. Raises what
    `check_is_member` raises.
    """
    organisation = check_is_member(user).organisation
    while True:
        Organisation.objects.hold_still(organisation.pk)
        now = check_is_member(user).organisation
        if now == organisation:
            return now
        organisation = now


def hold_organisation_of(order_pk: int) -> None:
    """Hold the organisation of an order still, before the order or its lines are locked."""
    rows = Order.objects.filter(pk=order_pk).values_list("organisation_id", flat=True)
    held = rows.get()
    while True:
        Organisation.objects.hold_still(held)
        now = rows.get()
        if now == held:
            return
        held = now


def _allotments(organisation: Organisation) -> list[Account]:
    """Its allotments that have something free, in order of id, of periods that still run."""
    rows = Account.objects.filter(kind=AccountKind.ALLOTMENT, balance__gt=0)
    mine = rows.of(OwnerKind.ORGANISATION, organisation.pk).select_related("period").order_by("pk")
    return [account for account in mine if not account.period.is_over]


def _pass_on(account: Account, merger: Merger, *, by: Actor) -> bool:
    """One transfer of all that is free; its key counts the movements before it, so a retry finds it."""
    heir = ledger.account_of(
        account.period,
        AccountKind.ALLOTMENT,
        merger.successor.successor.pk,
        owner_kind=OwnerKind.ORGANISATION,
    )
    ledger.lock([account, heir])
    account.refresh_from_db(fields=["balance"])
    if not account.balance:
        return False
    before = Movement.objects.filter(from_account=account).count()
    ledger.transfer(
        account,
        account.balance,
        to_account=heir,
        key=f"merger:{merger.pk}:{account.pk}:{before}",
        by=by,
        reason=_("%(name)s became part of %(successor)s.")
        % {"name": merger.absorbed.name, "successor": merger.successor.name},
        rule_version=rules_in_force().code,
    )
    return True
