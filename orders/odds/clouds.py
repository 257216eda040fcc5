"""The chance that one image is clear enough, from the mean cloud of a month.

Over some tens of kilometres the sky is mostly clear or mostly covered: the share of cloud follows a
beta distribution with two humps, whose mean is the month's cloud and whose `sum_ab` says how sharp the
humps are (the smaller, the sharper).
"""

import math

_ROUNDS = 300
_TINY = 1e-30


def clear_enough(mean_cloud: float, ceiling: float, *, sum_ab: float) -> float:
    """P(cloud ≤ ceiling): both are shares, 0 to 1."""
    if ceiling >= 1:
        return 1.0
    mean = min(max(mean_cloud, 0.01), 0.99)
    return beta_cdf(ceiling, mean * sum_ab, (1 - mean) * sum_ab)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b): Lentz's continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    log_front = a * math.log(x) + b * math.log1p(-x) - log_beta(a, b)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _fraction(x, a, b) / a
    return 1 - math.exp(log_front) * _fraction(1 - x, b, a) / b


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, _away_from_zero(1 - (a + b) * x / (a + 1))
    d = 1 / d
    value = d
    for m in range(1, _ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
