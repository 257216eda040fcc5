"""How a quota burns down and where its period will end: consumed, held, and a share of what is pending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from orders.ledger.burning import Day, days
from orders.ledger.kinds import AccountKind, OwnerKind
from orders.ledger.models import Account, Period
from orders.ledger.sums import ZERO
from orders.models import PendingWeight, Quote
from orders.services.rules.rules import version_in_force
from orders.states import Approval

Stage = PendingWeight.Stage
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Pending:
    """What is asked at one stage and holds nothing: how often, how much, and what is reckoned with."""

    stage: str
    count: int
    units: Decimal
    percent: int

    @property
    def label(self) -> str:
        return str(Stage(self.stage).label)

    @property
    def weighted(self) -> Decimal:
        return (self.units * self.percent / 100).quantize(_CENT)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A quota, or all of a period's read as one: its days, one row a month, and what is expected at the end."""

    period: Period
    today: date
    days: list[Day]
    pending: list[Pending]

    @property
    def now(self) -> Day:
        return self.days[-1] if self.days else Day(self.today, ZERO, ZERO, ZERO)

    @property
    def weighted(self) -> Decimal:
        return sum((one.weighted for one in self.pending), ZERO)

    @property
    def expected(self) -> Decimal:
        """Used at the end of the period, if everything held is delivered."""
        return self.now.consumed + self.now.held + self.weighted

    @property
    def left(self) -> Decimal:
        """What will be over; below zero, what will be missing."""
        return self.now.granted - self.expected

    @property
    def shortage_or_left(self) -> Decimal:
        return abs(self.left)

    @property
    def months(self) -> list[Day]:
        """How it stood at the end of each month so far, and today."""
        ends = _month_ends(self.period.starts_on, min(self.today, self.period.ends_on))
        return [_as_of(self.days, end) for end in ends]


def of_account(account: Account) -> Forecast:
    """The forecast of one quota."""
    return _forecast(account.period, [account], _asked_of(account))


def of_period(period: Period) -> Forecast:
    """The forecast of all quotas of a period read as one."""
    return _forecast(period, list(period.accounts.quotas()), Q())


def _forecast(period: Period, quotas: Sequence[Account], asked: Q) -> Forecast:
    return Forecast(period, timezone.localdate(), list(days(quotas)), _pending(period, asked))


def _pending(period: Period, asked: Q) -> list[Pending]:
    """What is asked of the sensor and not held, by stage, surest last; only for a period that runs."""
    weights = dict(version_in_force().pendingweight_rows.values_list("stage", "percent"))
    found = (
        {} if period.is_over else _by_stage(Quote.objects.filter(asked, sensor=period.sensor_id))
    )
    return [
        Pending(stage, *found.get(stage, (0, ZERO)), weights.get(stage, 0))
        for stage in Stage.values
    ]


def _by_stage(quotes: QuerySet[Quote]) -> dict[str, tuple[int, Decimal]]:
    living = Q(expires_at__gt=timezone.now())
    stage = Case(
        When(Q(line=None) & living, then=Value(Stage.QUOTE)),
        When(Q(line__approval=Approval.DRAFT) & living, then=Value(Stage.DRAFT)),
        When(line__approval=Approval.WAITING_QUOTA, then=Value(Stage.WAITING)),
    )
    rows = (
        quotes.filter(quota_units__gt=0)
        .annotate(stage=stage)
        .exclude(stage=None)
        .order_by()
        .values_list("stage")
        .annotate(count=Count("pk"), units=Sum("quota_units"))
    )
    return {name: (count, units) for name, count, units in rows}


def _asked_of(account: Account) -> Q:
    """Whose quotes would be carried by this quota first; nobody's, for a budget, a reserve or a pool."""
    if account.owner_kind == OwnerKind.ORGANISATION:
        return Q(organisation=account.owner_key, project=None)
    if account.owner_kind == OwnerKind.PROJECT:
        return Q(project=account.owner_key)
    if account.kind == AccountKind.COMMON:
        having = Account.objects.filter(
            period=account.period, kind=AccountKind.ALLOTMENT, owner_kind=OwnerKind.ORGANISATION
        )
        keys = [int(key) for key in having.values_list("owner_key", flat=True)]
        return Q(category=account.owner_key, project=None) & ~Q(organisation__in=keys)
    return Q(pk=None)


def _month_ends(first: date, last: date) -> list[date]:
    ends, day = [], first
    while day <= last:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        ends.append(min(following - timedelta(days=1), last))
        day = following
    return ends


def _as_of(known: list[Day], day: date) -> Day:
    before = [one for one in known if one.day <= day]
    last = before[-1] if before else Day(day, ZERO, ZERO, ZERO)
    return Day(day, last.granted, last.held, last.consumed)
