"""Image identifiers, as Airbus writes them and as people paste them."""

from datetime import UTC, datetime

import pytest

from catalogue.dimap import identifiers
from dinamis.errors import Invalid

DECK = "DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01426"
DECK_TOO = "DS_PHR1B_201312011402555_FR1_PX_W053N04_0922_01804"
SPOT = "DS_SPOT6_202012141415240_FR1_FR1_SV1_SV1_W070S34_03414"


def test_the_decks_pleiades_identifier_says_satellite_instant_and_cell():
    read = identifiers.parse(DECK)
    assert read.text == DECK
    assert read.platform == "PHR1A"
    assert read.family == "pleiades"
    assert read.acquired_at == datetime(2019, 10, 28, 14, 10, 11, 900_000, tzinfo=UTC)
    assert read.stations == ("FR1",)
    assert read.combination == "PX"
    assert read.cell == (-53, 4)
    assert read.counters == ("0922", "01426")


def test_the_date_comes_from_the_identifier_not_from_a_displayed_one():
    at = identifiers.parse(DECK_TOO).acquired_at
    assert at == datetime(2013, 12, 1, 14, 2, 55, 500_000, tzinfo=UTC)


def test_the_place_inside_the_cell_is_near_the_decks_centre():
    lon, lat = identifiers.parse(DECK_TOO).place
    assert abs(lon - -52.294848738901337) < 0.05
    assert abs(lat - 4.8920860973005116) < 0.03


def test_a_spot_identifier_has_four_stations_and_one_counter():
    read = identifiers.parse(SPOT)
    assert (read.platform, read.family) == ("SPOT6", "spot67")
    assert read.stations == ("FR1", "FR1", "SV1", "SV1")
    assert read.cell == (-70, -34)
    assert read.counters == ("03414",)
    assert read.place is None


def test_pleiades_neo_comes_in_two_forms():
    long = identifiers.parse("DS_PNEO4_201704121106009_PS1_FR1_FR1_E005N46_004192")
    assert long.acquired_at == datetime(2017, 4, 12, 11, 6, 0, 900_000, tzinfo=UTC)
    assert long.cell == (5, 46)
    short = identifiers.parse("acq_pneo3_02801606514388")
    assert (short.text, short.acquired_at) == ("ACQ_PNEO3_02801606514388", None)


@pytest.mark.parametrize(
    "written", [f"  {DECK} ", DECK.lower(), DECK.removeprefix("DS_"), f"\t{DECK[3:].lower()}\n"]
)
def test_prefix_case_and_blanks_do_not_matter(written):
    assert identifiers.parse(written) == identifiers.parse(DECK)
    assert identifiers.normalise(written) == DECK
    assert identifiers.variants(written) == (DECK, DECK[3:])


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("", "satellite"),
        ("hello", "satellite"),
        (DECK.replace("PHR1A", "PHR1C"), "satellite"),
        ("DS_PHR1A", "time"),
        (DECK.replace("201910281410119", "20191028141011"), "time"),
        (DECK.replace("201910281410119", "201913281410119"), "time"),
        (DECK.replace("201910281410119", "201910282510119"), "time"),
        (DECK.replace("W053N04", "053N04"), "cell"),
        (DECK.replace("W053N04", "W53N04"), "cell"),
        (DECK.replace("W053N04", "W190N04"), "cell"),
        (DECK.replace("W053N04", "W053N95"), "cell"),
        (DECK.replace("_FR1_PX", "_FR1"), "stations"),
        (SPOT.replace("_SV1_SV1", "_SV1"), "stations"),
        (DECK.replace("_01426", ""), "counters"),
        (DECK + "_1", "counters"),
        (DECK + "-F-O", "counters"),
        ("ACQ_PNEO3_12", "counters"),
        ("ACQ_PHR1A_02801606514388", "satellite"),
    ],
)
def test_a_malformed_identifier_is_refused_with_the_part_that_is_wrong(written, part):
    with pytest.raises(Invalid) as refused:
        identifiers.parse(written)
    assert refused.value.code == "identifier_malformed"
    assert refused.value.details["part"] == part


def test_a_long_identifier_is_not_repeated_whole_in_the_sentence():
    with pytest.raises(Invalid) as refused:
        identifiers.parse("x" * 10_000)
    assert len(str(refused.value.sentence)) < 200


def test_identifiers_are_found_in_the_names_of_folders():
    folder = f"Roslesinforg_AOI1_SO20194111-10-01_{DECK}-F-O and {SPOT}"
    assert identifiers.find(folder) == (DECK, SPOT)
    assert identifiers.find("IMG_PHR1A_PMS_001") == ()
