"""A contributor's offer bought: euros are paid outside, the attempts enter a pool or an allotment."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_quota_administrator
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Period
from orders.ledger.services.booking import constraint_of
from orders.models import Contribution, Pool
from orders.pricing.rules import OfferedShare
from orders.services.pools import pools
from orders.services.rules.rules import rules_in_force
from orders.states.pool import PoolState


def offers(period: Period) -> list[OfferedShare]:
    """What may be bought for a period today, the cheapest first."""
    found = [one for one in rules_in_force().offers if one.sensor == period.sensor_id]
    return sorted(found, key=lambda one: one.eur)


def record(
    period: Period,
    organisation: Organisation,
    offer: OfferedShare,
    *,
    order_number: str,
    pool: Pool | None = None,
    by: Actor,
) -> Contribution:
    """Write an offer down as bought and book its attempts. The same order number is one contribution.

    Raises NotAllowed (no quota administrator), Invalid (no number, an offer of other rules), NotNow
    (the period is over, the pool is not of it, the number is used).
    """
    check_is_quota_administrator(by.user)
    if not order_number.strip():
        raise Invalid("order_number_missing", _("Type the payer's order number."))
    if offer not in offers(period):
        raise Invalid("offer_unknown", _("The rules of today have no such offer."))
    if period.is_over or (pool is not None and pool.period_id != period.pk):
        raise NotNow("period_over", _("%(period)s is over.") % {"period": period})
    try:
        return _recorded(period, organisation, offer, order_number.strip(), pool, by)
    except IntegrityError as error:
        if constraint_of(error) != "contribution_once_an_order":
            raise
        raise NotNow(
            "order_number_used", _("This order number is written down already.")
        ) from error


@transaction.atomic
def _recorded(
    period: Period,
    organisation: Organisation,
    offer: OfferedShare,
    order_number: str,
    pool: Pool | None,
    by: Actor,
) -> Contribution:
    version = rules_in_force().code
    if pool is not None:
        pool = pools.locked(pool)
        if pool.state not in {PoolState.OPEN, PoolState.REACHED}:
            raise NotNow("pool_not_open", _("This pool takes no more pledges."))
    made = Contribution.objects.create(
        organisation=organisation,
        period=period,
        pool=pool,
        eur=offer.eur,
        attempts=offer.attempts,
        rule_version=version,
        order_number=order_number,
        at=timezone.now(),
        **by.columns(),
    )
    if pool is not None:
        account = pools.account_of(pool)
    else:
        kind, owner = AccountKind.ALLOTMENT, OwnerKind.ORGANISATION
        account = ledger.account_of(period, kind, organisation.pk, owner_kind=owner)
    ledger.contribute(
        account,
        offer.attempts,
        key=f"contribution:{made.pk}",
        by=by,
        reason=_("Contribution of %(organisation)s, order %(number)s.")
        % {"organisation": organisation, "number": order_number},
        rule_version=version,
    )
    return made
