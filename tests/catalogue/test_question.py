"""The question in the address: every input limited, every fault told, nothing lost on the way back."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from catalogue.search import identifiers
from catalogue.search.cursor import Cursor
from catalogue.search.question import Availability, Sort, parse
from tests.catalogue.make import TODAY, question

WHOLE = (
    "words=spot+6%2C+pleiades&area=5f0d5a0e-8c7f-4a55-9d0c-1f2b0a4f9a11&from=2013-01-01&to=2026-11-30&cloud=20"
    "&incidence=30&sun=20&azimuth_from=90&resolution=0.5&sensor=pleiades&sensor=spot67"
    "&satellite=PHR1A&collection=pleiades&level=primary&level=ortho&bands=pms&stereo=1&have=download"
    "&purpose=coast&sort=newest"
)


def test_an_address_is_read_whole_and_written_back_the_same():
    asked = question(WHOLE)
    assert asked.query_string() == WHOLE
    assert asked.problems == {}
    assert (asked.starts_on, asked.ends_on) == (date(2013, 1, 1), date(2026, 11, 30))
    assert (asked.max_cloud, asked.stereo_only) == (20, True)
    assert asked.bounds == {"incidence": 30, "sun": 20, "azimuth_from": 90, "resolution": 0.5}
    assert asked.availability is Availability.DOWNLOAD
    assert (asked.levels, asked.bands) == (("primary", "ortho"), ("pms",))
    assert asked.terms == ("spot 6", "pleiades")
    assert asked.filters == 10


def test_what_is_to_be_produced_has_no_level_yet_and_that_is_said():
    asked = question("level=ortho&have=produce")
    assert (asked.levels, asked.availability) == (("ortho",), Availability.ANY)
    assert list(asked.problems) == ["have"]


def test_a_figure_is_written_with_a_comma_as_well():
    assert question("resolution=0,5").query_string() == "resolution=0.5"


def test_an_empty_address_asks_for_everything():
    asked = question("")
    assert asked.query_string() == ""
    assert asked.order is Sort.NEWEST


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("cloud=101", "cloud"),
        ("cloud=-1", "cloud"),
        ("cloud=1e3", "cloud"),
        ("cloud=²", "cloud"),
        ("incidence=61", "incidence"),
        ("along=-1", "along"),
        ("sun=nan", "sun"),
        ("resolution=0", "resolution"),
        ("resolution=1e1", "resolution"),
        ("from=2019-02-30", "from"),
        ("from=yesterday", "from"),
        ("from=1985-12-31", "from"),
        ("to=2999-01-01", "to"),
        ("area=not-a-key", "area"),
        ("have=steal", "have"),
        ("level=raw", "level"),
        ("bands=7", "bands"),
        ("sort=random", "sort"),
        ("after=x", "after"),
        ("after=n.0.99999999999999999999.1", "after"),
    ],
)
def test_what_is_wrong_is_left_out_and_told(query, name):
    asked = question(query)
    assert list(asked.problems) == [name]
    assert asked.query_string() == ""
    assert asked.after is None


def test_days_the_wrong_way_round_are_exchanged_and_that_is_said():
    asked = question("from=2020-05-01&to=2019-05-01")
    assert (asked.starts_on, asked.ends_on) == (date(2019, 5, 1), date(2020, 5, 1))
    assert "to" in asked.problems


def test_days_are_both_included():
    asked = question("from=2019-10-28&to=2019-10-28")
    assert asked.begins_at == datetime(2019, 10, 28, tzinfo=UTC)
    assert asked.ends_at == datetime(2019, 10, 29, tzinfo=UTC)


def test_codes_are_few_short_and_once():
    asked = question("&".join(f"sensor={number % 40}" for number in range(200)))
    assert len(asked.sensors) == 30
    assert question("sensor=" + "x" * 500).sensors == ("x" * 20,)


def test_identifiers_are_cut_however_they_come():
    text = "DS_PHR1A_1;ds_phr1a_1\n\n“PHR1B_2”, SPOT6_3|SPOT6_3"
    assert identifiers.split(text) == ("DS_PHR1A_1", "PHR1B_2", "SPOT6_3")


def test_a_thousand_identifiers_are_taken_and_one_more_is_told():
    assert len(question("q=" + "+".join(f"A_{n}" for n in range(1000))).identifiers) == 1000
    over = question("q=" + "+".join(f"A_{n}" for n in range(1001)))
    assert over.identifiers == ()
    assert "1000" in over.problems["q"]


def test_a_text_too_long_to_be_identifiers_is_told_and_not_read():
    given = QueryDict(mutable=True)
    given["q"] = "A" * 200_000
    assert "q" in parse(given, today=TODAY).problems


@pytest.mark.parametrize("useful", [None, 0, 734_512])
def test_a_cursor_says_its_place_to_the_microsecond(useful):
    cursor = Cursor(at=datetime(2019, 10, 28, 14, 10, 11, 900_001, tzinfo=UTC), pk=7, useful=useful)
    assert Cursor.read(str(cursor)) == cursor


def test_a_cursor_before_1970_is_still_a_place():
    cursor = Cursor(at=datetime(1960, 1, 1, tzinfo=UTC), pk=1)
    assert Cursor.read(str(cursor)) == cursor
