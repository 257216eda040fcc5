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
