"""From the chance of one attempt, itself uncertain, to the chance of the whole: beta-binomial figures.

The chance of one attempt is Beta(a, b): the climate table first, worth some attempts, then every
attempt of the record. What is left is the chance that at least one of n attempts succeeds, the
uncertainty averaged out, which is lower than with the same chance known for sure.
"""

import math
from dataclasses import dataclass

from orders.odds.clouds import beta_cdf, log_beta


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of one attempt: so many successes and failures, fractions allowed."""

    successes: float
    failures: float

    @property
    def mean(self) -> float:
        return self.successes / (self.successes + self.failures)

    def quantile(self, share: float) -> float:
        """The chance below which a share of the belief lies: by halving, to a hundred-thousandth."""
        low, high = 0.0, 1.0
        for _round in range(17):
            middle = (low + high) / 2
            if beta_cdf(middle, self.successes, self.failures) < share:
                low = middle
            else:
                high = middle
        return (low + high) / 2


def believed(prior: float, *, weight: float, made: int = 0, clear: int = 0) -> Belief:
    """A prior chance worth `weight` attempts, then `clear` of `made` attempts of the record."""
    prior = min(max(prior, 0.001), 0.999)
    return Belief(prior * weight + clear, (1 - prior) * weight + made - clear)


def at_least_one(belief: Belief, attempts: float) -> float:
    """P(one of n attempts succeeds) = 1 − B(a, b + n) / B(a, b); n may be a mean, not whole."""
    if attempts <= 0:
        return 0.0
    a, b = belief.successes, belief.failures
    return 1 - math.exp(log_beta(a, b + attempts) - log_beta(a, b))


def of_all(belief: Belief, attempts: float, strips: int) -> float:
    """P(every strip succeeds) when the attempts are shared evenly among them."""
    return at_least_one(belief, attempts / strips) ** strips


def known(chance: float, attempts: float, strips: int = 1) -> float:
    """The same with a chance that is known for sure: what the range of the answer is made of."""
    if attempts <= 0:
        return 0.0
    chance = min(max(chance, 0.0), 1.0)
    return (1 - (1 - chance) ** (attempts / strips)) ** strips


def likely_attempts(belief: Belief, attempts: float, strips: int) -> float:
    """How many attempts are made in the mean until all strips are clear, or none is left.

    Σ P(not yet done before attempt k), over the attempts there are; the last may be a fraction.
    """
    whole = int(attempts)
    total = sum(1 - of_all(belief, made, strips) for made in range(whole))
    return total + (attempts - whole) * (1 - of_all(belief, whole, strips))
