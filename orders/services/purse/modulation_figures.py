"""What a modulation would do, account by account, before anything is written; and the movements it takes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from dinamis.errors import Invalid
from orders.ledger import services as ledger
from orders.ledger.errors import CutTooDeep, QuotaTooSmall
from orders.ledger.kinds import AccountKind, MovementKind, OwnerKind
from orders.ledger.models import Account, Movement, Period
from orders.ledger.services import Entry
from orders.ledger.spread import Part, largest, spread
from orders.ledger.summaries import Row, quotas_now
from orders.models import Line, Modulation, Quote
from orders.models.modulation import Aim, SpreadRule, Towards
from orders.services.purse import quota
from orders.states import Approval

ZERO = Decimal("0.00")
_STEP = {Period.Unit.KM2: Decimal("0.01"), Period.Unit.ATTEMPT: Decimal("1.00")}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the administrator asks: `amount` in the period's unit or `share` in %; a cut is below zero."""

    period: Period
    aim: str
    rule: str = ""
    amount: Decimal | None = None
    share: Decimal | None = None
    floor: Decimal | None = None
    towards: str = Towards.BUDGET


@dataclass(frozen=True, slots=True)
class Change:
    """One account: its size before and after, and what of it is at work. `touched` counts what waits
    to be sent (drafts and open quotes) and would no longer fit; `under_way` the lines that hold quota."""

    account: Account
    name: str
    before: Decimal
    change: Decimal
    free: Decimal
    held: Decimal
    consumed: Decimal
    under_way: int
    touched: int

    @property
    def after(self) -> Decimal:
        return self.before + self.change

    @property
    def free_after(self) -> Decimal:
        return self.free + self.change

    @property
    def is_stopped(self) -> bool:
        """Cut as far as can be: nothing of it is free any more."""
        return self.change < 0 and not self.free_after


@dataclass(frozen=True, slots=True)
class Side:
    """The budget or the reserve: what is free in it, before and after."""

    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """A whole preview. `total` is below zero for a cut; `digest` names exactly these figures."""

    wish: Wish
    total: Decimal
    changes: list[Change]
    budget: Side
    reserve: Side
    digest: str

    @property
    def moved(self) -> Decimal:
        return abs(self.total)

    @property
    def changed(self) -> list[Change]:
        return [one for one in self.changes if one.change]

    @property
    def touched(self) -> int:
        """How many drafts and open quotes would no longer fit."""
        return sum(one.touched for one in self.changes)

    @property
    def stopped(self) -> list[Change]:
        return [one for one in self.changes if one.is_stopped]


def figures(wish: Wish) -> Figures:
    """Work a wish out on the ledger as it is. Raises Invalid, CutTooDeep and QuotaTooSmall.

    Both refusals carry, as `available`, the largest that is possible, to the last hundredth.
    """
    rows = quotas_now(wish.period)
    budget = next(row for row in rows if row.account.kind == AccountKind.BUDGET)
    reserve = next(row for row in rows if row.account.kind == AccountKind.RESERVE)
    if wish.aim == Aim.BUDGET:
        total, changes = _of_budget(wish, budget, rows), []
        after = budget.free + total
        sides = Side(budget.free, after), Side(reserve.free, reserve.free)
    else:
        allotments = [row for row in rows if row.account.kind == AccountKind.ALLOTMENT]
        against = reserve if wish.towards == Towards.RESERVE else budget
        total, shares = _of_allotments(wish, allotments, against)
        changes = _changes(wish.period, allotments, shares)
        sides = tuple(
            Side(row.free, row.free - total if row is against else row.free)
            for row in (budget, reserve)
        )
    return Figures(wish, total, changes, *sides, _digest(total, changes, sides))


