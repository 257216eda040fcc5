"""Periods opened, found by an instant, and closed by giving what is left back to the source."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import Invalid, NotFound, NotNow
from orders.ledger.kinds import AccountKind, MovementKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services.accounts import account_of, lock
from orders.ledger.services.booking import Entry, book_new, booked, constraint_of


def span(year: int, quarter: int | None = None) -> tuple[date, date]:
    """Return the first and last days of a year, or of a quarter of it (1 to 4)."""
    if quarter is None:
        return date(year, 1, 1), date(year, 12, 31)
    if quarter not in (1, 2, 3, 4):
        raise Invalid("quarter_unknown", _("A year has four quarters."), quarter=quarter)
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), after - timedelta(days=1)


def open_period(sensor: Sensor, *, year: int, quarter: int | None = None, by: Actor) -> Period:
    """Open a sensor's year or quarter with its source, budget and reserve; return it if it is open.

    Raises NotNow when it would overlap another period of the sensor.
    """
    starts_on, ends_on = span(year, quarter)
    those_days = Period.objects.filter(sensor=sensor, starts_on=starts_on, ends_on=ends_on)
    if found := those_days.first():
        return found
    try:
        with transaction.atomic():
            period = Period.objects.create(
                sensor=sensor,
                label=f"{year}" if quarter is None else f"{year}-Q{quarter}",
                unit=sensor.unit,
                starts_on=starts_on,
                ends_on=ends_on,
                **by.columns(),
            )
            for kind in (AccountKind.SOURCE, AccountKind.BUDGET, AccountKind.RESERVE):
                account_of(period, kind)
    except IntegrityError as error:
        if constraint_of(error) != "periods_never_overlap":
            raise
        if found := those_days.first():
            return found
        raise NotNow(
            "period_overlaps", _("A period of this sensor already covers some of these days.")
        ) from error
    return period


def period_at(sensor: Sensor | str, instant: datetime) -> Period:
    """Return the sensor's period running at an instant, by the day it is in Paris.

    Raises NotFound when none is open.
    """
    period = Period.objects.at(instant).select_related("sensor").filter(sensor=sensor).first()
    if period is None:
        raise NotFound("no_period_open", _("No period is open for this sensor."))
    return period


@transaction.atomic
def expire(
    period: Period, *, key: str, by: Actor, reason: str, rule_version: str = ""
) -> list[Movement]:
    """Give what is free at the end of a period back to the source, as one deed.

    What is still held stays held, and may be captured or released later; another deed then takes
    what came back. Raises NotNow while the period runs.
    """
    if found := booked(key):
        return found
    if not period.is_over:
        raise NotNow("period_still_runs", _("This period is not over."), ends_on=period.ends_on)
    source = account_of(period, AccountKind.SOURCE)
    lock([source, *Account.objects.quotas().filter(period=period)])
    left = Account.objects.quotas().filter(period=period, balance__gt=0).order_by("pk")
    entries = [Entry(MovementKind.EXPIRE, account, source, account.balance) for account in left]
    return book_new(entries, deed=key, by=by, reason=reason, rule_version=rule_version)
