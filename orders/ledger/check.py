"""The ledger checked from its first movement: every digest, seal, route, hold and balance, computed anew."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from orders.ledger.digests import digest_of, first_seal, next_seal
from orders.ledger.kinds import AccountKind, MovementKind, is_route
from orders.ledger.models import Account, Milestone, Movement
from orders.ledger.sums import ZERO


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was booked: a word for programs, and a sentence that names the row."""

    code: str
    sentence: str


@dataclass(slots=True)
class _Running:
    """An account as its movements make it."""

    row: Any
    seal: bytes
    balance: Decimal = ZERO
    movements: int = 0
    moved_at: datetime | None = None
    open_holds: Decimal = ZERO
    # kind → received, given, how many; and the milestones still ahead, first first.
    sums: dict[str, list[Any]] = field(default_factory=dict)
    ahead: list[tuple[datetime, dict[str, list[Any]]]] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What was examined and what is wrong."""

    movements: int = 0
    accounts: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, code: str, sentence: str) -> None:
        self.faults.append(Fault(code, sentence))


def faults() -> list[Fault]:
    """Return everything wrong in the ledger; an empty list when all balances."""
    return examine().faults


def examine() -> Report:
    """Walk the whole ledger in one picture of the database, so that bookings under way do not disturb."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _examined()


def _examined() -> Report:
    report = Report()
    running = {row.pk: _Running(row, first_seal(row)) for row in Account.objects.all()}
    report.accounts = len(running)
    for pk, ahead in _milestones().items():
        if pk in running:
            running[pk].ahead = ahead
    left: dict[int, Decimal] = {}
    purse_of: dict[int, int] = {}
    for movement in Movement.objects.in_order().iterator(chunk_size=2000):
        report.movements += 1
        _check_movement(report, movement, running)
        _follow_hold(report, movement, running, left, purse_of)
        for pk, change in (
            (movement.from_account_id, -movement.amount),
            (movement.to_account_id, movement.amount),
        ):
            if pk in running:
                _move(report, running[pk], movement, change)
    _check_accounts(report, running)
    return report


def _check_movement(report: Report, movement: Movement, running: dict[int, _Running]) -> None:
    name = f"movement {movement.pk} ({movement.key})"
    if bytes(movement.digest) != digest_of(movement):
        report.add("movement_changed", f"{name} is not what was booked: its digest differs")
    giver = running.get(movement.from_account_id)
    taker = running.get(movement.to_account_id)
    if giver is None or taker is None:
        report.add("account_missing", f"{name} names an account that is not there")
        return
    if giver.row.period_id != taker.row.period_id:
        report.add("period_left", f"{name} goes from one period to another")
    kinds = (movement.kind, giver.row.kind, taker.row.kind)
    if movement.kind not in MovementKind or not is_route(*kinds):
        report.add("no_such_route", f"{name}: {kinds[0]} cannot go from {kinds[1]} to {kinds[2]}")
    if movement.amount <= 0 or giver is taker:
        report.add("movement_moves_nothing", f"{name} moves {movement.amount} from {giver.row.pk}")


def _follow_hold(
    report: Report,
    movement: Movement,
    running: dict[int, _Running],
    left: dict[int, Decimal],
    purse_of: dict[int, int],
) -> None:
    """Keep what is left of every hold, and what the open holds of each line come to."""
    name = f"movement {movement.pk} ({movement.key})"
    if movement.kind == MovementKind.HOLD:
        left[movement.pk] = movement.amount
        purse_of[movement.pk] = movement.from_account_id
        if movement.to_account_id in running:
            running[movement.to_account_id].open_holds += movement.amount
    elif movement.hold_id is not None:
        if movement.hold_id not in left:
            report.add(
                "hold_missing", f"{name} settles hold {movement.hold_id}, which is not there"
            )
            return
        left[movement.hold_id] -= movement.amount
        if left[movement.hold_id] < 0:
            report.add(
                "hold_settled_twice", f"{name} settles more than hold {movement.hold_id} had"
            )
        if movement.from_account_id in running:
            running[movement.from_account_id].open_holds -= movement.amount
        returned = movement.kind == MovementKind.RELEASE
        if returned and movement.to_account_id != purse_of[movement.hold_id]:
            report.add("released_elsewhere", f"{name} does not return to the purse it came from")


def _milestones() -> dict[int, list[tuple[datetime, dict[str, list[Any]]]]]:
    """Account → its milestones in order, each with what it says of every kind."""
    found: defaultdict[int, dict[datetime, dict[str, list[Any]]]] = defaultdict(dict)
    for row in Milestone.objects.order_by("account", "at").iterator(chunk_size=2000):
        said = found[row.account_id].setdefault(row.at, {})
        said[row.kind] = [row.taken, row.given, row.count]
    return {account: list(instants.items()) for account, instants in found.items()}


def _pass_milestones(report: Report, account: _Running, until: datetime | None) -> None:
    """Compare the milestones that lie before an instant (all that are left, without one)."""
    while account.ahead and (until is None or account.ahead[0][0] < until):
        at, said = account.ahead.pop(0)
        if said != account.sums:
            report.add(
                "milestone_differs",
                f"account {account.row.pk} did not come to what its milestone of {at} says",
            )


def _move(report: Report, account: _Running, movement: Movement, change: Decimal) -> None:
    if account.ahead:
        _pass_milestones(report, account, movement.at)
    sums = account.sums.setdefault(movement.kind, [ZERO, ZERO, 0])
    sums[0 if change > 0 else 1] += movement.amount
    sums[2] += 1
    account.balance += change
    account.movements += 1
    account.moved_at = movement.at
    account.seal = next_seal(account.seal, bytes(movement.digest))


def _check_accounts(report: Report, running: dict[int, _Running]) -> None:
    sums: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    for account in running.values():
        _check_account(report, account)
        sums[account.row.period_id] += account.row.balance
    for period, amount in sums.items():
        if amount:
            report.add(
                "period_unbalanced", f"the balances of period {period} sum to {amount}, not 0"
            )


def _check_account(report: Report, account: _Running) -> None:
    row = account.row
    name = f"account {row.pk} ({row.kind} {row.owner_key or 'of the scheme'})"
    _pass_milestones(report, account, None)
    if row.balance != account.balance:
        report.add(
            "balance_differs", f"{name} says {row.balance}; its movements make {account.balance}"
        )
    if row.movements != account.movements:
        report.add(
            "movements_missing",
            f"{name} counts {row.movements} movements; {account.movements} stand",
        )
    if row.moved_at != account.moved_at:
        report.add(
            "last_movement_differs", f"{name} last moved at {account.moved_at}, not as it says"
        )
    if bytes(row.seal) != account.seal:
        report.add("seal_broken", f"{name} or its movements were changed: its seal does not fit")
    if account.balance < 0 and row.kind != AccountKind.SOURCE:
        report.add("overdrawn", f"{name} is below zero: {account.balance}")
    if row.kind == AccountKind.HELD and account.balance != account.open_holds:
        report.add(
            "held_without_hold",
            f"{name} holds {account.balance}; its open holds come to {account.open_holds}",
        )
