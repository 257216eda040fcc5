"""From the chance of one attempt, itself uncertain, to the chance of the whole.

The chance of one attempt is Beta(a, b): the climate table first, worth some attempts, then every
attempt of the record. It differs from month to month, and attempts are made in the order of time: a
`Run` is so many attempts that share one belief. How wrong the beliefs are is one uncertainty for all
months (a place that is cloudier than its table is so all year): `u`, the share of a belief that lies
below, is the same for every run, and the answer is the mean over u. So a longer window, which adds
runs after those there are, never lowers a chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from orders.odds.clouds import beta_cdf

POINTS = 200  # of u: the mean over them is right to a thousandth
_GRID = np.sin(np.linspace(0, math.pi / 2, 257)) ** 2  # of chances, close where beliefs are steep
_SHARES = (np.arange(POINTS) + 0.5) / POINTS


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of one attempt: so many successes and failures, fractions allowed."""

    successes: float
    failures: float

    @property
    def mean(self) -> float:
        return self.successes / (self.successes + self.failures)

    def quantiles(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chances below which these shares of the belief lie, to some ten-thousandths."""
        return np.interp(shares, _distribution(self.successes, self.failures), _GRID)


@dataclass(frozen=True, slots=True)
class Run:
    """So many attempts in a row (a mean, not whole) of which the same is believed."""

    attempts: float
    belief: Belief


def believed(prior: float, *, weight: float, made: int = 0, clear: int = 0) -> Belief:
    """A prior chance worth `weight` attempts, then `clear` of `made` attempts of the record."""
    prior = min(max(prior, 0.001), 0.999)
    return Belief(prior * weight + clear, (1 - prior) * weight + made - clear)


def first(runs: Sequence[Run], attempts: float) -> list[Run]:
    """The first so many attempts of some runs."""
    taken, left = [], attempts
    for run in runs:
        if left <= 0:
            break
        taken.append(Run(min(run.attempts, left), run.belief))
        left -= run.attempts
    return taken


def of_all(runs: Sequence[Run], strips: int) -> float:
    """P(every strip has a clear attempt) when the attempts are shared evenly among the strips."""
    return float(known(runs, strips, _SHARES).mean())


def known(runs: Sequence[Run], strips: int, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for beliefs as good as these shares: as one time in ten, 0.1, and so on."""
    failing = np.zeros_like(shares)
    for run in runs:
        failing += (
            run.attempts / strips * np.log1p(-run.belief.quantiles(shares).clip(0, 1 - 1e-12))
        )
    return (1 - np.exp(failing)) ** strips


def one_of(runs: Sequence[Run]) -> float:
    """The chance of one attempt, in the mean of those that are made."""
    made = sum(run.attempts for run in runs)
    return sum(run.attempts * run.belief.mean for run in runs) / made


def likely_attempts(runs: Sequence[Run], strips: int) -> float:
    """How many attempts are made in the mean until all strips are clear, or none is left.

    Σ P(not yet done before attempt k), over the attempts there are; the last may be a fraction.
    """
    attempts = sum(run.attempts for run in runs)
    whole = int(attempts)
    total = sum(1 - of_all(first(runs, made), strips) for made in range(whole))
    return total + (attempts - whole) * (1 - of_all(first(runs, whole), strips))


@lru_cache(maxsize=512)
def _distribution(successes: float, failures: float) -> NDArray[np.float64]:
    """The belief's distribution function over the grid of chances."""
    return np.array([beta_cdf(float(x), successes, failures) for x in _GRID])
