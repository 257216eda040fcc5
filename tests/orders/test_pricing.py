"""Rules as tables: complete, exact, explained."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.eligibility import Category
from dinamis.errors import NotNow
from orders import reference
from orders.models import RuleVersion
from orders.pricing.charge import Measure, SensorFacts, captured, charge
from orders.pricing.explain import MESSAGES, read
from orders.pricing.rules import gaps
from orders.pricing.words import PRICED, Kind, Mode, Terms
from orders.services.rules.rules import rules_in_force

PLEIADES = SensorFacts("pleiades", "km2")
SPOT = SensorFacts("spot67", "attempt", Decimal(3600))
UNITS = {"pleiades": "km2", "spot67": "attempt"}


def measure(**more) -> Measure:
    facts = {
        "kind": Kind.PRODUCTION,
        "sensor": PLEIADES,
        "category": "research",
        "mode": Mode.MONO,
        "asked_km2": Decimal("63.40"),
        "served_km2": Decimal("63.40"),
    }
    return Measure(**(facts | more))


@pytest.mark.usefixtures("reference")
def test_the_first_version_decides_every_case():
    rules = rules_in_force(date(2026, 6, 1))
    assert list(gaps(rules, sensors=UNITS, categories=Category.values)) == []


@pytest.mark.usefixtures("reference")
def test_every_combination_is_priced_and_every_step_has_words():
    rules = rules_in_force(date(2026, 6, 1))
    every = product(Category.values, [PLEIADES, SPOT], Kind.values, Mode.values)
    for category, sensor, kind, mode in every:
        asked = measure(category=category, sensor=sensor, kind=kind, mode=mode, tries=2)
        priced = charge(asked, rules)
        assert priced.units >= priced.least_units > 0
        assert (priced.price_eur > 0) == (priced.terms in PRICED)
        assert {step.id for step in priced.steps} <= set(MESSAGES)
        assert read([step.stored() for step in priced.steps])


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("category", "sensor", "kind", "terms", "eur"),
    [
        ("research", PLEIADES, Kind.PRODUCTION, Terms.QUOTA, "0.00"),
        ("public_body", SPOT, Kind.TASKING, Terms.QUOTA, "0.00"),
        ("european_scientist", PLEIADES, Kind.PRODUCTION, Terms.DSP, "406.00"),
        ("european_scientist", PLEIADES, Kind.TASKING, Terms.DSP, "522.00"),
        ("european_scientist", SPOT, Kind.PRODUCTION, Terms.REFUSED, "0.00"),
        ("foreign_scientist", PLEIADES, Kind.PRODUCTION, Terms.REFUSED, "0.00"),
    ],
)
def test_each_category_has_the_terms_of_its_row(category, sensor, kind, terms, eur):
    priced = charge(measure(category=category, sensor=sensor, kind=kind), rules_in_force())
    assert (priced.terms, priced.price_eur) == (terms, Decimal(eur))


@pytest.mark.usefixtures("reference")
def test_a_small_area_is_raised_to_the_minimum_and_told_why():
    priced = charge(measure(), rules_in_force())
    assert (priced.units, priced.least_units) == (Decimal("100.00"), Decimal("100.00"))
    with translation.override("en"):
        rows = {row.id: row for row in read([step.stored() for step in priced.steps])}
    assert rows["area_asked"].amount == "63.4\u00a0km²"
    assert rows["raised_to_minimum"].amount == "+ 36.6\u00a0km²"
    assert "63.4\u00a0km² are raised to 100\u00a0km²" in rows["raised_to_minimum"].why
    assert "2026-01" in rows["raised_to_minimum"].why
    assert rows["counted"].is_total


@pytest.mark.usefixtures("reference")
def test_a_large_area_counts_as_it_is():
    asked = measure(asked_km2=Decimal("150.25"), served_km2=Decimal("150.25"))
    priced = charge(asked, rules_in_force())
    assert (priced.units, priced.least_units) == (Decimal("150.25"), Decimal("100.00"))
    assert "raised_to_minimum" not in {step.id for step in priced.steps}


@pytest.mark.usefixtures("reference")
def test_the_part_outside_the_scene_is_not_counted():
    asked = measure(asked_km2=Decimal("300.00"), served_km2=Decimal("180.00"))
    priced = charge(asked, rules_in_force())
    assert priced.units == Decimal("180.00")
    assert {step.id: step.amount for step in priced.steps}["clipped_to_scene"] == Decimal("-120.00")


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(("mode", "units"), [("mono", 100), ("stereo", 200), ("tri_stereo", 300)])
def test_stereo_counts_double_and_a_triplet_three_times(mode, units):
    priced = charge(measure(mode=mode), rules_in_force())
    assert (priced.units, priced.least_units) == (units, units)


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("km2", "mode", "tries", "units", "per_try"),
    [
        ("10", "mono", 3, 3, 1),
        ("3600", "mono", 1, 1, 1),
        ("3600.01", "mono", 2, 4, 2),
        ("9000", "stereo", 3, 18, 6),
    ],
)
def test_spot_tasking_holds_scene_equivalents_times_mode_times_tries(
    km2, mode, tries, units, per_try
):
    asked = measure(
        kind=Kind.TASKING,
        sensor=SPOT,
        mode=mode,
        tries=tries,
        asked_km2=Decimal(km2),
        served_km2=Decimal(km2),
    )
    priced = charge(asked, rules_in_force())
    assert (priced.units, priced.units_per_try) == (units, per_try)
    assert priced.unit == "attempt"


@pytest.mark.usefixtures("reference")
def test_pleiades_tasking_counts_km2_however_often_it_tries():
    priced = charge(measure(kind=Kind.TASKING, tries=5), rules_in_force())
    assert (priced.units, priced.units_per_try) == (Decimal("100.00"), None)


amounts = st.decimals("0", "5000", places=2)


@given(delivered=amounts, held=st.decimals("100", "5000", places=2))
def test_captured_is_the_delivered_part_between_minimum_and_hold(delivered, held):
    counted = captured(delivered, held=held, least_units=Decimal(100), sensor=PLEIADES, factor=1)
    assert counted == max(Decimal(100), min(held, delivered))
    assert Decimal(100) <= counted <= held


@given(delivered=amounts, held=st.integers(1, 40), factor=st.integers(1, 3))
def test_captured_attempts_are_whole_and_never_more_than_held(delivered, held, factor):
    counted = captured(
        delivered, held=Decimal(held), least_units=Decimal(factor), sensor=SPOT, factor=factor
    )
    assert counted == counted.to_integral_value()
    assert 0 < counted <= held


@pytest.mark.parametrize(
    ("delivered", "held", "expected"),
    [("180", "250", "180"), ("60", "250", "100"), ("400", "250", "250"), ("63.4", "100", "100")],
)
def test_captured_by_example(delivered, held, expected):
    counted = captured(
        Decimal(delivered),
        held=Decimal(held),
        least_units=Decimal(100),
        sensor=PLEIADES,
        factor=1,
    )
    assert counted == Decimal(expected)


@pytest.mark.usefixtures("reference")
def test_before_the_first_version_nothing_is_priced():
    with pytest.raises(NotNow) as refused:
        rules_in_force(date(2016, 5, 16))
    assert refused.value.code == "no_rules_in_force"


@pytest.mark.usefixtures("reference")
def test_loading_the_reference_again_changes_nothing():
    before = [version.rules for version in RuleVersion.objects.all()]
    reference.load()
    assert [version.rules for version in RuleVersion.objects.all()] == before
