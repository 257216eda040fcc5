"""What a body may do with images: the whole table, and the cases the scheme is judged by."""

from itertools import product

import pytest
from django.utils import translation

from accounts.eligibility import Category, CountryGroup, Need, needs_of
from accounts.entitlements import TABLE, Payer, Purpose, Sensor, outcome, summary

FRENCH = {
    "public_body": {"mission", "research", "teaching"},
    "research": {"mission", "research", "teaching"},
    "association": {"mission", "research", "teaching"},
    "contractor": {"order"},
    "private_rd": {"own_rd"},
}
SCIENCE = {"research", "teaching"}


def expected(category: str, group: str, purpose: str, sensor: str) -> str:
    """Who pays, written down a second time, from the sources and not from the code."""
    if purpose in FRENCH.get(category, ()) and group == "france":
        return "scheme"
    if sensor == "pleiades" and purpose in SCIENCE:
        if (category, group) == ("european_scientist", "europe"):
            return "itself"
        if (category, group) == ("foreign_scientist", "world"):
            return "partner"
    return "nobody"


@pytest.mark.parametrize(
    "key", list(product(Category, CountryGroup, Purpose, Sensor)), ids="-".join
)
def test_every_cell_says_who_pays_and_explains_itself(key):
    found = TABLE[key]
    assert found.payer == expected(*key)
    assert found.eligible == (found.payer != Payer.NOBODY)
    assert str(found.why).endswith(".")
    assert bool(found.conditions) == found.eligible
    assert found.eligible or not found.opinions


def test_the_table_is_whole():
    assert len(TABLE) == len(Category) * len(CountryGroup) * len(Purpose) * len(Sensor) == 252


@pytest.mark.parametrize(
    ("category", "country", "purpose", "sensor", "opinions"),
    [
        ("research", "FR", "research", "pleiades", set()),
        ("private_rd", "FR", "own_rd", "pleiades", {"airbus"}),
        ("private_rd", "FR", "own_rd", "spot67", {"airbus"}),
        ("european_scientist", "PT", "research", "pleiades", {"cnes"}),
        ("european_scientist", "PT", "research", "spot67", set()),
        ("foreign_scientist", "SN", "research", "pleiades", {"cnes"}),
    ],
)
def test_whose_opinion_each_sensor_asks(category, country, purpose, sensor, opinions):
    assert outcome(category, country, purpose, sensor).opinions == opinions


def test_the_form_asks_each_category_only_what_it_needs():
    foreign = {Need.COUNTRY, Need.FRENCH_MEMBER}
    assert {category: set(needs_of(category)) for category in Category} == {
        "public_body": set(),
        "research": set(),
        "association": {Need.MISSION},
        "contractor": {Need.ORDER},
        "private_rd": set(),
        "european_scientist": foreign,
        "foreign_scientist": foreign | {Need.EUROPEAN_PARTNER},
    }


def test_a_summary_tells_of_both_sensors():
    with translation.override("en"):
        told = [(payer, str(why)) for _sensor, payer, why in summary("european_scientist", "PT")]
    assert [payer for payer, _why in told] == ["itself", "nobody"]
    assert told[1][1].startswith("SPOT 6-7 is for French bodies")