def entries(found: Figures) -> list[Entry]:
    """The movements that these figures take, in order of the accounts' ids."""
    wish = found.wish
    if wish.aim == Aim.BUDGET:
        source = ledger.account_of(wish.period, AccountKind.SOURCE)
        budget = ledger.account_of(wish.period, AccountKind.BUDGET)
        if found.total > 0:
            return [Entry(MovementKind.GRANT, source, budget, found.total)]
        return [Entry(MovementKind.ADJUST, budget, source, found.moved)]
    kind = AccountKind.RESERVE if wish.towards == Towards.RESERVE else AccountKind.BUDGET
    against = ledger.account_of(wish.period, kind)
    return [
        Entry(MovementKind.ADJUST, against, one.account, one.change)
        if one.change > 0
        else Entry(MovementKind.ADJUST, one.account, against, -one.change)
        for one in sorted(found.changed, key=lambda one: one.account.pk)
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """One movement of a modulation that was applied, as its account saw it."""

    movement: Movement
    account: Account
    name: str
    change: Decimal


def written(modulation: Modulation) -> list[Written]:
    """The movements of an applied modulation, by the name of the account that changed."""
    moved = Movement.objects.filter(deed=modulation.deed).select_related(
        "from_account__period__sensor", "to_account__period__sensor"
    )
    kind = AccountKind.BUDGET if modulation.aim == Aim.BUDGET else AccountKind.ALLOTMENT
    found = []
    for movement in moved:
        gives = movement.from_account.kind == kind
        account = movement.from_account if gives else movement.to_account
        found.append((movement, account, -movement.amount if gives else movement.amount))
    names = quota.names([account for _movement, account, _change in found])
    rows = [
        Written(movement, account, names[account.pk], change) for movement, account, change in found
    ]
    return sorted(rows, key=lambda one: (one.name.casefold(), one.account.pk))


def _of_budget(wish: Wish, budget: Row, rows: list[Row]) -> Decimal:
    total = _total(wish, sum((row.granted for row in rows), ZERO))
    if -total > budget.free:
        raise CutTooDeep(available=budget.free, required=-total, unit=wish.period.unit)
    return total


def _of_allotments(wish: Wish, rows: list[Row], against: Row) -> tuple[Decimal, dict[int, Decimal]]:
    total = _total(wish, sum((row.granted for row in rows), ZERO))
    weigh = _WEIGHTS[wish.rule, total > 0]
    bound = against.free if total > 0 else ZERO
    parts = [Part(row.account.pk, *weigh(row, wish.floor or ZERO, bound)) for row in rows]
    most = min(largest(parts), bound) if total > 0 else largest(parts)
    unit = wish.period.unit
    if total > most:
        raise QuotaTooSmall(available=most, required=total, unit=unit)
    if -total > most:
        raise CutTooDeep(available=most, required=-total, unit=unit)
    shares = spread(abs(total), parts, step=_STEP[unit])
    return total, {pk: share if total > 0 else -share for pk, share in shares.items()}


# (rule, whether it rises) → what an allotment weighs and takes at most, of a row, the floor, and what
# there is to give.
_Weigh = Callable[[Row, Decimal, Decimal], tuple[Decimal, Decimal]]
_WEIGHTS: dict[tuple[str, bool], _Weigh] = {
    (SpreadRule.PRO_RATA, False): lambda row, floor, bound: (row.granted, row.free),
    (SpreadRule.PRO_RATA, True): lambda row, floor, bound: (row.granted, bound),
    (SpreadRule.BY_USE, False): lambda row, floor, bound: (row.free, row.free),
    (SpreadRule.BY_USE, True): lambda row, floor, bound: (row.held + row.consumed, bound),
    (SpreadRule.FLOOR, False): lambda row, floor, bound: (
        row.granted,
        max(ZERO, min(row.free, row.granted - floor)),
    ),
    (SpreadRule.FLOOR, True): lambda row, floor, bound: (
        max(ZERO, floor - row.granted),
        max(ZERO, floor - row.granted),
    ),
}


def _total(wish: Wish, size: Decimal) -> Decimal:
    """What is asked, signed, in whole steps; a share is taken of the size and rounded down."""
    step = _STEP[wish.period.unit]
    if wish.share is not None:
        part = abs(size * wish.share / 100)
        total = (part / step).to_integral_value(ROUND_DOWN) * step
        total = -total if wish.share < 0 else total
    else:
        total = ledger.in_unit(abs(wish.amount), wish.period.unit)
        total = -total if wish.amount < 0 else total
    if not total:
        raise Invalid("nothing_moves", _("This comes to nothing: no quota would move."))
    return total


def _changes(period: Period, rows: list[Row], shares: dict[int, Decimal]) -> list[Change]:
    names = quota.names([row.account for row in rows])
    under_way, waiting = _under_way(period), _waiting(period)
    changes = []
    for row in rows:
        change, key = shares[row.account.pk], row.account.owner_key
        is_theirs = row.account.owner_kind == OwnerKind.ORGANISATION
        asked = waiting.get(key, ()) if is_theirs else ()
        changes.append(
            Change(
                account=row.account,
                name=names[row.account.pk],
                before=row.granted,
                change=change,
                free=row.free,
                held=row.held,
                consumed=row.consumed,
                under_way=under_way.get(key, 0) if is_theirs else 0,
                touched=sum(row.free + change < units <= row.free for units in asked),
            )
        )
    return sorted(changes, key=lambda one: (one.name.casefold(), one.account.pk))


def _under_way(period: Period) -> dict[str, int]:
    """Organisation → its lines of the sensor that hold quota: nothing happens to them."""
    lines = Line.objects.filter(sensor=period.sensor_id, money="held").order_by()
    counted = lines.values("order__organisation").annotate(count=Count("pk"))
    return {str(one["order__organisation"]): one["count"] for one in counted}


def _waiting(period: Period) -> dict[str, list[Decimal]]:
    """Organisation → the units of each draft and open quote of the sensor that holds nothing yet."""
    quotes = Quote.objects.filter(
        sensor=period.sensor_id, quota_units__gt=0, expires_at__gt=timezone.now()
    )
    unsent = quotes.filter(line=None) | quotes.filter(line__approval=Approval.DRAFT)
    found: dict[str, list[Decimal]] = {}
    for organisation, units in unsent.order_by("pk").values_list("organisation", "quota_units"):
        found.setdefault(str(organisation), []).append(units)
    return found


def _digest(total: Decimal, changes: list[Change], sides: tuple[Side, ...]) -> str:
    """Over every figure that decides: what moves, from where, and what is at work there."""
    said = [str(total), *(f"{side.before} {side.after}" for side in sides)]
    said += [
        f"{one.account.pk} {one.before} {one.change} {one.held} {one.consumed}"
        for one in sorted(changes, key=lambda one: one.account.pk)
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
