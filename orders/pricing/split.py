"""A whole split by weights, exactly: to the hundredth of a km², or in whole attempts."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from orders.pricing.words import Unit


def split(whole: Decimal, weights: Sequence[Decimal], unit: str) -> list[Decimal]:
    """Shares in proportion to the weights that sum to the whole; what rounding leaves goes, a step each,
    to the largest weights first (of equal ones, to the first).
    """
    least = Decimal(1) if unit == Unit.ATTEMPT else Decimal("0.01")
    total = sum(weights, Decimal(0))
    if not weights or total <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("a whole is split by weights that make something")
    shares = [(whole * w / total / least).to_integral_value(ROUND_FLOOR) * least for w in weights]
    left = int((whole - sum(shares, Decimal(0))) / least)
    largest = sorted(range(len(weights)), key=lambda n: (-weights[n], n))
    for step in range(left):
        shares[largest[step % len(largest)]] += least
    return shares


def split_at_most(
    whole: Decimal, weights: Sequence[Decimal], most: Sequence[Decimal], unit: str
) -> list[Decimal]:
    """Split by weights, but give nobody more than its `most`: what one cannot take goes to the others.

    Raises ValueError when all of them together cannot take the whole.
    """
    if whole > sum(most, Decimal(0)):
        raise ValueError("a whole is split among those who can take it")
    shares = [Decimal(0)] * len(weights)
    free = list(range(len(weights)))
    while whole and free:
        parts = split(whole, [weights[n] for n in free], unit)
        over = [n for n, part in zip(free, parts, strict=True) if part > most[n]]
        if not over:
            over, taken = free, dict(zip(free, parts, strict=True))
        else:
            taken = {n: most[n] for n in over}
        for n, part in taken.items():
            shares[n] = part
            whole -= part
        free = [n for n in free if n not in over]
    return shares


def draw(units: Decimal, left: Sequence[Decimal]) -> list[Decimal]:
    """What whole attempts take from each share, one by one from whoever has most left (then the first).

    Never more than is left of them all.
    """
    remaining = list(left)
    for _attempt in range(int(min(units, sum(left, Decimal(0))))):
        richest = max(range(len(remaining)), key=lambda n: (remaining[n], -n))
        remaining[richest] -= 1
    return [before - after for before, after in zip(left, remaining, strict=True)]
