"""The prices of orders and the rights to download say what the table of entitlements says."""

from itertools import product

import pytest

from accounts.eligibility import Category
from accounts.entitlements import TABLE, Payer, Sensor
from catalogue.rights import category_may_download
from orders.pricing.terms import Case
from orders.pricing.words import PRICED, Kind, Mode, Place, Reach, Terms
from orders.services.rules.rules import version_in_force

TERMS = {
    Payer.SCHEME: {Terms.QUOTA, Terms.FREE},  # free within its means where nothing is counted
    Payer.ITSELF: PRICED,
    Payer.PARTNER: {Terms.REFUSED},  # the partner orders, under its own category
    Payer.NOBODY: {Terms.REFUSED},
}


def payer(category: str, sensor: str) -> str:
    """The best that a category has of a sensor, wherever it is established and whatever for."""
    cells = [cell for key, cell in TABLE.items() if (key[0], key[3]) == (category, sensor)]
    return next((cell.payer for cell in cells if cell.eligible), Payer.NOBODY)


@pytest.mark.django_db
def test_every_price_row_agrees_with_who_pays():
    rules = version_in_force().rules
    for category, sensor, kind, place, mode in product(Category, Sensor, Kind, Place, Mode):
        case = Case(category, sensor, kind, place, mode, Reach.WITHIN)
        assert rules.row(case).terms in TERMS[payer(category, sensor)], case


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("sensor", list(Sensor))
def test_what_may_be_downloaded_is_what_is_open(category, sensor):
    assert category_may_download(category, sensor) == (payer(category, sensor) != Payer.NOBODY)
