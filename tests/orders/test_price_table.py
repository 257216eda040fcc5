"""The price table: every case decided, the most specific row by a fixed rule, the history as sourced."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.eligibility import Category
from catalogue.models import Sensor
from dinamis.actors import Actor
from dinamis.errors import NotNow
from orders.models import RuleVersion
from orders.pricing.charge import Measure, Purse, SensorFacts, charge, in_euros
from orders.pricing.gaps import told
from orders.pricing.rules import gaps
from orders.pricing.terms import Case, TermRow, every_case, row_for, undecided
from orders.pricing.words import PRICED, Kind, Mode, Place, Reach
from orders.reference_rules import HISTORY
from orders.services.asking import quotes
from orders.services.asking.ceilings import ceilings_of
from orders.services.asking.wishes import Production
from orders.services.lines import lines
from orders.services.rules.rules import rules_in_force
from tests.orders import make

UNITS = {"pleiades": "km2", "spot67": "attempt"}
CODES = ("pleiades", "spot67")
DAYS = (date(2016, 6, 1), date(2019, 6, 1), date(2021, 12, 1), date(2026, 6, 1))
PLEIADES = SensorFacts("pleiades", "km2")


@pytest.mark.parametrize("edition", HISTORY, ids=lambda one: one.code)
def test_every_version_of_the_history_decides_every_combination(reference, edition):
    rules = RuleVersion.objects.get(code=edition.code).rules
    assert list(gaps(rules, sensors=UNITS, categories=Category.values)) == []
    cases = list(every_case(CODES, Category.values))
    assert len(cases) == 7 * 2 * 2 * 3 * 3 * 2
    for case in cases:
        row = rules.row(case)
        assert (row.eur_per_unit > 0) == (row.terms in PRICED)
    assert all(row.source for row in edition.prices)


# Category, service, reach → terms and euros for one km² of Pléiades: every figure of the domain sheet.
FIGURES = [
    (2016, "research", "production", "within", "cofunded", "1.00"),
    (2016, "research", "tasking", "within", "cofunded", "1.00"),
    (2016, "public_body", "production", "within", "dsp", "4.06"),
    (2016, "public_body", "tasking", "within", "dsp", "5.22"),
    (2019, "research", "production", "within", "quota", "0.00"),
    (2019, "public_body", "production", "beyond", "preferential", "1.40"),
    (2019, "research", "tasking", "beyond", "preferential", "1.80"),
    (2021, "research", "tasking", "within", "quota", "0.00"),
    (2021, "research", "production", "beyond", "cofunded", "1.00"),
    (2021, "public_body", "production", "beyond", "preferential", "1.40"),
    (2021, "european_scientist", "production", "within", "dsp", "4.06"),
    (2021, "european_scientist", "tasking", "beyond", "dsp", "5.22"),
    (2021, "foreign_scientist", "production", "within", "refused", "0.00"),
]


@pytest.mark.parametrize(("year", "category", "kind", "reach", "terms", "eur"), FIGURES)
def test_the_history_has_the_figures_of_the_sources(
    reference, year, category, kind, reach, terms, eur
):
    rules = rules_in_force(next(day for day in DAYS if day.year == year))
    row = rules.row(Case(category, "pleiades", kind, "elsewhere", "mono", reach))
    assert (row.terms, row.eur_per_unit) == (terms, Decimal(eur))


@pytest.mark.parametrize(
    ("day", "category", "mode", "terms", "units", "price"),
    [
        (DAYS[0], "research", "mono", "cofunded", 100, "100.00"),
        (DAYS[0], "public_body", "mono", "dsp", 100, "406.00"),
        (DAYS[0], "public_body", "stereo", "dsp", 200, "812.00"),
        (DAYS[1], "public_body", "mono", "quota", 100, "0.00"),
        (DAYS[2], "research", "mono", "quota", 100, "0.00"),
        (DAYS[2], "european_scientist", "mono", "dsp", 100, "406.00"),
    ],
)
def test_a_quote_of_the_past_says_what_the_sources_said_then(
    reference, day, category, mode, terms, units, price
):
    user = make.person("paula")
    make.attached(user, make.organisation("Body", category))
    scene = make.scene(stereo=mode)
    with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
        wish = Production(scene, make.square(63), mode)
        quote = quotes.make(wish, by=Actor.of(user))
    assert (quote.terms, quote.units, quote.price_eur) == (terms, units, Decimal(price))
    assert quote.rule_version.effective_from <= day


def test_what_no_source_gives_is_marked(reference):
    rows = RuleVersion.objects.get(code="2021-10").pricerow_rows
    assumed = set(rows.filter(is_assumed=True).values_list("terms", flat=True))
    assert assumed == {"cofunded", "preferential", "dsp"}
    assert not RuleVersion.objects.get(code="2016-05").pricerow_rows.filter(is_assumed=True)


def test_a_contributor_s_offers_are_those_of_2021(reference):
    offers = rules_in_force(date(2021, 12, 1)).offers
    assert [(o.eur, o.attempts, o.about_km2) for o in offers] == [
        (20_000, 20, 70_000),
        (50_000, 50, 180_000),
    ]
    assert rules_in_force(date(2019, 6, 1)).offers == ()


def row(*match: str, terms: str = "quota", eur: str = "0.00", more: str = "0.00") -> TermRow:
    return TermRow(match, terms, Decimal(eur), Decimal(more))


CASE = Case("research", "pleiades", "tasking", "station", "stereo", "beyond")


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (("research", "", "", "", "", ""), ("", "pleiades", "tasking", "station", "stereo", "")),
        (("", "pleiades", "", "", "", ""), ("", "", "tasking", "station", "stereo", "beyond")),
        (("", "", "tasking", "", "", ""), ("", "", "", "station", "stereo", "beyond")),
        (("", "", "", "station", "", ""), ("", "", "", "", "stereo", "beyond")),
        (("", "", "", "", "stereo", ""), ("", "", "", "", "", "beyond")),
        (("research", "", "", "", "", "beyond"), ("research", "", "", "", "", "")),
        (("", "", "", "", "", "beyond"), ("", "", "", "", "", "")),
    ],
)
def test_the_row_that_names_the_weightier_dimension_wins(winner, loser):
    rows = [row(*loser), row(*winner, terms="free")]
    assert row_for(rows, CASE).terms == row_for(rows[::-1], CASE).terms == "free"


words = st.sampled_from
match = st.tuples(
    words(["", "research", "public_body"]),
    words(["", *CODES]),
    words(["", *Kind.values]),
    words(["", *Place.values]),
    words(["", *Mode.values]),
    words(["", *Reach.values]),
)


@given(st.lists(match, unique=True, max_size=12))
def test_one_row_holds_whatever_the_order_of_the_rows(matches):
    rows = [row(*one) for one in matches]
    found = row_for(rows, CASE)
    assert found == row_for(rows[::-1], CASE)
    rivals = [one for one in rows if one.holds_for(CASE.values())]
    assert (found is None) == (not rivals)
    assert len({one.weight for one in rivals}) == len(rivals)


def test_what_is_undecided_is_put_together_and_said_in_words():
    rows = [row("", "pleiades", "", "", "", ""), row("", "spot67", "production", "", "", "")]
    missing = undecided(rows, sensors=CODES, categories=Category.values)
    assert missing == [("", "spot67", "tasking", "", "", "")]
    with translation.override("en"):
        assert told([("price", missing[0])]) == ["the price: spot67, Tasking"]


def test_a_service_counted_in_a_unit_its_quota_has_not_is_a_gap(reference):
    rules = rules_in_force()
    attempts = UNITS | {"pleiades": "attempt"}
    found = list(gaps(rules, sensors=attempts, categories=Category.values))
    assert found == [("unit_of_quota", ("pleiades", kind)) for kind in sorted(Kind.values)]


def measure(km2: Decimal, **more) -> Measure:
    facts = {"kind": "tasking", "sensor": PLEIADES, "category": "research", "mode": "mono"}
    return Measure(**(facts | more), asked_km2=km2, served_km2=km2)


km2 = st.decimals("0.01", "5000", places=2)
euros = st.decimals("0", "20", places=2)


class TestShares:
    """With the rules in force, read once for many examples."""

    @pytest.fixture(autouse=True)
    def rules(self, reference):
        type(self).found = rules_in_force()

    def test_shares_make_the_charge_and_never_fall_below_the_minimum(self):
        @given(km2, km2, st.sampled_from(Category.values[:6]), st.sampled_from(Mode.values))
        def check(area, balance, category, mode):
            asked = measure(area, category=category, mode=mode)
            found = charge(asked, self.found, Purse(balance, beyond=True))
            assert found.quota_units + found.paid_units + found.means_units == found.units
            assert min(found.quota_units, found.paid_units, found.means_units) >= 0
            assert found.units >= found.least_units >= 100
            assert min(found.price_eur, found.cofunded_eur) >= 0
            assert found.quota_units <= balance or not found.paid_units

        check()

    def test_a_larger_area_never_costs_less(self):
        @given(km2, km2, km2)
        def check(one, other, balance):
            smaller, larger = (
                charge(measure(area), self.found, Purse(balance, beyond=True))
                for area in sorted((one, other))
            )
            assert smaller.units <= larger.units
            assert smaller.price_eur <= larger.price_eur

        check()


@given(km2, euros, euros)
def test_the_co_funder_takes_what_rounding_leaves(units, eur, more):
    found = in_euros(units, row(*[""] * 6, terms="cofunded", eur=str(eur), more=str(more)))
    whole = (units * (eur + more)).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    assert found["price_eur"] + found["cofunded_eur"] == whole
    assert min(found.values()) >= 0


def test_half_a_cent_is_rounded_up():
    found = in_euros(Decimal("0.50"), row(*[""] * 6, terms="dsp", eur="4.01"))
    assert found == {"price_eur": Decimal("2.01"), "cofunded_eur": Decimal("0.00")}


@pytest.mark.parametrize(
    ("scope", "second"), [("order", True), ("person", False), ("organisation", False)]
)
def test_a_ceiling_refuses_what_passes_it_and_holds_nothing(researcher, year, scope, second):
    version = RuleVersion.objects.get(code="2026-01")
    sensor = Sensor.objects.get(code="pleiades")
    make.ceiling(version, scope=scope, sensor=sensor, most=250)
    first = make.placed(researcher, make.quote(researcher, km2=150))
    assert first.approval == "submitted"
    if second:
        assert make.placed(researcher, make.quote(researcher, km2=150)).approval == "submitted"
        return
    quote = make.quote(researcher, km2=150)
    assert f"over_ceiling_{scope}" in {step["id"] for step in quote.explained}
    draft = make.draft(researcher, quote).lines.get()
    with pytest.raises(NotNow) as refused:
        lines.submit(draft, by=Actor.of(researcher))
    assert refused.value.code == "over_ceiling"
    assert refused.value.details["most"] == "250.00"
    draft.refresh_from_db()
    assert (draft.approval, draft.money) == ("draft", "none")


def test_the_ceiling_that_names_the_category_is_the_one_that_counts(reference):
    version = RuleVersion.objects.get(code="2026-01")
    sensor = Sensor.objects.get(code="pleiades")
    make.ceiling(version, scope="person", sensor=sensor, most=250)
    make.ceiling(version, scope="person", sensor=sensor, most=900, category="research")
    rules = RuleVersion.objects.get(code="2026-01").rules
    assert [c.most for c in ceilings_of(rules, sensor="pleiades", category="research")] == [900]
    assert [c.most for c in ceilings_of(rules, sensor="pleiades", category="association")] == [250]
