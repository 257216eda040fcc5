"""A total shared out by weight, nobody above a limit, to the last hundredth: exact, and the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One that takes part: `weight` says how much of the total, `most` how much at most."""

    key: int
    weight: Decimal
    most: Decimal


def largest(parts: Sequence[Part]) -> Decimal:
    """Return the largest total that these parts can share."""
    return sum((part.most for part in parts if part.weight > 0), Decimal(0))


def spread(total: Decimal, parts: Sequence[Part], *, step: Decimal) -> dict[int, Decimal]:
    """Return what each part takes, in whole steps (0.01 km², one attempt), summing to the total.

    Who would get more than its most gets that, and the others share what is left by their weights.
    What rounding leaves over goes step by step to the largest remainders, the smaller key first.
    Raises ValueError when the total is more than `largest`.
    """
    left = _steps(total, step)
    sharing = [
        (part.key, _steps(part.weight, step), _steps(part.most, step))
        for part in parts
        if part.weight > 0
    ]
    taken = {part.key: 0 for part in parts}
    # Whoever reaches the limit first is looked at first: once one does not, nobody after it does.
    sharing.sort(key=lambda one: (Decimal(one[2]) / one[1] if one[1] else 0, one[0]))
    weights = sum(weight for _key, weight, _most in sharing)
    while sharing and left * sharing[0][1] >= sharing[0][2] * weights:
        key, weight, most = sharing.pop(0)
        taken[key] = most
        left -= most
        weights -= weight
    if left and not sharing:
        raise ValueError("more than the parts can share")
    remainders = []
    for key, weight, _most in sharing:
        taken[key], remainder = divmod(left * weight, weights)
        remainders.append((-remainder, key))
    over = left - sum(taken[key] for key, _weight, _most in sharing)
    for _remainder, key in sorted(remainders)[:over]:
        taken[key] += 1
    return {key: steps * step for key, steps in taken.items()}


def _steps(amount: Decimal, step: Decimal) -> int:
    return int(amount / step)
