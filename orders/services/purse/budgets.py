"""The quota administrator's acts: a period opened, its budget set, allotments given and changed."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.policies import check_is_quota_administrator
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotNow
from orders.ledger import services as ledger
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.models import Closing
from orders.services.rules.rules import rules_in_force


def check_not_closed(period: Period) -> None:
    """Raise NotNow for a period whose books are closed."""
    if Closing.objects.done().filter(period=period).exists():
        raise NotNow(
            "period_is_closed", _("%(period)s is closed.") % {"period": period}, period=str(period)
        )


def open_period(sensor: Sensor, *, year: int, quarter: int | None, by: Actor) -> Period:
    """Open a year or a quarter for a sensor; open already, it is returned."""
    check_is_quota_administrator(by.user)
    return ledger.open_period(sensor, year=year, quarter=quarter, by=by)


def set_budget(
    period: Period, amount: Decimal, *, reason: str, key: str, by: Actor
) -> list[Movement]:
    """Bring the budget of a period to this size. `key` names the form: sent twice, it acts once."""
    check_is_quota_administrator(by.user)
    _check_reason(reason)
    check_not_closed(period)
    version = rules_in_force().code
    return ledger.set_budget(
        period, amount, key=key, by=by, reason=reason.strip(), rule_version=version
    )


def set_organisation(
    period: Period,
    organisation: Organisation,
    amount: Decimal,
    *,
    reason: str,
    key: str,
    by: Actor,
) -> list[Movement]:
    """Bring an organisation's allotment to this size, against the budget."""
    account = ledger.account_of(
        period, AccountKind.ALLOTMENT, organisation.pk, owner_kind=OwnerKind.ORGANISATION
    )
    return _set(account, amount, reason=reason, key=key, by=by)


def set_common(
    period: Period, category: str, amount: Decimal, *, reason: str, key: str, by: Actor
) -> list[Movement]:
    """Bring the common share of a category to this size, against the budget."""
    account = ledger.account_of(period, AccountKind.COMMON, category)
    return _set(account, amount, reason=reason, key=key, by=by)


def set_reserve(
    period: Period, amount: Decimal, *, reason: str, key: str, by: Actor
) -> list[Movement]:
    """Bring the reserve of a period to this size, against the budget."""
    account = ledger.account_of(period, AccountKind.RESERVE)
    return _set(account, amount, reason=reason, key=key, by=by)


def size_before(moved: Sequence[Movement], size: Decimal) -> Decimal:
    """What the size was before these movements brought it to `size`: one at least, all of one resizing.

    A budget grows and shrinks against what was put in from outside, everything else against the budget.
    """
    ends = {moved[0].from_account.kind, moved[0].to_account.kind}
    counterpart = AccountKind.SOURCE if AccountKind.SOURCE in ends else AccountKind.BUDGET
    return size - sum(
        one.amount if one.from_account.kind == counterpart else -one.amount for one in moved
    )


def _set(account: Account, amount: Decimal, *, reason: str, key: str, by: Actor) -> list[Movement]:
    check_is_quota_administrator(by.user)
    _check_reason(reason)
    check_not_closed(account.period)
    version = rules_in_force().code
    return ledger.set_allotment(
        account, amount, key=key, by=by, reason=reason.strip(), rule_version=version
    )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason_missing", _("Say why: the statement keeps it for ever."))
