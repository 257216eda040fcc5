"""A total shared by weight: to the last hundredth, nobody above a limit, by hand and by chance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.ledger.spread import Part, largest, spread

CENT = Decimal("0.01")


def part(key: int, weight: str, most: str) -> Part:
    return Part(key, Decimal(weight), Decimal(most))


def test_a_total_is_shared_by_weight():
    shares = spread(Decimal(100), [part(1, "100", "999"), part(2, "300", "999")], step=CENT)
    assert shares == {1: 25, 2: 75}


def test_who_reaches_the_limit_gives_that_and_the_others_give_the_rest():
    parts = [part(1, "100", "10"), part(2, "100", "90"), part(3, "200", "200")]
    assert spread(Decimal(100), parts, step=CENT) == {1: 10, 2: 30, 3: 60}


def test_what_rounding_leaves_over_goes_to_the_largest_remainders():
    parts = [part(key, "1", "99") for key in (1, 2, 3)]
    assert spread(Decimal("0.05"), parts, step=CENT) == {
        1: Decimal("0.02"),
        2: Decimal("0.02"),
        3: Decimal("0.01"),
    }
    assert spread(Decimal(5), parts, step=Decimal(1)) == {1: 2, 2: 2, 3: 1}


def test_who_weighs_nothing_takes_nothing():
    parts = [part(1, "0", "50"), part(2, "5", "50")]
    assert largest(parts) == 50
    assert spread(Decimal(50), parts, step=CENT) == {1: 0, 2: 50}
    with pytest.raises(ValueError, match="more than"):
        spread(Decimal("50.01"), parts, step=CENT)


amounts = st.decimals(0, 10_000, places=2)


@given(st.lists(st.tuples(amounts, amounts), max_size=12), st.integers(0, 1000))
def test_whatever_the_parts_the_shares_sum_to_the_total_and_keep_to_the_limits(pairs, thousandths):
    parts = [Part(key, weight, most) for key, (weight, most) in enumerate(pairs)]
    total = (largest(parts) * thousandths / 1000).quantize(CENT, "ROUND_DOWN")
    shares = spread(total, parts, step=CENT)
    assert sum(shares.values()) == total
    assert all(0 <= shares[one.key] <= one.most for one in parts)
    # By weight: who weighs more never takes less, unless stopped by the own limit.
    for one in parts:
        for other in parts:
            if one.weight > other.weight and shares[one.key] < shares[other.key] - CENT:
                assert shares[one.key] == one.most
